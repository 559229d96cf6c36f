//! The vendor catalogue: `dist/catalogue.json`, and `cargo xtask catalogue check`.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::manifest::Inside;
use crate::project::Project;

/// The catalogue, below the root of the checkout.
pub const SOURCE: &str = "src/policy/catalogue.toml";

/// What is made of it, below `dist/`.
pub const FILE: &str = "catalogue.json";

/// What can be done with the catalogue.
#[derive(Subcommand)]
pub enum Command {
    /// Compare the catalogue with the third-party hosts of a file that was recorded with
    /// `nosale.audit()`, or of a list of host names; fail if one is unknown
    Check {
        /// JSON: an object with a list `hosts` of `{ host, vendor, requests }`, or a list of names
        file: PathBuf,
    },
}

/// Does it.
pub fn run(project: &Project, command: &Command) -> Result<()> {
    let Command::Check { file } = command;
    let catalogue = Catalogue::read(project)?;
    let text = fs::read_to_string(file).map_err(Error::file(file))?;
    let hosts =
        hosts_of(&text).map_err(|reason| Error::invalid(file.display().to_string(), reason))?;
    let report = Report::of(&catalogue, &hosts);
    print!("{report}");
    match report.unknown().count() {
        0 => Ok(()),
        count => Err(Error::UnknownHosts(count)),
    }
}

/// The file of the catalogue. `tests/core/catalogue.rs` checks its content.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    version: u32,
    vendor: Vec<Entry>,
}

/// A vendor: what a config can take, and what is known beside that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    title: String,
    kind: String,
    rules: Vec<String>,
    purposes: Vec<String>,
    cookies: Vec<String>,
    storage: Vec<String>,
    mode: String,
    adapter: Option<String>,
    #[serde(default)]
    stand_ins: Vec<String>,
    reason: Option<String>,
    source: String,
    standing: String,
    checked: String,
    comment: Option<String>,
}

/// What `dist/catalogue.json` says; its `schema` grows when a reader must know.
#[derive(Serialize)]
struct Published<'a> {
    schema: u32,
    version: u32,
    module: &'a str,
    vendors: Vec<PublishedVendor<'a>>,
}

#[derive(Serialize)]
struct PublishedVendor<'a> {
    /// As it stands in a config's `vendors`.
    config: Config<'a>,
    title: &'a str,
    kind: &'a str,
    /// Whether this build's nosale.js has it: where not, a config must bring it along.
    included: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    adapter: Option<&'a str>,
    /// What a config's `standIns: true` puts up.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stand_ins: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    source: &'a str,
    standing: &'a str,
    checked: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct Config<'a> {
    name: &'a str,
    rules: &'a [String],
    purposes: &'a [String],
    cookies: &'a [String],
    storage: &'a [String],
    mode: &'a str,
}

impl Catalogue {
    /// Reads the checkout's catalogue.
    pub fn read(project: &Project) -> Result<Self> {
        let path = project.root.join(SOURCE);
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        toml::from_str(&text).map_err(|error| Error::invalid(SOURCE, error))
    }

    /// `dist/catalogue.json`.
    pub fn to_json(&self, inside: &Inside, module: &str) -> Result<String> {
        let vendors = self.vendor.iter().map(|entry| PublishedVendor {
            config: Config {
                name: &entry.name,
                rules: &entry.rules,
                purposes: &entry.purposes,
                cookies: &entry.cookies,
                storage: &entry.storage,
                mode: &entry.mode,
            },
            title: &entry.title,
            kind: &entry.kind,
            included: inside.has(&entry.kind, &entry.name),
            adapter: entry.adapter.as_deref(),
            stand_ins: &entry.stand_ins,
            reason: entry.reason.as_deref(),
            source: &entry.source,
            standing: &entry.standing,
            checked: &entry.checked,
            comment: entry.comment.as_deref(),
        });
        let published = Published {
            schema: 1,
            version: self.version,
            module,
            vendors: vendors.collect(),
        };
        let json = serde_json::to_string_pretty(&published);
        Ok(json.map_err(|error| Error::invalid(FILE, error))? + "\n")
    }

    /// The vendor that a host is known by, whatever the path: the one that names the nearest domain.
    fn vendor_of(&self, host: &str) -> Option<&str> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let distance = |rule: &String| {
            let (domain, path) = rule.split_at(rule.find('/').unwrap_or(rule.len()));
            let below = host.strip_suffix(domain.trim_start_matches('='))?;
            let inside = below.is_empty() || below.ends_with('.') && !domain.starts_with('=');
            inside.then_some((below.len(), !path.is_empty()))
        };
        let nearest = |entry: &Entry| entry.rules.iter().filter_map(distance).min();
        let known = self.vendor.iter();
        let known = known.filter_map(|entry| Some((nearest(entry)?, entry)));
        let (_, entry) = known.min_by_key(|(distance, _)| *distance)?;
        Some(&entry.name)
    }
}

/// A third-party host, as the publisher's page met it.
#[derive(Debug, PartialEq)]
struct Host {
    name: String,
    /// The vendor that the page's own config or catalogue knew it by.
    vendor: Option<String>,
    requests: u64,
}

