//! Rules: how a request is recognised as a vendor's.

/// What recognises a vendor's request: `host`, `host/path` or `host/path?term&term`.
///
/// A host stands for itself and everything below it, after `=` for itself alone. A path stands for
/// itself and everything below it. Every term, `key` or `key=value`, must be in the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(super) host: String,
    pub(super) exact: bool,
    pub(super) path: String,
    pub(super) terms: String,
}

/// Why a text is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// It begins with a scheme or with `//`.
    Scheme,
    /// Its host is empty or holds what no host name holds; a port is never part of a rule.
    Host,
}

impl RuleError {
    /// What a rule must be, for a message.
    pub fn expected(self) -> &'static str {
        match self {
            RuleError::Scheme => "\"host\", \"host/path\" or \"host/path?term\", without a scheme",
            RuleError::Host => "a host name without a port, then perhaps a path and terms",
        }
    }
}

impl Rule {
    /// Reads a rule; upper case in the host is lowered.
    ///
    /// # Errors
    ///
    /// If the text has a scheme, or a host that no host name can be.
    pub fn parse(text: &str) -> Result<Rule, RuleError> {
        if text.starts_with('/')
            || text
                .split_once(':')
                .is_some_and(|(_, rest)| rest.starts_with("//"))
        {
            return Err(RuleError::Scheme);
        }
        let (address, terms) = text.split_once('?').unwrap_or((text, ""));
        let split = address.find('/').unwrap_or(address.len());
        let (host, path) = address.split_at(split);
        let exact = host.starts_with('=');
        let host = host
            .trim_start_matches('=')
            .trim_end_matches('.')
            .to_ascii_lowercase();
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | 0x80..)
                })
        };
        if !host.split('.').all(label) {
            return Err(RuleError::Host);
        }
        Ok(Rule {
            host,
            exact,
            path: path.to_owned(),
            terms: terms.to_owned(),
        })
    }

    /// The host, if it is not in the form in which requests have it: the `xn--` form of an
    /// international name, which the browser knows.
    pub fn international(&mut self) -> Option<&mut String> {
        Some(&mut self.host).filter(|host| !host.is_ascii())
    }

    /// Whether a request matches, given that its host is at or below the rule's.
    pub(super) fn covers(&self, at_host: bool, path: &str, query: &str) -> bool {
        if self.exact && !at_host {
            return false;
        }
        let path_covered = path.strip_prefix(self.path.as_str()).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with('/')
                || self.path.is_empty()
                || self.path.ends_with('/')
        });
        path_covered
            && self.terms.split('&').all(|term| {
                term.is_empty()
                    || query.split('&').any(|part| {
                        part == term || part.split_once('=').is_some_and(|(key, _)| key == term)
                    })
            })
    }

    /// How much it says beside the host: of two rules that cover a request, the one that says more
    /// counts.
    pub(super) fn weight(&self) -> usize {
        self.path.len() + self.terms.len()
    }
}
