//! What can be set, on the command line or in the environment.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::access::AdminToken;
use crate::account_token::AccountKey;
use crate::cors::AllowedOrigin;
use crate::proxies::ProxyRange;
use crate::rates::Limits;

/// The endpoint for nosale's reports: takes CloudEvents, stores each once, lists them.
#[derive(Debug, Parser)]
#[command(name = "collector", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the collector can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take reports over HTTP and store them
    #[command(after_help = AFTER_HELP)]
    Serve(ServeOptions),
}

const AFTER_HELP: &str = "\
Routes:
  POST /v1/events   CloudEvents 1.0: application/cloudevents+json (one),
                    application/cloudevents-batch+json (up to 50), or either as
                    text/plain, which needs no CORS preflight; at most 64 kB
  GET  /v1/receipts/{id}                 one event's data, for who knows its number
  GET  /v1/events?after=&limit=&order=   what is stored
  GET  /v1/export.jsonl, /v1/export.csv  ?from=&to=&type=&kind=&how=
  GET  /v1/accounts/{id}                 what an account is opted out of
  GET  /v1/suppressions?purpose=&after=&limit=   the accounts that are opted out
  GET  /v1/counts?year=2026              the yearly counts
  GET  /healthz, /readyz, /openapi.json, /.well-known/gpc.json

Listing, exports, accounts and counts need `Authorization: Bearer TOKEN`, or a request from
this machine itself.

Example:
  collector serve --store sqlite:choices.db --allow-origin https://www.example.com";

/// The options of `collector serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeOptions {
    /// Address and port to listen on; port 0 takes a free one and prints it
    #[arg(long, env = "NOSALE_LISTEN", value_name = "ADDRESS:PORT", default_value_t = DEFAULT_LISTEN)]
    pub listen: SocketAddr,

    /// Where events are stored; the file is created if it is missing
    #[arg(
        long,
        env = "NOSALE_STORE",
        value_name = "sqlite:PATH",
        default_value = "sqlite:choices.db"
    )]
    pub store: StoreLocation,

    /// Months that events are kept; the CCPA regulations (7101) ask for 24 at least
    #[arg(
        long,
        env = "NOSALE_RETENTION_MONTHS",
        value_name = "MONTHS",
        default_value_t = 24,
        value_parser = clap::value_parser!(u16).range(1..=1200)
    )]
    pub retention_months: u16,

    /// Token that opens listing, exports, accounts and counts; without it, only requests made on
    /// this machine may read
    #[arg(
        long,
        env = "NOSALE_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub admin_token: Option<AdminToken>,

    /// Key that account tokens are signed with (HS256): 32 characters or more; repeatable, so that
    /// an old one and its successor both count
    ///
    /// Without it no token is right. In the environment, several are separated by commas.
    #[arg(
        long = "account-key",
        env = "NOSALE_ACCOUNT_KEY",
        value_name = "KEY",
        value_delimiter = ',',
        hide_env_values = true
    )]
    pub account_keys: Vec<AccountKey>,

    /// Origin whose pages may send and list events, with credentials; repeatable
    ///
    /// Without it, or with `*`, pages of every origin may send, without credentials. Only origins
    /// named here may list. In the environment, several are separated by commas.
    #[arg(
        long = "allow-origin",
        env = "NOSALE_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allow_origins: Vec<AllowedOrigin>,

    /// Address or CIDR range of a reverse proxy, whose word is taken for where a request comes
    /// from (`Forwarded` or `X-Forwarded-For`); repeatable
    ///
    /// Nobody else's is. What comes through such a proxy needs the admin token, also where the
    /// proxy is on this machine and adds no header. In the environment, several are separated by
    /// commas.
    #[arg(
        long = "trusted-proxy",
        env = "NOSALE_TRUSTED_PROXY",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<ProxyRange>,

    /// Requests a minute that are taken from one address (IPv6: one /64); 0 is no limit
    ///
    /// Without it 120, and no limit where the collector listens on loopback.
    #[arg(long, env = "NOSALE_RATE_LIMIT", value_name = "REQUESTS")]
    pub rate_limit: Option<u32>,

    /// Requests a second that are taken from all addresses; 0 is no limit
    ///
    /// Without it 500, and no limit where the collector listens on loopback.
    #[arg(long, env = "NOSALE_GLOBAL_RATE_LIMIT", value_name = "REQUESTS")]
    pub global_rate_limit: Option<u32>,

    /// Connections that are open at the same time; more are told to come back
    #[arg(
        long,
        env = "NOSALE_MAX_CONNECTIONS",
        value_name = "CONNECTIONS",
        default_value_t = 512,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub max_connections: u32,

    /// Connections that one address may have open, trusted proxies excepted; 0 is no limit
    ///
    /// Without it 32, and no limit where the collector listens on loopback.
    #[arg(
        long,
        env = "NOSALE_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "CONNECTIONS"
    )]
    pub max_connections_per_address: Option<u32>,

    /// Seconds that a client may take to send a request's head, again its body, and to take
    /// anything of the answer; a connection may be idle as long
    #[arg(
        long,
        env = "NOSALE_REQUEST_TIMEOUT",
        value_name = "SECONDS",
        default_value = "15",
        value_parser = parse_seconds
    )]
    pub request_timeout: Duration,

    /// What to log to standard error: error, warn, info, debug, or a filter per module
    // Its `From<&str>`, which clap would prefer, passes over mistakes.
    #[arg(
        long,
        env = "NOSALE_LOG",
        value_name = "LEVEL",
        default_value = "info",
        value_parser = EnvFilter::from_str
    )]
    pub log: EnvFilter,
}

