//! The ways in which a page reaches a third party: data, a row each.

mod addresses;
mod frames;
mod insertion;
mod markup;
mod network;
mod sources;
mod styles;
mod workers;

/// What a way is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HTML, as the publisher wrote it.
    Markup,
    /// A script of the page that uses it.
    Script,
}

/// What must come to the third party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// An HTTP request to the way's own path.
    Request,
    /// A TCP connection, of which nothing else need come.
    Connection,
    /// UDP datagrams.
    Datagram,
}

/// Where in its page a way's markup stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the main part.
    Main,
    /// In the head, after nosale: what browsers look for nowhere else.
    Head,
    /// Behind the head, without a body around it.
    Bare,
}

/// One way.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub name: &'static str,
    pub kind: Kind,
    /// HTML with `{url}` and the like, or the body of a function that is given `url` and the like.
    pub text: &'static str,
    /// What a publisher writes instead as inert markup; `{held}` says the purpose.
    pub inert: Option<&'static str>,
    /// What runs before an opt-out; the way then has its result as `held`.
    pub before: Option<&'static str>,
    /// Needs a page for each third party: a page knows one of it only, or it runs while parsing.
    pub alone: bool,
    pub place: Place,
    pub comes: Comes,
}

impl Way {
    const fn markup(name: &'static str, text: &'static str) -> Way {
        Way {
            name,
            kind: Kind::Markup,
            text,
            inert: None,
            before: None,
            alone: false,
            place: Place::Main,
            comes: Comes::Request,
        }
    }

    const fn script(name: &'static str, text: &'static str) -> Way {
        Way {
            kind: Kind::Script,
            ..Way::markup(name, text)
        }
    }

    const fn inert(self, text: &'static str) -> Way {
        Way {
            inert: Some(text),
            ..self
        }
    }

    const fn before(self, text: &'static str) -> Way {
        Way {
            before: Some(text),
            ..self
        }
    }

    const fn alone(self) -> Way {
        Way {
            alone: true,
            ..self
        }
    }

    const fn head(self) -> Way {
        Way {
            place: Place::Head,
            ..self
        }
    }

    const fn bare(self) -> Way {
        Way {
            place: Place::Bare,
            ..self
        }
    }

    const fn connects(self) -> Way {
        Way {
            comes: Comes::Connection,
            ..self
        }
    }

    const fn datagrams(self) -> Way {
        Way {
            comes: Comes::Datagram,
            ..self
        }
    }

    /// The name as a part of addresses and of element names.
    pub fn slug(&self) -> String {
        let dashed = |c: char| match c {
            'a'..='z' | '0'..='9' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        };
        let slug: String = self.name.chars().map(dashed).collect();
        let parts: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
        parts.join("-")
    }
}

/// All of them, markup first.
pub fn all() -> Vec<Way> {
    let tables: [(&[Way], &str); 8] = [
        (markup::WAYS, "markup"),
        (sources::WAYS, "sources"),
        (insertion::WAYS, "insertion"),
        (network::WAYS, "network"),
        (workers::WAYS, "workers"),
        (frames::WAYS, "frames"),
        (styles::WAYS, "styles"),
        (addresses::WAYS, "addresses"),
    ];
    tables
        .iter()
        .flat_map(|(ways, _)| ways.iter().copied())
        .collect()
}
