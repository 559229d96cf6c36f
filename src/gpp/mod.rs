//! Strings of the IAB Global Privacy Platform (GPP), read and written, and the US Privacy string.
//!
//! Ad systems learn of an opt-out through these strings: `gpp` in URLs, `regs.gpp` in bid requests,
//! `__gpp` in pages. This module is a library by itself: it uses nothing of the rest of the crate
//! and nothing but the standard library, and works on a server as well as in a page.
//!
//! # Tour
//!
//! A California visitor, whose browser sends Global Privacy Control, on a page whose publisher did
//! not sign the IAB's contract:
//!
//! ```
//! use nosale::gpp::{Field, Gpp, UsSection};
//!
//! let mut california = UsSection::of_prefix("usca").expect("a section of the table");
//! for notice in [
//!     Field::SaleOptOutNotice,
//!     Field::SharingOptOutNotice,
//!     Field::SensitiveDataLimitUseNotice,
//! ] {
//!     california.set(notice, &[1])?;
//! }
//! california.set(Field::SaleOptOut, &[1])?;
//! california.set(Field::SharingOptOut, &[1])?;
//! california.set_gpc(Some(true))?;
//!
//! let mut gpp = Gpp::new();
//! gpp.insert(california.into());
//! assert_eq!(gpp.encode()?, "DBABBg~BVUAAACA.YA");
//! # Ok::<(), nosale::gpp::EncodeError>(())
//! ```
//!
//! A server that asks whether a bid request's visitor opted out of sale, anywhere:
//!
//! ```
//! use nosale::gpp::{Field, Gpp, Section};
//!
//! let gpp = Gpp::decode("DBACTMA~1YYN~BVUAAACA.YA")?;
//! let opted_out = gpp.sections().iter().any(|section| match section {
//!     Section::UsPrivacy(privacy) => privacy.opted_out(),
//!     Section::Us(section) => {
//!         section.gpc() == Some(true) || section.get(Field::SaleOptOut) == Some(&[1])
//!     }
//!     Section::Other { .. } => false,
//! });
//! assert!(opted_out);
//! # Ok::<(), nosale::gpp::DecodeError>(())
//! ```
//!
//! A mistake is named with its place:
//!
//! ```
//! use nosale::gpp::{DecodeErrorKind, Gpp};
//!
//! let error = Gpp::decode("DBABBg~BAAAAABA!.QA").unwrap_err();
//! assert_eq!((error.kind, error.position), (DecodeErrorKind::Character, 15));
//! ```
//!
//! [`LAYOUTS`] is the table of all sections, for who wants to show or check them; [`split`] and
//! [`join`] take a string apart and put it together without looking into any section.
//!
//! # Values
//!
//! | field | 0 | 1 | 2 |
//! |---|---|---|---|
//! | `…Notice` | does not apply | given | not given |
//! | `SaleOptOut`, `SharingOptOut`, `TargetedAdvertisingOptOut` | does not apply, or no notice | opted out | did not opt out |
//! | `SensitiveDataProcessing` in usca, usut, usia | does not apply, or no notice | opted out | did not opt out |
//! | `SensitiveDataProcessing` elsewhere | no such data | no consent | consent |
//! | `KnownChildSensitiveDataConsents` | no known child | no consent | consent |
//! | `PersonalDataConsents`, `AdditionalDataProcessingConsent` | no such use | no consent | consent |
//! | `MspaCoveredTransaction` | never | yes | no |
//! | `MspaOptOutOptionMode`, `MspaServiceProviderMode` | does not apply | yes | no |
//! | `MspaMode` | does not apply | opt-out option | service provider |
//!
//! 3 is never written. A string that has it is read, but is not written again: [`Gpp::encode`]
//! names the field.
//!
//! # Reading and writing
//!
//! - Written strings are padded to bytes, then to letters, as the IAB's libraries do. The published
//!   text pads to letters only, so that some strings are a letter `A` shorter. Both are read.
//! - Whatever bits stand behind a layout's last field are padding.
//! - Sections that the table does not have, the European and Canadian TCF among them, are kept as
//!   text and written as they were; so are sub-sections of unknown type.
//! - `usnat` is read by length: a core of 10 or 11 letters has the layout of version 1, whatever
//!   version it names; one whose length and version disagree is not written again. Write version
//!   2, [`Layout::of`] gives it.
//! - Sections 24 to 27 are read in the libraries' form, and written only by
//!   [`Gpp::encode_unstable`], which says why.
//! - Memory is in proportion to the string that is read, whatever its header claims.
//!
//! # What it is not
//!
//! It does not know which section applies to whom, or what a law asks for: the caller sets the
//! fields. It does not read TCF strings, and it is no CMP: the `__gpp` function is elsewhere.

mod bits;
mod error;
mod field;
mod header;
mod layout;
mod string;
mod us_privacy;
mod us_section;

pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
pub use field::Field;
pub use header::{join, split};
pub use layout::{LAYOUTS, Layout, Place, SubSection};
pub use string::{Gpp, Section};
pub use us_privacy::UsPrivacy;
pub use us_section::UsSection;
