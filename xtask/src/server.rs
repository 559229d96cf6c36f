//! A process that the demo starts, and that never outlives it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::error::{Error, Result};

/// How long a process may take to end after it was told to.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running process; dropping it ends it, kindly first.
pub struct Server {
    name: &'static str,
    child: Child,
}

impl Server {
    /// Starts it, out of reach of the terminal's Ctrl-C: the demo decides the order of the end.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(Error::file(command.get_program().as_ref()))?;
        Ok(Self { name, child })
    }

    /// What messages call it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().map_err(Error::system(self.name))
    }

    /// To the process and to those that it started, which are of its group.
    fn signal(&self, signal: Signal) {
        if let Ok(group) = i32::try_from(self.child.id()) {
            // It fails only if all have ended.
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let start = Instant::now();
        self.signal(Signal::SIGTERM);
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > PATIENCE {
                self.signal(Signal::SIGKILL);
            }
            sleep(Duration::from_millis(20));
        }
    }
}

/// True if something speaks HTTP there.
pub fn answers(address: SocketAddr) -> bool {
    let ask = || {
        let patience = Duration::from_secs(1);
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        std::io::Result::Ok(start == *b"HTTP/")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};
    use std::thread;

    use super::*;

    fn shell(script: &str) -> Server {
        Server::start("test server", Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn dropping_tells_it_to_end() {
        let directory = tempfile::tempdir().unwrap();
        let (up, told) = (directory.path().join("up"), directory.path().join("told"));
        let server = shell(&format!(
            "trap 'touch {}; exit 0' TERM; touch {}; while :; do sleep 0.05; done",
            told.display(),
            up.display()
        ));
        while !up.exists() {
            sleep(Duration::from_millis(10));
        }
        drop(server);
        assert!(told.exists());
    }

    #[test]
    fn it_is_seen_to_end() {
        let mut server = shell("exit 7");
        let status = loop {
            if let Some(status) = server.ended().unwrap() {
                break status;
            }
            sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(7));
    }

    #[test]
    fn only_http_is_an_answer() {
        let serve = |reply: &'static [u8]| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let address = listener.local_addr().unwrap();
            let thread = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 512];
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(reply).unwrap();
            });
            (address, thread)
        };
        let (address, thread) = serve(b"HTTP/1.1 404 Not Found\r\n\r\n");
        assert!(answers(address));
        thread.join().unwrap();
        assert!(!answers(address), "nobody listens any more");
        let (address, thread) = serve(b"SSH-2.0-x\r\n");
        assert!(!answers(address));
        thread.join().unwrap();
    }
}
