//! The account token, as far as the page reads it: a JSON Web Token whose signature is the
//! endpoint's to check.

/// The longest token, in bytes.
const MAX_BYTES: usize = 4096;

/// The claims of a token, as JSON text that nobody has verified.
pub fn claims(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || token.len() > MAX_BYTES {
        return None;
    }
    String::from_utf8(base64url(claims)?).ok()
}

/// Decodes base64url without padding (RFC 7515, section 2).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // A single letter more holds no byte, and what is left over is zero.
    (held < 6 && bits == 0).then_some(bytes)
}
