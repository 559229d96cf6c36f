//! Google's tags: consent mode v2 and restricted data processing (Google tag platform: set up consent
//! mode; privacy parameters). The default must be in `dataLayer` before any other command.

use super::{Facts, Plan};

/// Everything but what the publisher allows Google Analytics to keep.
macro_rules! commands {
    ($what:literal, $value:literal, $more:literal, $restricted:literal, $personal:literal) => {
        concat!(
            r#"[["consent",""#,
            $what,
            r#"",{"ad_storage":""#,
            $value,
            r#"","ad_user_data":""#,
            $value,
            r#"","ad_personalization":""#,
            $value,
            r#"""#,
            $more,
            r#"}],["set","ads_data_redaction","#,
            $restricted,
            r#"],["set","restricted_data_processing","#,
            $restricted,
            r#"],["set","allow_ad_personalization_signals","#,
            $personal,
            r#"],["set","allow_google_signals","#,
            $personal,
            "]]",
        )
    };
}

pub fn plan(facts: &Facts) -> Plan {
    let plan = Plan {
        global: "dataLayer",
        way: "layer",
        first: commands!(
            "default",
            "denied",
            r#","analytics_storage":"denied""#,
            "true",
            "false"
        ),
        denied: commands!(
            "update",
            "denied",
            r#","analytics_storage":"denied""#,
            "true",
            "false"
        ),
        granted: commands!(
            "update",
            "granted",
            r#","analytics_storage":"granted""#,
            "false",
            "true"
        ),
    };
    if !facts.analytics {
        return plan;
    }
    Plan {
        first: commands!("default", "denied", "", "true", "false"),
        denied: commands!("update", "denied", "", "true", "false"),
        ..plan
    }
}