impl ServeOptions {
    /// The limits on requests.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            of_address: self.limit(self.rate_limit, 120),
            of_all: self.limit(self.global_rate_limit, 500),
        }
    }

    /// How many connections one address may have, if that is limited.
    pub(crate) fn connections_of_address(&self) -> Option<u32> {
        self.limit(self.max_connections_per_address, 32)
    }

    /// What was asked for, or the default where others than this machine's own programs come.
    fn limit(&self, asked: Option<u32>, default: u32) -> Option<u32> {
        let is_local = self.listen.ip().to_canonical().is_loopback();
        let limit = asked.unwrap_or(if is_local { 0 } else { default });
        (limit > 0).then_some(limit)
    }
}

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);

fn parse_seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected a whole number of seconds from 1 to 3600".to_owned()),
    }
}

/// Where events are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    /// An SQLite file.
    Sqlite(PathBuf),
}

impl FromStr for StoreLocation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("expected sqlite:PATH, such as sqlite:choices.db".to_owned()),
        }
    }
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_of_serve_has_a_variable_of_its_own() {
        let command = Cli::command();
        let serve = command.find_subcommand("serve").unwrap();
        for option in serve
            .get_arguments()
            .filter(|option| option.get_id() != "help")
        {
            let variable = option.get_env().and_then(|name| name.to_str()).unwrap();
            assert!(variable.starts_with("NOSALE_"), "{variable}");
        }
    }

    #[test]
    fn store_locations() {
        assert_eq!(
            "sqlite:a:b.db".parse(),
            Ok(StoreLocation::Sqlite("a:b.db".into()))
        );
        for wrong in [
            "",
            "sqlite",
            "sqlite:",
            "choices.db",
            "postgres://localhost/nosale",
        ] {
            assert!(wrong.parse::<StoreLocation>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn limits_are_off_on_loopback_unless_asked_for() {
        let limits = |arguments: &[&str]| {
            let all = ["collector", "serve", "--listen"].iter().chain(arguments);
            let Command::Serve(options) = Cli::try_parse_from(all).unwrap().command;
            let Limits { of_address, of_all } = options.limits();
            [of_address, of_all, options.connections_of_address()]
        };
        let asked = [
            "--rate-limit=7",
            "--global-rate-limit=8",
            "--max-connections-per-address=9",
        ];
        let off = [
            "--rate-limit=0",
            "--global-rate-limit=0",
            "--max-connections-per-address=0",
        ];
        for (address, by_default) in [
            ("127.0.0.1:1", [None; 3]),
            ("[::1]:1", [None; 3]),
            ("0.0.0.0:1", [Some(120), Some(500), Some(32)]),
            ("[2001:db8::1]:1", [Some(120), Some(500), Some(32)]),
        ] {
            assert_eq!(limits(&[address]), by_default, "{address}");
            let given = [&[address], &asked[..]].concat();
            assert_eq!(limits(&given), [Some(7), Some(8), Some(9)], "{address}");
            let given = [&[address], &off[..]].concat();
            assert_eq!(limits(&given), [None; 3], "{address}");
        }
    }

    #[test]
    fn seconds() {
        assert_eq!(parse_seconds("15"), Ok(Duration::from_secs(15)));
        for wrong in ["0", "-1", "1.5", "3601", "soon", ""] {
            assert!(parse_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
