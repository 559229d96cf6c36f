/**
 * Prebid as a publisher builds it: its core, the modules that read `__gpp` and `__uspapi` and deny
 * by what they read, an id of its own, and two bidders that take their address from the page.
 */
import pbjs from "prebid.js";
import "prebid.js/modules/consentManagementGpp";
import "prebid.js/modules/consentManagementUsp";
import "prebid.js/modules/gppControl_usnat";
import "prebid.js/modules/gppControl_usstates";
import "prebid.js/modules/userId";
import "prebid.js/modules/sharedIdSystem";
// Its requests are plain OpenRTB.
import "prebid.js/modules/sparteoBidAdapter";
// Its answers name the pixels that synchronize ids.
import "prebid.js/modules/amxBidAdapter";

pbjs.processQueue();
