//! The browser as processes, for tests that kill it.

use std::fs;

use rustix::process::{Pid, Signal, getpgid, getpgrp, kill_process, kill_process_group};
use tempfile::TempDir;

use crate::wait;

/// Kills the browser of a profile: the process that has it on its command line, and with it all of
/// its process group, unless that is the test's own.
pub(crate) async fn kill(profile: &TempDir) {
    let found = processes_of(profile);
    assert!(!found.is_empty(), "no browser has this profile");
    let own = getpgrp();
    for process in found {
        // One that has ended in the meantime is no loss.
        let _ = match getpgid(Some(process)) {
            Ok(group) if group != own => kill_process_group(group, Signal::KILL),
            _ => kill_process(process, Signal::KILL),
        };
    }
    wait::until("the browser's end", async || {
        processes_of(profile).is_empty().then_some(())
    })
    .await;
}

/// The processes that have the profile on their command line. One that has ended has none.
fn processes_of(profile: &TempDir) -> Vec<Pid> {
    let profile = profile.path().display().to_string();
    let processes = fs::read_dir("/proc").expect("the processes").flatten();
    let of_profile = processes.filter_map(|process| {
        let number = process.file_name().to_str()?.parse().ok()?;
        let line = fs::read(process.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line);
        line.contains(&profile).then(|| Pid::from_raw(number))?
    });
    of_profile.collect()
}
