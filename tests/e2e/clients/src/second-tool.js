/**
 * A consent tool for European visitors, made with the reference library: it owns `__gpp` from the
 * moment that it runs, and writes section 2. Whether it stands before nosale or comes later is the
 * page's matter. A script tag with `data-usca="1"` or `data-usca="2"` makes it write California's
 * section, too, with that value in each opt-out.
 *
 * `window.secondTool` is its inside, for the tests to look at and to let the visitor choose.
 */
import { CmpApi } from "@iabgpp/cmpapi";

const ID = 2;
const NAME = "tcfeuv2";

const tool = new CmpApi(31, 4);
tool.setSupportedAPIs([`${ID}:${NAME}`]);
tool.setApplicableSections([ID]);
tool.setFieldValue(NAME, "CmpId", 31);
tool.setFieldValue(NAME, "CmpVersion", 4);
tool.setFieldValue(NAME, "VendorListVersion", 48);
tool.setFieldValue(NAME, "VendorConsents", [2, 3, 755]);
tool.setFieldValue(NAME, "PublisherCountryCode", "DE");

const { usca } = document.currentScript.dataset;
if (usca !== undefined) {
  tool.setSupportedAPIs([`${ID}:${NAME}`, "8:usca"]);
  tool.setApplicableSections([ID, 8]);
  for (const field of ["SaleOptOutNotice", "SharingOptOutNotice", "SensitiveDataLimitUseNotice"]) {
    tool.setFieldValue("usca", field, 1);
  }
  for (const field of ["SaleOptOut", "SharingOptOut"]) {
    tool.setFieldValue("usca", field, Number(usca));
  }
  tool.setFieldValue("usca", "MspaCoveredTransaction", 2);
}

tool.setCmpStatus("loaded");
tool.setSignalStatus("ready");

window.secondTool = {
  /** Its section, as it writes it. */
  section: () => tool.getSectionString(NAME),

  /** What its own `__gpp` answers, whatever `window.__gpp` is by now. */
  ask(command, parameter) {
    let answer = [];
    tool.callResponder.apiCall(command, (...given) => (answer = given), parameter);
    return answer;
  },

  /** Its dialog opens, the visitor chooses these purposes, and it closes. */
  choose(purposes) {
    tool.setSignalStatus("not ready");
    tool.setCmpDisplayStatus("visible");
    const consents = Array.from({ length: 24 }, (_, index) => purposes.includes(index + 1));
    tool.setFieldValue(NAME, "PurposeConsents", consents);
    tool.setCmpDisplayStatus("hidden");
    tool.fireSectionChange(NAME);
    tool.setSignalStatus("ready");
  },
};
