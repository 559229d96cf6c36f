//! Reading any bytes as a GPP string never panics, and what was read and may be written is the
//! same when read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nosale::gpp::{Gpp, UsPrivacy, join, split};

fuzz_target!(|text: &str| {
    if let Some(privacy) = UsPrivacy::parse(text) {
        assert_eq!(privacy.to_text(), text);
    }
    if let Ok(parts) = split(text) {
        let joined = join(&parts).expect("what was split can be joined");
        assert_eq!(split(&joined).as_ref(), Ok(&parts));
    }
    match Gpp::decode(text) {
        Err(error) => assert!(error.position <= text.len()),
        Ok(gpp) => {
            if let Ok(written) = gpp.encode_unstable() {
                let again = Gpp::decode(&written).expect("what was written can be read");
                assert_eq!(again, gpp);
                assert_eq!(again.encode_unstable().as_ref(), Ok(&written));
            }
        }
    }
});
