//! Runs the demo site until it is told to stop.

use std::{net::Ipv4Addr, path::PathBuf, process::ExitCode};

use clap::Parser;
use demo::{Options, Site};
use tokio::signal;

/// Serves the demo newspaper, its shop and the stand-in third parties on one loopback port.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder that holds nosale.js and the files beside it.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    dist: PathBuf,
    /// Where the collector takes reports, for instance http://127.0.0.1:8081/v1/events.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.dist.join("nosale.js").is_file() {
        eprintln!(
            "demo: {} has no nosale.js yet: the pages show without it",
            arguments.dist.display()
        );
    }
    let started = Site::start(Options {
        listen: (Ipv4Addr::LOCALHOST, arguments.port).into(),
        dist: arguments.dist,
        endpoint: arguments.endpoint,
    });
    let site = match started.await {
        Ok(site) => site,
        Err(error) => {
            eprintln!("demo: can't listen on port {}: {error}", arguments.port);
            return ExitCode::FAILURE;
        }
    };
    println!(
        "demo: ready at {}",
        site.url("www.publisher.localhost", "/")
    );
    match stop_signal().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: can't wait for signals: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns on Ctrl-C, and where there are such signals, when the process is told to end.
async fn stop_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}
