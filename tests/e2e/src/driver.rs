//! A browser's driver: the process that speaks WebDriver.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::paths;

/// The driver: a process that ends with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) url: String,
    _process: Child,
    /// Held open: the driver would die of writing to a closed pipe.
    _stdout: BufReader<ChildStdout>,
}

/// Chromium's driver looks for a port that is free for IPv4 and IPv6 alike, and ends where another
/// process takes it in between.
const STARTS: usize = 10;

impl Driver {
    pub(crate) async fn chromium() -> Driver {
        Driver::start(
            paths::driver(),
            &["--port=0"],
            "started successfully on port",
        )
        .await
    }

    pub(crate) async fn firefox() -> Driver {
        // By itself it takes the port by which it drives the browser from a fixed number.
        let arguments = ["--port=0", "--websocket-port=0"];
        Driver::start(paths::geckodriver(), &arguments, "Listening on").await
    }

    async fn start(program: PathBuf, arguments: &[&str], named: &str) -> Driver {
        for _ in 0..STARTS {
            if let Some(driver) = Driver::try_start(&program, arguments, named).await {
                return driver;
            }
        }
        panic!(
            "{} ended {STARTS} times before it named its port",
            program.display()
        );
    }

    /// None if the driver ended before it named its port, at the end of a line with `named` in it.
    async fn try_start(program: &PathBuf, arguments: &[&str], named: &str) -> Option<Driver> {
        let mut process = Command::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut stdout = BufReader::new(process.stdout.take().expect("piped"));
        let mut line = String::new();
        let port: u16 = loop {
            line.clear();
            if stdout.read_line(&mut line).await.expect("driver's output") == 0 {
                return None;
            }
            let word = line
                .trim_end()
                .trim_end_matches('.')
                .rsplit([' ', ':'])
                .next();
            if line.contains(named) {
                break word.and_then(|port| port.parse().ok()).expect("a port");
            }
        };
        Some(Driver {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
            _stdout: stdout,
        })
    }
}
