//! Progress: each step is named when it starts and gets the time it took when it ends.
//!
//! It goes to standard error, so that what a command is asked for (a table, a PATH line) stays
//! alone on standard output.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Runs `work` as a step called `name`.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let line = Line::start(name);
    let result = work();
    line.end(result.is_ok());
    result
}

/// Says that a step had nothing to do.
pub fn skipped(name: &str) {
    eprintln!("{name} … skipped, done already");
}

/// Runs a command and keeps its output, which is shown only if it fails.
pub fn quietly(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|source| start(command, source))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(Error::Command {
        command: line_of(command),
        status: output.status,
        output: text(&output.stdout) + &text(&output.stderr),
    })
}

/// Runs a command that must have nothing to say: its warnings are errors.
pub fn silently(command: &mut Command) -> Result<()> {
    let output = command.output().map_err(|source| start(command, source))?;
    if output.status.success() && output.stderr.is_empty() {
        return Ok(());
    }
    Err(Error::Command {
        command: line_of(command),
        status: output.status,
        output: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a command whose output is what the reader wants to see.
pub fn openly(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", line_of(command));
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|source| start(command, source))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Command {
        command: line_of(command),
        status,
        output: String::new(),
    })
}

/// Named pieces of work of which a failing one must not hide the others.
#[derive(Default)]
pub struct Parts(Vec<(&'static str, Result<()>, Duration)>);

impl Parts {
    /// Runs one part and says whether it passed; a failure is shown now and remembered.
    pub fn run(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        let start = Instant::now();
        let result = work();
        if let Err(error) = &result {
            eprintln!("error: {error}");
        }
        let passed = result.is_ok();
        self.0.push((name, result, start.elapsed()));
        passed
    }

    /// Prints the summary; fails if a part did.
    pub fn finish(self) -> Result<()> {
        println!();
        for (name, result, took) in &self.0 {
            let verdict = if result.is_ok() { "passed" } else { "FAILED" };
            println!("{name:<14} {verdict}  {}", seconds(*took));
        }
        let failed = |(name, result, _): (&str, Result<()>, _)| result.err().map(|_| name.into());
        let failed: Vec<String> = self.0.into_iter().filter_map(failed).collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(Error::Parts(failed))
    }
}

/// The line of a running step; on a terminal it counts the seconds.
struct Line {
    name: String,
    start: Instant,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Line {
    fn start(name: &str) -> Self {
        let (name, start) = (name.to_owned(), Instant::now());
        eprint!("{name} … ");
        let ticker = std::io::stderr().is_terminal().then(|| {
            let (stop, stopped) = channel();
            let name = name.clone();
            let tick = move || {
                while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout)
                {
                    eprint!("\r{name} … {} s ", start.elapsed().as_secs());
                }
            };
            (stop, std::thread::spawn(tick))
        });
        Self {
            name,
            start,
            ticker,
        }
    }

    fn end(self, success: bool) {
        if let Some((stop, thread)) = self.ticker {
            drop(stop);
            // A ticker that panicked has nothing to say about the step.
            let _ = thread.join();
            eprint!("\r{} … ", self.name);
        }
        let failed = if success { "" } else { "failed after " };
        eprintln!("{failed}{}", seconds(self.start.elapsed()));
        let _ = std::io::stderr().flush();
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn start(command: &Command, source: std::io::Error) -> Error {
    Error::File {
        path: command.get_program().into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_failing_command_shows_all_that_it_said() {
        assert_eq!(
            quietly(&mut shell("echo out; echo err >&2")).unwrap(),
            "out\n"
        );
        let error = quietly(&mut shell("echo out; echo err >&2; exit 3")).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("exit status: 3\n  out\n  err"), "{error}");
    }

    #[test]
    fn a_warning_counts_where_nothing_may_be_said() {
        silently(&mut shell("echo out")).unwrap();
        assert!(silently(&mut shell("echo warning >&2")).is_err());
        assert!(silently(&mut shell("exit 1")).is_err());
    }

    #[test]
    fn a_failing_part_does_not_hide_the_next() {
        let mut parts = Parts::default();
        let mut ran = false;
        assert!(!parts.run("first", || Err(Error::invalid("file", "wrong"))));
        assert!(parts.run("second", || {
            ran = true;
            Ok(())
        }));
        assert!(ran);
        assert_eq!(parts.finish().unwrap_err().to_string(), "failed: first");
    }
}
