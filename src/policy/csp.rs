//! Strict mode's Content-Security-Policy: which hosts a page may reach while something is denied.

use super::{Purposes, Rule, Vendors};

/// What the policy has before any host. Inline code, `eval` and WebAssembly stay as they were: only
/// hosts are restricted. `default-src` and not one directive for each kind of request: what has no
/// directive of its own, such as `prefetch`, is governed by this one alone (CSP3, 6.7.2.2).
const HEAD: &str =
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' data: blob: ";

/// A name that no server has (RFC 6761). The wrappers send what they stop there; and since other
/// policies do not name it, it tells which policy has refused something.
pub const NOWHERE: &str = "nosale.invalid";

/// What strict mode lets requests reach.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// The origins of the page, of nosale's files and of the endpoint.
    pub origins: &'a [String],
    /// `gate.allow`, in lower case.
    pub hosts: &'a [String],
    /// The vendors in force.
    pub vendors: &'a Vendors,
    /// What is permitted.
    pub permitted: Purposes,
}

impl Reach<'_> {
    /// Whether a request may leave: to `host`, as [`Vendors::find`] takes it. `origin` with the
    /// scheme `http` or `https` also for a socket.
    pub fn has(&self, origin: &str, host: &str, path: &str, query: &str) -> bool {
        match self.vendors.find(host, path, query) {
            Some(vendor) => vendor.permitted_under(self.permitted),
            None => {
                let host = host.trim_end_matches('.');
                let at_or_below = |allowed: &String| {
                    let parent = host.strip_suffix(allowed.as_str());
                    parent.is_some_and(|below| below.is_empty() || below.ends_with('.'))
                };
                self.origins.iter().any(|own| own == origin) || self.hosts.iter().any(at_or_below)
            }
        }
    }

    /// The policy. A policy can only permit: what a denied vendor has below a permitted host, or
    /// under a path of it, is the wrappers' part. None if an origin cannot be said in a policy, as
    /// one of an IPv6 address: nosale's own files must never be refused.
    pub fn policy(&self, secure: bool) -> Option<String> {
        let sockets = if secure { "wss://" } else { "ws://" };
        let mut policy = [HEAD, NOWHERE, " wss://", NOWHERE].concat();
        // The first is the page's own, which 'self' stands for in every case.
        for origin in self.origins.iter().skip(1) {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte);
            if !origin.bytes().all(known) {
                return None;
            }
            policy.push(' ');
            policy.push_str(origin);
        }
        for host in self.hosts {
            let rule = Rule {
                host: host.clone(),
                exact: false,
                path: String::new(),
                terms: String::new(),
            };
            self.add(&mut policy, &["", sockets], &rule);
        }
        for vendor in self.vendors.iter() {
            if vendor.permitted_under(self.permitted) {
                let schemes = if vendor.sockets {
                    &["", sockets][..]
                } else {
                    &[""]
                };
                for rule in &vendor.rules {
                    self.add(&mut policy, schemes, rule);
                }
            }
        }
        Some(policy)
    }

    /// Adds the sources for what a rule covers: its host with and without the dot of the root, which
    /// browsers take for another host, on every port; and what is below, unless it stands for itself
    /// alone.
    fn add(&self, policy: &mut String, schemes: &[&str], rule: &Rule) {
        let path = encoded(&rule.path);
        // A path of a policy stands for what is below it with its slash only, and then not for
        // itself.
        let ends: &[&str] = match path.as_str() {
            "" | "/" => &[""],
            path if path.ends_with('/') => &[path],
            path => &[path, &[path, "/"].concat()],
        };
        let start = if rule.path.is_empty() {
            "/"
        } else {
            &rule.path
        };
        for below in if rule.exact { &[""][..] } else { &["", "*."] } {
            let host = [below, rule.host.as_str()].concat();
            // Not of a vendor that is off; and another's, which is denied, may say the same, of the
            // host alone or of what is below as well. No rule names a host with an asterisk.
            if !self.has("", &host, start, &rule.terms) {
                continue;
            }
            for scheme in schemes {
                for root in ["", "."] {
                    for end in ends {
                        for part in [" ", scheme, &host, root, ":*", end] {
                            policy.push_str(part);
                        }
                    }
                }
            }
        }
    }
}

/// A path without what would end a source or a directive, or stand for something else in it.
fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+=:@/%".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    text
}
