//! What a fuzzer calls: whatever bytes come, the parser of bodies answers, and what it takes holds.

use std::sync::LazyLock;

use crate::body::{BATCH_LIMIT, BODY_LIMIT, Mode, read_events};
use crate::event::EventSchema;

static SCHEMA: LazyLock<Option<EventSchema>> = LazyLock::new(|| EventSchema::new().ok());

/// Reads a body as one of the three modes, which its first byte chooses.
///
/// # Panics
///
/// If what the parser takes is not what it promises: a fault that the fuzzer is to find.
pub fn body(bytes: &[u8]) {
    let (Some(schema), Some((&mode, body))) = (SCHEMA.as_ref(), bytes.split_first()) else {
        return;
    };
    let mode = match mode % 3 {
        0 => Mode::Structured,
        1 => Mode::Batch,
        _ => Mode::Text,
    };
    // What is longer is refused before it is read.
    let Ok((events, refused)) = read_events(schema, mode, &body[..body.len().min(BODY_LIMIT)])
    else {
        return;
    };
    assert!(events.len() + refused.len() <= BATCH_LIMIT);
    for refusal in refused {
        assert!(refusal.index < BATCH_LIMIT);
        assert!(!refusal.expected.is_empty());
        // It must be possible to answer it.
        assert!(serde_json::to_string(&refusal).is_ok());
    }
    for event in events {
        if let Some(address) = &event.address {
            assert_eq!(event.kind, "nosale.request");
            assert!(address.email.chars().count() <= 254 && address.email.contains('@'));
            assert!(!address.email.contains(char::is_control));
        }
        assert_eq!(event.id.len(), 36);
        assert!(!event.id.bytes().any(|byte| byte.is_ascii_uppercase()));
        // What is stored is right in itself, and has no token.
        let again = schema.read(0, &event.json);
        assert!(again.as_ref().is_ok_and(|again| {
            again.json == event.json
                && again.id == event.id
                && again.claim.token.is_none()
                && again.address.is_none()
        }));
    }
}