/// Reads what `nosale.audit()` gave, or a plain list.
fn hosts_of(text: &str) -> std::result::Result<Vec<Host>, String> {
    let expected = "expected an object with a list \"hosts\" of { \"host\", \"vendor\", \"requests\" }, or a list of host names";
    let json: Value = serde_json::from_str(text).map_err(|error| format!("{error}; {expected}"))?;
    let list = json.get("hosts").unwrap_or(&json);
    // What `audit()` gives has its entries in an object, with a count of those beyond them.
    let list = list.get("entries").unwrap_or(list);
    let list = list.as_array().ok_or(expected)?;
    let count = |item: &Value, key: &str| item.get(key).and_then(Value::as_u64);
    let host = |item: &Value| {
        let name = item.as_str().or_else(|| item.get("host")?.as_str())?;
        Some(Host {
            name: name.to_owned(),
            vendor: item
                .get("vendor")
                .and_then(Value::as_str)
                .map(str::to_owned),
            requests: count(item, "requests")
                .or(count(item, "count"))
                .unwrap_or(0),
        })
    };
    let hosts: Option<Vec<Host>> = list.iter().map(host).collect();
    Ok(hosts.ok_or(expected)?)
}

/// Each host with the vendor that it is known by.
struct Report<'a>(Vec<(&'a Host, Option<&'a str>)>);

impl<'a> Report<'a> {
    fn of(catalogue: &'a Catalogue, hosts: &'a [Host]) -> Self {
        let known = |host: &'a Host| {
            host.vendor
                .as_deref()
                .or_else(|| catalogue.vendor_of(&host.name))
        };
        Report(hosts.iter().map(|host| (host, known(host))).collect())
    }

    fn unknown(&self) -> impl Iterator<Item = &'a Host> {
        let unknown = self.0.iter().filter(|(_, vendor)| vendor.is_none());
        unknown.map(|(host, _)| *host)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (host, vendor) in &self.0 {
            writeln!(f, "{:<40} {}", host.name, vendor.unwrap_or("unknown"))?;
        }
        let unknown: Vec<_> = self.unknown().collect();
        writeln!(
            f,
            "{} of {} hosts are known",
            self.0.len() - unknown.len(),
            self.0.len()
        )?;
        if !unknown.is_empty() {
            writeln!(
                f,
                "\nTo add what is unknown, say in the config's \"vendors\" who it is and what for:"
            )?;
        }
        for host in unknown {
            let requests = match host.requests {
                0 => String::new(),
                count => format!("   {count} requests"),
            };
            writeln!(
                f,
                "  {{ \"name\": \"…\", \"rules\": [\"{}\"], \"purposes\": […] }}{requests}",
                host.name
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::read(&Project::here()).unwrap()
    }

    #[test]
    fn a_host_is_known_by_the_nearest_domain() {
        let catalogue = catalogue();
        for (host, vendor) in [
            ("connect.facebook.net", Some("meta_pixel")),
            ("WWW.Facebook.com.", Some("facebook_embeds")),
            (
                "securepubads.g.doubleclick.net",
                Some("google_publisher_tag"),
            ),
            ("ad.doubleclick.net", Some("google_ads")),
            ("company.tt.omtrdc.net", Some("adobe_target")),
            ("company.sc.omtrdc.net", Some("adobe_analytics")),
            ("notdoubleclick.net", None),
            ("publisher.example", None),
        ] {
            assert_eq!(catalogue.vendor_of(host), vendor, "{host}");
        }
    }

    #[test]
    fn what_an_audit_recorded_is_compared() {
        let text = r#"{ "page": "/", "hosts": [
            { "host": "cdn.taboola.com", "vendor": null, "requests": 3 },
            { "host": "own.example", "vendor": "own", "requests": 1 },
            { "host": "new.example", "vendor": null, "requests": 2 } ] }"#;
        let hosts = hosts_of(text).unwrap();
        let catalogue = catalogue();
        let report = Report::of(&catalogue, &hosts);
        let unknown: Vec<&str> = report.unknown().map(|host| host.name.as_str()).collect();
        assert_eq!(unknown, ["new.example"]);
        let text = report.to_string();
        for line in [
            "taboola",
            "own",
            "2 of 3 hosts are known",
            "\"rules\": [\"new.example\"]",
            "2 requests",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }

    #[test]
    fn what_audit_gives_is_read() {
        let text = r#"{ "hosts": { "entries": [
            { "host": "cdn.taboola.com", "vendor": "taboola", "count": 2 },
            { "host": "new.example", "vendor": null, "count": 7 } ], "more": 0 } }"#;
        let hosts = hosts_of(text).unwrap();
        assert_eq!(
            (hosts[1].name.as_str(), hosts[1].requests),
            ("new.example", 7)
        );
        let catalogue = catalogue();
        assert_eq!(Report::of(&catalogue, &hosts).unknown().count(), 1);
    }

    #[test]
    fn a_plain_list_will_do_and_nothing_else() {
        let hosts = hosts_of(r#"["a.example", "b.example"]"#).unwrap();
        assert_eq!((hosts.len(), &hosts[1].name), (2, &"b.example".to_owned()));
        for wrong in [
            "",
            "7",
            r#"{ "host": [] }"#,
            r#"{ "hosts": [7] }"#,
            r#"[{ "name": "a" }]"#,
        ] {
            let reason = hosts_of(wrong).unwrap_err();
            assert!(reason.contains("expected an object"), "{wrong}: {reason}");
        }
    }

    #[test]
    fn all_of_it_is_published() {
        let inside = Inside {
            kinds: vec!["social".to_owned()],
            vendors: vec!["meta_pixel".to_owned()],
            without: vec!["disqus".to_owned()],
        };
        let text = catalogue().to_json(&inside, "0.0.0").unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let vendors = json["vendors"].as_array().unwrap();
        assert_eq!(vendors.len(), catalogue().vendor.len());
        let included = |name: &str| {
            let vendor = vendors
                .iter()
                .find(|vendor| vendor["config"]["name"] == name);
            vendor.unwrap()["included"].as_bool().unwrap()
        };
        assert!(included("meta_pixel") && included("x_embeds"));
        assert!(!included("disqus") && !included("taboola"));
    }
}
