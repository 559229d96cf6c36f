//! The two third parties, and where on them each use of a way goes.

use e2e::{PARTNER, TRACKER, WWW};
use serde_json::{Value, json};
use url::Url;

use super::modes::Mode;
use super::ways::Way;

/// A third party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    Denied,
    Permitted,
}

impl Party {
    pub const BOTH: [Party; 2] = [Party::Denied, Party::Permitted];

    pub fn host(self) -> &'static str {
        match self {
            Party::Denied => TRACKER,
            Party::Permitted => PARTNER,
        }
    }

    /// Its other name, which is not ASCII.
    pub fn international(self) -> &'static str {
        match self {
            Party::Denied => "zähler.localhost",
            Party::Permitted => "käufer.localhost",
        }
    }

    /// The purpose that its inert tags name: one that is denied, or one that is not.
    fn purpose(self) -> &'static str {
        match self {
            Party::Denied => "sale",
            Party::Permitted => "sensitive_data",
        }
    }

    /// Every host under which its server is reached, as arrivals are filed.
    pub fn hosts(self) -> [String; 3] {
        let host = self.host();
        [host.to_owned(), format!("eu.{host}"), self.punycode()]
    }

    fn punycode(self) -> String {
        let url = Url::parse(&format!("http://{}/", self.international())).expect("an address");
        url.host_str().expect("a host").to_owned()
    }
}

/// One use of a way: by one page, for one third party.
#[derive(Clone, Debug)]
pub struct Target {
    pub party: Party,
    /// Where it goes, and where the publisher's redirect to it is.
    pub path: String,
    pub redirect: String,
    id: String,
    /// The site's port, and the third party's, which differs if no request need come.
    site: u16,
    port: u16,
}

impl Target {
    pub fn new(mode: &Mode, way: &Way, party: Party, site: u16, port: u16) -> Target {
        let (mode, way) = (mode.slug, way.slug());
        let side = party.host().split('.').next().unwrap_or_default();
        Target {
            party,
            path: format!("/{mode}/{way}"),
            redirect: format!("/leak/to/{mode}/{way}/{side}"),
            id: format!("{mode}-{way}-{side}"),
            site,
            port,
        }
    }

    fn origin(&self) -> String {
        format!("http://{}:{}", self.party.host(), self.port)
    }

    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.path)
    }

    fn own(&self, path: &str) -> String {
        format!("http://{WWW}:{}{path}", self.site)
    }

    /// What a script is given.
    pub fn values(&self) -> Value {
        json!({
            "url": self.url(),
            "origin": self.origin(),
            "host": self.party.host(),
            "port": self.port,
            "path": self.path,
            "own": self.own("/leak/"),
            "redirect": self.own(&self.redirect),
            "id": self.id,
            "idn": self.party.international(),
            "punycode": self.party.punycode(),
        })
    }

    /// The same, put into HTML.
    pub fn fill(&self, text: &str) -> String {
        let held = format!("data-purpose=\"{}\"", self.party.purpose());
        text.replace("{url}", &self.url())
            .replace("{origin}", &self.origin())
            .replace("{host}", self.party.host())
            .replace("{HOST}", &self.party.host().to_uppercase())
            .replace("{port}", &self.port.to_string())
            .replace("{path}", &self.path)
            .replace("{own}", &self.own("/leak/"))
            .replace("{redirect}", &self.own(&self.redirect))
            .replace("{id}", &self.id)
            .replace("{held}", &held)
    }
}
