//! Which part a request's host plays.

use axum::http::{header::HOST, request::Parts};

/// The demo's two publisher hosts: one site, so that they share one record.
pub const PUBLISHERS: [&str; 2] = ["www.publisher.localhost", "shop.publisher.localhost"];

/// The third parties that the demo's pages name.
pub const THIRD_PARTIES: [&str; 3] = ["tracker.localhost", "video.localhost", "partner.localhost"];

/// Stands in for the hosts of Google Publisher Tag and Google Analytics.
pub const AD_SERVER: &str = "adserver.localhost";

/// The host that a request is for: in lower case, without port and trailing dot. `None` if the
/// request names none, or one with characters that no host name has.
pub fn of(parts: &Parts) -> Option<String> {
    let authority = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => parts.headers.get(HOST)?.to_str().ok()?,
    };
    let host = normal(authority);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    (!host.is_empty() && host.chars().all(plain)).then_some(host)
}

/// A host as arrivals and pages are filed under: without port, trailing dot and capitals.
pub fn normal(authority: &str) -> String {
    let host = match authority.rsplit_once(':') {
        // The last colon of a bare IPv6 address is no port's.
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether the demo's publisher answers there. Any name with a label `publisher` is its own, so
/// that `www.publisher.test` shows the same site on an origin that browsers do not trust.
pub fn is_publisher(host: &str) -> bool {
    host.split('.').any(|label| label == "publisher")
}

/// Whether a person probably typed this address by hand, to see whether the server is there.
pub fn is_bare_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_filed_under_its_plain_name() {
        assert_eq!(normal("Tracker.localhost:8080"), "tracker.localhost");
        assert_eq!(normal("tracker.localhost.:8080"), "tracker.localhost");
        assert_eq!(normal("tracker.localhost"), "tracker.localhost");
        assert_eq!(normal("[::1]:8080"), "[::1]");
        assert_eq!(normal("[::1]"), "[::1]");
    }

    #[test]
    fn a_label_makes_a_publisher_not_a_part_of_one() {
        assert!(is_publisher("www.publisher.localhost"));
        assert!(is_publisher("publisher.test"));
        assert!(!is_publisher("tracker.localhost"));
        assert!(!is_publisher("notpublisher.localhost"));
    }
}
