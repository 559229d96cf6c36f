//! The collector's command line: reads the options, starts the server, ends it on a signal.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use collector::{Cli, Command, ServeOptions, Server};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(options) = Cli::parse().command;
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("collector: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: ServeOptions) -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(options.log.clone())
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    // Both handlers are in place before the first request, so that no signal finds none.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;

    let server = Server::bind(&options).await?;
    // Whoever started the collector on port 0 reads the port from this line. That nobody reads it
    // is no reason to stop.
    let _ = writeln!(
        io::stdout(),
        "collector: listening on http://{}, store {}",
        server.local_address(),
        options.store
    );
    server
        .run(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
        .await;
    Ok(())
}
