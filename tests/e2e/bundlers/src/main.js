// What a site's own bundle does: starts nosale, and then what may only begin after it.

import { start } from "nosale";

window.nosaleStarted = start();
