//! The e-mail address of a request: what the visitor gave so that the company finds the data that it
//! holds elsewhere, or knows whom to contact how often.
//!
//! Records of requests are append-only and need no such data (regs 7101), so an address is stored apart
//! from its event and can be erased. One that asked to be opted out stays as long as the publisher needs
//! it to follow that; any other goes with its event.

use serde_json::Value;

/// The e-mail address that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address, as the visitor wrote it.
    pub email: String,
    /// Whether it asks to be opted out.
    pub opts_out: bool,
}

impl Address {
    /// Takes the address out of an event that is right.
    pub fn take(event: &mut Value) -> Option<Self> {
        let data = event["data"].as_object_mut()?;
        let email = data.remove("email")?.as_str()?.to_owned();
        let opts_out = data
            .get("kind")
            .is_some_and(|kind| kind == "opt_out_elsewhere");
        Some(Self { email, opts_out })
    }
}
