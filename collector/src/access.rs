//! Who may read what is stored: the holder of the admin token, or somebody on this machine itself.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Uri, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::proxies::TrustedProxies;

/// The secret that opens what is the publisher's alone. Its text is never shown.
#[derive(Clone)]
pub struct AdminToken(String);

impl FromStr for AdminToken {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("expected visible ASCII characters without spaces");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

/// Headers that a proxy adds. Where one is present, the peer's address is not the sender's.
const PROXY_HEADERS: [HeaderName; 3] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-real-ip"),
];

/// Whether a request from `peer` may read.
///
/// A token that is given decides alone. Without one the request must come from this machine and
/// nothing else: a loopback peer that is no proxy, a loopback `Host` (a name that was rebound to a
/// loopback address does not pass), and no sign of a proxy on the same machine.
pub fn may_read(
    token: Option<&AdminToken>,
    proxies: &TrustedProxies,
    peer: SocketAddr,
    uri: &Uri,
    headers: &HeaderMap,
) -> bool {
    if headers.contains_key(header::AUTHORIZATION) {
        return token.is_some_and(|token| bears(headers, token));
    }
    is_loopback(peer.ip())
        && !proxies.trust(peer.ip())
        && uri.authority().is_none_or(names_loopback)
        && host(headers).is_some_and(|host| names_loopback(&host))
        && !was_forwarded(headers)
}

fn bears(headers: &HeaderMap, token: &AdminToken) -> bool {
    only(headers, header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, given)| {
            // Digests are of one length, so that the time tells nothing of the token's, either.
            let digest = |text: &str| Sha256::digest(text.as_bytes());
            scheme.eq_ignore_ascii_case("bearer")
                && bool::from(digest(given).ct_eq(&digest(&token.0)))
        })
}

fn host(headers: &HeaderMap) -> Option<Authority> {
    only(headers, header::HOST)?.parse().ok()
}

/// The header's value, if it is there exactly once and is text.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn names_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse() {
        Ok(address) => is_loopback(address),
        // `localhost` and all below it never leave the machine (RFC 6761, section 6.3).
        Err(_) => host
            .rsplit('.')
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("localhost")),
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn was_forwarded(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .any(|name| PROXY_HEADERS.contains(name) || name.as_str().starts_with("x-forwarded"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const HERE: &str = "127.0.0.1:50000";

    fn allowed(peer: &str, uri: &'static str, given: &[(&'static str, &'static str)]) -> bool {
        let token: AdminToken = "secret".parse().unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let peer = peer.parse().unwrap();
        let proxies = TrustedProxies::default();
        may_read(
            Some(&token),
            &proxies,
            peer,
            &Uri::from_static(uri),
            &headers,
        )
    }

    #[test]
    fn loopback_hosts_are_let_in_from_loopback_peers() {
        for host in [
            "127.0.0.1:8787",
            "127.9.9.9",
            "localhost:1",
            "LOCALHOST",
            "c.localhost",
            "[::1]:80",
        ] {
            for peer in [HERE, "[::1]:50000", "[::ffff:127.0.0.1]:50000"] {
                assert!(allowed(peer, "/", &[("host", host)]), "{host} from {peer}");
            }
        }
    }

    #[test]
    fn others_are_not() {
        for host in [
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "[::2]",
            "notlocalhost",
            "",
        ] {
            assert!(!allowed(HERE, "/", &[("host", host)]), "{host}");
        }
        for peer in ["10.0.0.1:50000", "[2001:db8::1]:50000"] {
            assert!(!allowed(peer, "/", &[("host", "127.0.0.1")]), "{peer}");
        }
        assert!(!allowed(HERE, "/", &[]), "no Host");
        assert!(
            !allowed(HERE, "/", &[("host", "localhost"), ("host", "localhost")]),
            "two Hosts"
        );
        assert!(
            !allowed(HERE, "http://example.com/", &[("host", "localhost")]),
            "absolute address"
        );
    }

    #[test]
    fn a_sign_of_a_proxy_ends_the_exemption() {
        for name in [
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded",
            "x-real-ip",
            "via",
        ] {
            assert!(
                !allowed(HERE, "/", &[("host", "localhost"), (name, "x")]),
                "{name}"
            );
        }
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_this_machine() {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("localhost"))]);
        let may = |proxies: &[&str]| {
            let proxies: Vec<_> = proxies.iter().map(|text| text.parse().unwrap()).collect();
            let uri = Uri::from_static("/");
            may_read(
                None,
                &TrustedProxies::new(proxies),
                HERE.parse().unwrap(),
                &uri,
                &headers,
            )
        };
        assert!(may(&[]));
        assert!(may(&["10.0.0.0/8", "127.0.0.2"]));
        assert!(!may(&["127.0.0.1"]));
        assert!(!may(&["10.0.0.0/8", "127.0.0.0/8"]));
    }

    #[test]
    fn a_token_decides_alone() {
        let far = "10.0.0.1:50000";
        assert!(allowed(far, "/", &[("authorization", "Bearer secret")]));
        assert!(allowed(
            far,
            "/",
            &[("authorization", "bearer secret"), ("forwarded", "x")]
        ));
        for wrong in [
            "Bearer secre",
            "Bearer secrets",
            "Bearer ",
            "Bearer",
            "secret",
            "Basic secret",
            "Bearer  secret",
        ] {
            assert!(!allowed(far, "/", &[("authorization", wrong)]), "{wrong}");
            let here = [("host", "localhost"), ("authorization", wrong)];
            assert!(!allowed(HERE, "/", &here), "{wrong} from here");
        }
    }

    #[test]
    fn without_a_configured_token_none_opens() {
        let headers =
            HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("Bearer "))]);
        assert!(!may_read(
            None,
            &TrustedProxies::default(),
            HERE.parse().unwrap(),
            &Uri::from_static("/"),
            &headers
        ));
    }

    #[test]
    fn tokens_are_visible_text_and_stay_secret() {
        for wrong in ["", "a b", "é", "a\n"] {
            assert!(wrong.parse::<AdminToken>().is_err(), "{wrong:?}");
        }
        let token: AdminToken = "secret".parse().unwrap();
        assert!(!format!("{token:?}").contains("secret"));
    }
}
