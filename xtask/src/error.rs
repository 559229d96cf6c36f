//! What can go wrong here, said so that the reader knows what to do next.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// The result of everything in xtask.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program ran and failed; `output` is what it said, empty if it was shown already.
    #[error("`{command}` failed: {status}{}", indented(.output))]
    Command {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        output: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A fuzz target failed.
    #[error("the fuzz target {target} failed on {input}{}", indented(.output))]
    Fuzz {
        /// Which one.
        target: &'static str,
        /// The file with the input that it failed on.
        input: String,
        /// What it said.
        output: String,
    },
    /// A file was read, and says something that cannot be.
    #[error("{path}: {reason}")]
    Invalid {
        /// Which file.
        path: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// A program is not on this machine.
    #[error("`{program}` was not found; {remedy}")]
    Missing {
        /// Which program.
        program: String,
        /// What the reader can do about it.
        remedy: String,
    },
    /// What was built is larger than its budget.
    #[error("over budget:{}", indented(&.0.join("\n")))]
    OverBudget(Vec<String>),
    /// Some of several parts failed; each has been shown.
    #[error("failed: {}", .0.join(", "))]
    Parts(Vec<String>),
    /// A port that the demo needs is taken.
    #[error(
        "port {0} on 127.0.0.1 is taken; name another pair with --port (PORT and PORT + 1 are used)"
    )]
    PortTaken(u16),
    /// A server of the demo ended, or never answered.
    #[error("{0}")]
    Server(String),
    /// Two readers of GPP strings do not say the same.
    #[error("of {total} GPP strings these are not read alike:{}", indented(&.differences.join("\n")))]
    Strings {
        /// Each string with both answers.
        differences: Vec<String>,
        /// How many were compared.
        total: usize,
    },
    /// The system refused something that has no path.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The catalogue does not know some hosts; they have been shown.
    #[error("the catalogue does not know {0} of the hosts")]
    UnknownHosts(usize),
}

impl Error {
    /// For `map_err` on file operations.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// For `map_err` on operations that have no path.
    pub fn system(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { what, source }
    }

    /// A file whose content cannot be right.
    pub fn invalid(path: impl Into<String>, reason: impl ToString) -> Self {
        Self::Invalid {
            path: path.into(),
            reason: reason.to_string(),
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\n  {line}")).collect()
}
