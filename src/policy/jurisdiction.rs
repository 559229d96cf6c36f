//! The laws, as rows. Adding a state is adding a row and its test.

use super::{Purpose, Purposes};
use Purpose::{Profiling, Sale, SensitiveData, Sharing, TargetedAdvertising};

/// The law that applies to a visitor.
#[derive(Debug, PartialEq, Eq)]
pub struct Jurisdiction {
    /// `US-CA`, …; `US` for the national approach; `none`.
    pub code: &'static str,
    /// What the law lets a visitor opt out of.
    pub opt_out: Purposes,
    /// What the law permits only after an opt-in.
    pub opt_in: Purposes,
    /// Whether the law makes an opt-out preference signal binding.
    pub signal_binds: bool,
    /// Below this age, in years, data is used only after an opt-in.
    pub opt_in_below: u8,
    /// Below this age, in years, the visitor cannot opt in at all.
    pub no_opt_in_below: u8,
    /// Where the row comes from. Left out of the module that visitors load.
    #[cfg(not(target_arch = "wasm32"))]
    pub source: &'static str,
}

impl Jurisdiction {
    /// The national approach, which applies where the state is not known.
    pub fn national() -> &'static Jurisdiction {
        &JURISDICTIONS[0]
    }

    /// The row of that code. States of the US without a law of their own get the national row.
    pub fn from_code(code: &str) -> Option<&'static Jurisdiction> {
        let row = JURISDICTIONS.iter().find(|row| row.code == code);
        if row.is_some() {
            return row;
        }
        let state = code.strip_prefix("US-")?;
        let without_law =
            state.len() == 2 && STATES_WITHOUT_LAW.split(' ').any(|known| known == state);
        without_law.then(Jurisdiction::national)
    }
}

/// States, the District of Columbia and territories that have no row below.
const STATES_WITHOUT_LAW: &str = "AL AK AZ AR DC GA HI ID IL KS LA ME MA MI MS MO NV NM NY NC ND OH OK PA PR \
    SC SD VT WA WV WI WY AS GU MP VI";

const ADS_AND_PROFILING: Purposes = Purposes::of(&[Sale, TargetedAdvertising, Profiling]);
const ADS_AND_SENSITIVE: Purposes = Purposes::of(&[Sale, TargetedAdvertising, SensitiveData]);
const SENSITIVE: Purposes = Purposes::of(&[SensitiveData]);

const BINDS: bool = true;
const NO_DUTY: bool = false;

/// Every law known here: the national approach, California, then by date of the duty to honour signals, then the rest.
///
/// Ages: where a law sets no age of its own between 13 and 15, California's 16 is kept, so that a
/// known child is protected everywhere; below 13 the federal children's rule asks for a parent.
/// "UV" marks what could not be checked against the primary text.
pub static JURISDICTIONS: [Jurisdiction; 22] = [
    row(
        "US",
        Purposes::ALL,
        SENSITIVE,
        BINDS,
        (16, 13),
        "the national approach: the strictest common denominator of the rows below, ages as in California",
    ),
    row(
        "US-CA",
        Purposes::of(&[Sale, Sharing, TargetedAdvertising, SensitiveData]),
        Purposes::NONE,
        BINDS,
        (16, 13),
        "Civil Code 1798.120, 1798.121, 1798.135; 11 CCR 7025, 7070, 7071; targeted advertising is its \"sharing\"",
    ),
    row(
        "US-CO",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "CRS 6-1-1306(1)(a), 6-1-1308(7); rules 5.02 to 5.09, from 2024-07-01",
    ),
    row(
        "US-CT",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "Gen. Stat. 42-518, 42-520(e), from 2025-01-01; opt-in from 13 to 15 by GPP section usct",
    ),
    row(
        "US-TX",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "Bus. & Com. Code 541.051, 541.055(e), from 2025-01-01, if signals of another state are processed",
    ),
    row(
        "US-MT",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "MCA 30-14-2808, 30-14-2809, from 2025-01-01; opt-in from 13 to 15 by GPP section usmt",
    ),
    row(
        "US-NE",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "Rev. Stat. 87-1107, 87-1111(5), from 2025-01-01, on the Texan model",
    ),
    row(
        "US-NH",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "RSA 507-H:4, 507-H:6, from 2025-01-01; opt-in from 13 to 15 by GPP section usnh",
    ),
    row(
        "US-NJ",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (17, 13),
        "P.L. 2023 c. 266, from 2025-07-15; opt-in from 13 to 16 by GPP section usnj",
    ),
    row(
        "US-MN",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "Minn. Stat. 325M.14, from 2025-07-31",
    ),
    row(
        "US-MD",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (18, 18),
        "Com. Law 14-4707, from 2025-10-01; neither sale nor targeted advertising under 18 (UV)",
    ),
    row(
        "US-DE",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (18, 13),
        "6 Del. C. 12D-104, 12D-106(e), from 2026-01-01; opt-in from 13 to 17 by GPP section usde",
    ),
    row(
        "US-OR",
        ADS_AND_PROFILING,
        SENSITIVE,
        BINDS,
        (16, 13),
        "ORS 646A.574, 646A.578(5)(c), from 2026-01-01; opt-in from 13 to 15 by GPP section usor",
    ),
    row(
        "US-VA",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (16, 13),
        "Code 59.1-577, 59.1-578; no duty to honour signals found",
    ),
    row(
        "US-UT",
        ADS_AND_SENSITIVE,
        Purposes::NONE,
        NO_DUTY,
        (16, 13),
        "Code 13-61-201, 13-61-302: sensitive data is opted out of, not in; no duty found",
    ),
    row(
        "US-FL",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (18, 13),
        "Stat. 501.705, 501.71; ages 13 to 17 by GPP section usfl; no duty found",
    ),
    row(
        "US-IA",
        ADS_AND_SENSITIVE,
        Purposes::NONE,
        NO_DUTY,
        (16, 13),
        "Code 715D.3, 715D.4: sensitive data is opted out of, not in; no duty found",
    ),
    row(
        "US-TN",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (16, 13),
        "Code 47-18-3203 and following (UV); no duty found",
    ),
    row(
        "US-IN",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (16, 13),
        "IC 24-15 (UV), from 2026-01-01; no duty found",
    ),
    row(
        "US-KY",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (16, 13),
        "KRS 367.3611 and following (UV), from 2026-01-01; no duty found",
    ),
    row(
        "US-RI",
        ADS_AND_PROFILING,
        SENSITIVE,
        NO_DUTY,
        (16, 13),
        "Gen. Laws 6-48.1 (UV), from 2026-01-01; no duty found",
    ),
    row(
        "none",
        Purposes::NONE,
        Purposes::NONE,
        NO_DUTY,
        (16, 13),
        "the publisher says that none of these laws applies; known children stay protected",
    ),
];

const fn row(
    code: &'static str,
    opt_out: Purposes,
    opt_in: Purposes,
    signal_binds: bool,
    (opt_in_below, no_opt_in_below): (u8, u8),
    #[allow(unused_variables)] source: &'static str,
) -> Jurisdiction {
    Jurisdiction {
        code,
        opt_out,
        opt_in,
        signal_binds,
        opt_in_below,
        no_opt_in_below,
        #[cfg(not(target_arch = "wasm32"))]
        source,
    }
}
