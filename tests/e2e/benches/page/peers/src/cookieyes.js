import { initCookieYes } from "@cookieyes/core";
import { registerNetworkBlocker } from "@cookieyes/core/network-blocker";

registerNetworkBlocker();
Object.assign(window, { initCookieYes });
