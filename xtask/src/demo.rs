//! `cargo xtask demo`: the demo publisher site, its third parties and the collector, on loopback.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use clap::Args;
use tempfile::TempDir;

use crate::apt::is_root;
use crate::browser::Browser;
use crate::build;
use crate::error::{Error, Result};
use crate::manifest::Manifest;
use crate::project::Project;
use crate::server::{Server, answers};
use crate::step::{quietly, step};
use crate::tools::Tools;

/// How long the servers may take until they answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the servers are looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// What the demo can be told.
#[derive(Args, Debug)]
pub struct Options {
    /// The port of the sites; the collector takes the next one
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..=65_534))]
    port: u16,
    /// Open Chromium on the site, with Global Privacy Control really on
    #[arg(long)]
    gpc: bool,
}

/// Serves until Ctrl-C (or SIGTERM), or until one of the servers ends by itself.
pub fn run(project: &Project, manifest: &Manifest, tools: &Tools, options: &Options) -> Result<()> {
    let addresses = Addresses::new(options.port);
    // Before the build, which takes a while.
    for address in [addresses.sites, addresses.collector] {
        TcpListener::bind(address).map_err(|_| Error::PortTaken(address.port()))?;
    }
    let browser = options
        .gpc
        .then(|| Browser::find_or_install(tools))
        .transpose()?;
    build::make(project, manifest, tools, false)?;
    step("collector and demo site", || {
        let mut cargo = tools.command("cargo")?;
        let packages = ["--package", "collector", "--package", "demo"];
        // Unoptimized is fast enough for one visitor, and ready minutes sooner.
        quietly(cargo.arg("build").args(packages)).map(drop)
    })?;

    let stop = stop_signal()?;
    let mut servers = [
        Server::start("collector", &mut collector(project, &addresses)?)?,
        Server::start("demo", &mut site(project, &addresses))?,
    ];
    let start = Instant::now();
    let ready = || {
        let up = answers(addresses.collector) && answers(addresses.sites);
        if !up && start.elapsed() > PATIENCE {
            let seconds = PATIENCE.as_secs();
            let reason = format!("the demo's servers did not answer in {seconds} s");
            return Err(Error::Server(reason));
        }
        Ok(up)
    };
    if watch(&mut servers, &stop, ready)? == Outcome::Stopped {
        return Ok(());
    }
    println!("{}", addresses.guide());
    let mut chromium = match browser {
        Some(browser) => Some(Chromium::open(&browser, &addresses.paper())?),
        None => None,
    };
    watch(&mut servers, &stop, || {
        chromium.take_if(|chromium| chromium.has_ended());
        Ok(false)
    })?;
    eprintln!("stopping");
    Ok(())
}

#[derive(Debug, Eq, PartialEq)]
enum Outcome {
    Done,
    Stopped,
}

/// Returns when `done` says so or the user stops the demo; fails if a server ends by itself.
fn watch(
    servers: &mut [Server],
    stop: &Receiver<()>,
    mut done: impl FnMut() -> Result<bool>,
) -> Result<Outcome> {
    loop {
        for server in &mut *servers {
            if let Some(status) = server.ended()? {
                let reason = format!("the {} ended by itself: {status}", server.name());
                return Err(Error::Server(reason));
            }
        }
        if done()? {
            return Ok(Outcome::Done);
        }
        if stop.recv_timeout(GLANCE).is_ok() {
            return Ok(Outcome::Stopped);
        }
    }
}

/// Gets a message at Ctrl-C, SIGTERM and SIGHUP.
fn stop_signal() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    let handler = move || {
        // The receiver is gone only when the demo has ended already.
        let _ = sender.send(());
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Error::Server(format!("no handler for Ctrl-C: {error}")))?;
    Ok(receiver)
}

fn collector(project: &Project, addresses: &Addresses) -> Result<Command> {
    let store = project.target.join("demo").join("choices.db");
    let directory = project.target.join("demo");
    fs::create_dir_all(&directory).map_err(Error::file(&directory))?;
    let mut command = Command::new(project.program("debug", "collector"));
    command
        .args(["serve", "--listen", &addresses.collector.to_string()])
        .args(["--store", &format!("sqlite:{}", store.display())]);
    for origin in [addresses.paper(), addresses.shop()] {
        command.args(["--allow-origin", &origin]);
    }
    Ok(command)
}

