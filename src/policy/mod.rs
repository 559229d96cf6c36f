//! The functional core: from what is known of a visitor to what the page may do.
//!
//! [`decide`] takes [`Signals`], what is [`Stored`], the [`Jurisdiction`] and the publisher's
//! [`Settings`], and gives a [`Decision`]: for each [`Purpose`] permitted or denied, and because of
//! what. Nothing here reads a clock or a browser; seconds since the Unix epoch come in as arguments.

mod catalogue;
mod csp;
mod decide;
mod jurisdiction;
mod purpose;
mod record;
mod rule;
mod sensitive;
mod signal;
mod vendor;

pub use catalogue::{Adapter, CatalogueEntry};
pub use csp::{NOWHERE, Reach};
pub use decide::{Decision, GpcScope, Reason, Ruling, Settings, decide};
pub use jurisdiction::{JURISDICTIONS, Jurisdiction};
pub use purpose::{ByPurpose, Purpose, Purposes};
pub use record::{Choice, MAX_RECORD_BYTES, Record, SignalSeen, Stored};
pub use rule::{Rule, RuleError};
pub use sensitive::{SensitiveKind, SensitiveKinds};
pub use signal::{Age, Gpc, Signals};
pub use vendor::{Kept, Mode, Treatment, Vendor, Vendors};

/// Seconds since the Unix epoch.
pub type Seconds = u64;
