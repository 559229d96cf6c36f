//! What can be set, on the command line or in the environment.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::access::AdminToken;
use crate::cors::AllowedOrigin;

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
  GET  /v1/events   ?after=SEQUENCE&limit=N&order=asc|desc, with `Authorization: Bearer TOKEN`,
                    or without it from this machine itself
  GET  /healthz     {\"ok\":true}

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

    /// Token that opens the listing; without it, only requests made on this machine may read
    #[arg(
        long,
        env = "NOSALE_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub admin_token: Option<AdminToken>,

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

    /// Seconds that a client may take to send a request's head, and again its body
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
    fn seconds() {
        assert_eq!(parse_seconds("15"), Ok(Duration::from_secs(15)));
        for wrong in ["0", "-1", "1.5", "3601", "soon", ""] {
            assert!(parse_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
