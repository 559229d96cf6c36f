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
            if self.has("", host, "/", "") {
                add(&mut policy, "", host, false, "");
                add(&mut policy, sockets, host, false, "");
            }
        }
        for vendor in self.vendors.iter() {
            if !vendor.permitted_under(self.permitted) {
                continue;
            }
            for Rule {
                host,
                exact,
                path,
                terms,
            } in &vendor.rules
            {
                let start = if path.is_empty() { "/" } else { path };
                // Not of one that is off; and another vendor's, which is denied, may say the same.
                if self.has("", host, start, terms) {
                    add(&mut policy, "", host, *exact, path);
                    if vendor.sockets {
                        add(&mut policy, sockets, host, *exact, path);
                    }
                }
            }
        }
        Some(policy)
    }
}

/// Adds the sources for a host: with and without the dot of the root, which browsers take for
/// another host, for every port, and for what is below unless it stands for itself alone.
fn add(policy: &mut String, scheme: &str, host: &str, exact: bool, path: &str) {
    let path = encoded(path);
    for below in if exact { &[""][..] } else { &["", "*."] } {
        for root in ["", "."] {
            // A path of a policy stands for what is below it with its slash only, and then not for
            // itself.
            let ends: &[&str] = match path.as_str() {
                "" | "/" => &[""],
                path if path.ends_with('/') => &[path],
                path => &[path, &[path, "/"].concat()],
            };
            for end in ends {
                for part in [" ", scheme, below, host, root, ":*", end] {
                    policy.push_str(part);
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
