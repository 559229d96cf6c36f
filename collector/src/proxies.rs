//! Where a request comes from: the other end of the connection or, through proxies that are
//! trusted, what they say of it.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The addresses of a proxy, or of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyRange(IpNet);

impl FromStr for ProxyRange {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| "expected an address or a range of them, such as 10.0.0.0/8")
    }
}

/// The proxies whose word is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<ProxyRange>);

impl TrustedProxies {
    pub fn new(ranges: Vec<ProxyRange>) -> Self {
        Self(ranges)
    }

    /// Whether the address is a trusted proxy's.
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.0.contains(&address))
    }

    /// The address that a request comes from.
    ///
    /// Each proxy adds who it was called by, so the list is read from its end, for as long as the
    /// one who says so is trusted. Of two lists, one may come from the client itself: then the
    /// peer's address counts.
    pub fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let has = |name: &HeaderName| headers.contains_key(name);
        let name = match (has(&X_FORWARDED_FOR), has(&header::FORWARDED)) {
            (true, false) => X_FORWARDED_FOR,
            (false, true) => header::FORWARDED,
            _ => return address,
        };
        let values = headers.get_all(&name).iter();
        let hops: Vec<&str> = values
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            let hop = if name == header::FORWARDED {
                forwarded_for(hop)
            } else {
                address_of(hop)
            };
            match hop {
                Some(hop) if self.trust(address) => address = hop,
                _ => break,
            }
        }
        address
    }
}

/// The address in an element such as `for="[2001:db8::1]:47011";proto=https` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_for = name.trim().eq_ignore_ascii_case("for");
        is_for.then(|| address_of(value.trim().trim_matches('"')))?
    })
}

/// The address, with a port or without.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    bare.unwrap_or(text)
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn origin(peer: &str, given: &[(HeaderName, &'static str)]) -> String {
        let ranges = ["10.0.0.0/8", "127.0.0.1", "2001:db8:f::/48"];
        let proxies = TrustedProxies::new(ranges.map(|text| text.parse().unwrap()).into());
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(name, HeaderValue::from_static(value));
        }
        proxies.origin(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let x = |value| [(X_FORWARDED_FOR, value)];
        let f = |value| [(header::FORWARDED, value)];
        for (peer, given, expected) in [
            ("10.0.0.1", x("203.0.113.9"), "203.0.113.9"),
            ("::ffff:10.0.0.1", x("203.0.113.9"), "203.0.113.9"),
            ("127.0.0.1", x("203.0.113.9:4711"), "203.0.113.9"),
            ("2001:db8:f::1", x("[2001:db8::9]:1"), "2001:db8::9"),
            ("2001:db8:f::1", x("2001:db8::9"), "2001:db8::9"),
            ("10.0.0.1", x("::ffff:203.0.113.9"), "203.0.113.9"),
            // What the client wrote itself stands before what the proxy adds.
            ("10.0.0.1", x("1.1.1.1, 203.0.113.9"), "203.0.113.9"),
            (
                "10.0.0.1",
                x("1.1.1.1, 203.0.113.9, 10.2.2.2"),
                "203.0.113.9",
            ),
            ("10.0.0.1", x("10.2.2.2"), "10.2.2.2"),
            ("10.0.0.1", x("unknown"), "10.0.0.1"),
            ("10.0.0.1", x("203.0.113.9, unknown"), "10.0.0.1"),
            ("10.0.0.1", x(""), "10.0.0.1"),
            ("203.0.113.1", x("203.0.113.9"), "203.0.113.1"),
            ("127.0.0.2", x("203.0.113.9"), "127.0.0.2"),
            ("10.0.0.1", f("for=203.0.113.9;proto=https"), "203.0.113.9"),
            (
                "10.0.0.1",
                f("proto=https; For=\"203.0.113.9:1\""),
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                f("for=1.1.1.1, for=\"[2001:db8::9]\""),
                "2001:db8::9",
            ),
            ("10.0.0.1", f("for=_hidden"), "10.0.0.1"),
            ("10.0.0.1", f("by=203.0.113.9"), "10.0.0.1"),
            ("203.0.113.1", f("for=203.0.113.9"), "203.0.113.1"),
        ] {
            assert_eq!(origin(peer, &given), expected, "{peer} {given:?}");
        }
    }

    #[test]
    fn several_lines_are_one_list_and_two_lists_are_none() {
        let two = [
            (X_FORWARDED_FOR, "1.1.1.1"),
            (X_FORWARDED_FOR, "203.0.113.9"),
        ];
        assert_eq!(origin("10.0.0.1", &two), "203.0.113.9");
        let both = [
            (X_FORWARDED_FOR, "203.0.113.9"),
            (header::FORWARDED, "for=1.1.1.1"),
        ];
        assert_eq!(origin("10.0.0.1", &both), "10.0.0.1");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn ranges() {
        for right in ["10.0.0.0/8", "10.0.0.1", "::1", "2001:db8::/32"] {
            assert!(right.parse::<ProxyRange>().is_ok(), "{right}");
        }
        for wrong in ["", "10.0.0.0/33", "10.0.0", "localhost", "::/129"] {
            assert!(wrong.parse::<ProxyRange>().is_err(), "{wrong}");
        }
    }
}