fn site(project: &Project, addresses: &Addresses) -> Command {
    let mut command = Command::new(project.program("debug", "demo"));
    command
        .args(["--port", &addresses.sites.port().to_string(), "--dist"])
        .arg(project.dist())
        .args(["--endpoint", &addresses.events()]);
    command
}

/// What answers where.
struct Addresses {
    sites: SocketAddr,
    collector: SocketAddr,
}

impl Addresses {
    fn new(port: u16) -> Self {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            sites: loopback(port),
            collector: loopback(port + 1),
        }
    }

    fn site(&self, host: &str) -> String {
        format!("http://{host}.localhost:{}", self.sites.port())
    }

    fn paper(&self) -> String {
        self.site("www.publisher")
    }

    fn shop(&self) -> String {
        self.site("shop.publisher")
    }

    fn events(&self) -> String {
        format!("http://{}/v1/events", self.collector)
    }

    fn guide(&self) -> String {
        let (paper, shop, events) = (self.paper(), self.shop(), self.events());
        let [tracker, video, partner] = ["tracker", "video", "partner"].map(|host| self.site(host));
        format!(
            "
  the newspaper        {paper}
  its shop             {shop}
  third parties        {tracker}
                       {video}
                       {partner} (permitted)
  the collector        {events}

What to try
  1. Open the newspaper: the third parties load, and the counters show what reached them.
  2. Choose \"Your Privacy Choices\" in the footer, then \"Opt out of all\": the requests stop, the
     panel shows the decision and the event that the collector stored.
  3. Reload, then open the shop: opted out there too, before anything was asked for.
  4. Opt in again, in two steps, and see the third parties come back.
  5. Start again with --gpc: the visitor has said no before the page began.

Ctrl-C stops it."
        )
    }
}

/// A Chromium with a profile of its own, which goes with it.
struct Chromium {
    process: Server,
    _profile: TempDir,
}

impl Chromium {
    fn open(browser: &Browser, address: &str) -> Result<Self> {
        let profile =
            TempDir::new().map_err(Error::system("a directory for Chromium's profile"))?;
        let mut command = Command::new(&browser.chromium);
        command
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("--enable-features=GlobalPrivacyControlForce")
            .args(["--no-first-run", "--no-default-browser-check"])
            // Chromium refuses its sandbox to root.
            .args(is_root().then_some("--no-sandbox"))
            .arg(address)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Self {
            process: Server::start("Chromium", &mut command)?,
            _profile: profile,
        })
    }

    /// Says so once if it could not run; a window that the user closed is no news.
    fn has_ended(&mut self) -> bool {
        let ended = self.process.ended().ok().flatten();
        if let Some(status) = ended.filter(|status| !status.success()) {
            eprintln!("Chromium ended: {status}; the demo goes on, open it in another browser");
        }
        ended.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_names_every_address() {
        let guide = Addresses::new(9000).guide();
        for address in [
            "http://www.publisher.localhost:9000",
            "http://shop.publisher.localhost:9000",
            "http://tracker.localhost:9000",
            "http://video.localhost:9000",
            "http://partner.localhost:9000",
            "http://127.0.0.1:9001/v1/events",
        ] {
            assert!(guide.contains(address), "{address}");
        }
    }

    #[test]
    fn a_server_that_ends_by_itself_ends_the_demo() {
        let shell = |script| {
            let mut shell = Command::new("sh");
            Server::start("test server", shell.args(["-c", script])).unwrap()
        };
        let (_sender, stop) = channel();
        let mut servers = [shell("sleep 600"), shell("exit 3")];
        let error = watch(&mut servers, &stop, || Ok(false)).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("test server ended by itself"), "{said}");
        assert!(said.contains('3'), "{said}");
    }

    #[test]
    fn the_user_stops_it() {
        let (sender, stop) = channel();
        sender.send(()).unwrap();
        let outcome = watch(&mut [], &stop, || Ok(false)).unwrap();
        assert_eq!(outcome, Outcome::Stopped);
    }
}
