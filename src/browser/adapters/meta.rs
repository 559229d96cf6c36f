//! Meta: limited data use, before `init` (Meta for Developers: data processing options).

use super::{Facts, Plan};

/// By country and state. With `0, 0` Meta looks up where the visitor is, and limits nothing where no
/// law that it knows applies: so a visitor of whom no state is known counts as one in California. The
/// codes of other states were not found.
macro_rules! limited {
    ($place:literal) => {
        concat!(r#"[["dataProcessingOptions",["LDU"],"#, $place, "]]")
    };
}

pub fn plan(facts: &Facts) -> Plan {
    let limited = match facts.jurisdiction {
        "US" | "US-CA" | "none" => limited!("1,1000"),
        "US-CO" => limited!("1,1001"),
        "US-CT" => limited!("1,1002"),
        _ => limited!("0,0"),
    };
    Plan {
        global: "fbq",
        way: "call",
        first: limited,
        denied: limited,
        granted: r#"[["dataProcessingOptions",[]]]"#,
    }
}
