//! The browsers of the tests and their drivers: no developer's tools but the system's.

use std::env;
use std::path::PathBuf;

use crate::apt;
use crate::error::{Error, Result};
use crate::tools::{Tools, find};

const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-liberation"];

const PROGRAMS: &str = "chromium, chromedriver";

/// The value of an environment variable that names a file.
fn named(variable: &str) -> Option<PathBuf> {
    let value = env::var_os(variable).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}

/// Where Firefox and its driver are.
#[derive(Debug)]
pub struct Firefox {
    /// The browser.
    pub firefox: PathBuf,
    /// What drives it over WebDriver. Debian has no package of it.
    pub driver: PathBuf,
}

impl Firefox {
    /// Takes `FIREFOX` and `GECKODRIVER` from the environment, or what is on PATH; as root on a
    /// Debian system, installs the browser. The driver is a crate.
    pub fn find_or_install(tools: &Tools) -> Result<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let look = || {
            let found = ["firefox-esr", "firefox"].iter();
            named("FIREFOX").or_else(|| found.clone().find_map(|name| find(name, &path)))
        };
        let firefox = look().map_or_else(
            || {
                let otherwise = "install Firefox, and set FIREFOX to where it is";
                apt::install(tools, "firefox", &["firefox-esr"], otherwise)?;
                look().ok_or_else(|| Error::Missing {
                    program: "firefox".into(),
                    remedy: "set FIREFOX to where it is".into(),
                })
            },
            Ok,
        )?;
        let driver = named("GECKODRIVER").map_or_else(|| tools.geckodriver(), Ok)?;
        Ok(Self { firefox, driver })
    }
}

/// Where Chromium and its driver are.
#[derive(Debug, Eq, PartialEq)]
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// What drives it over WebDriver.
    pub driver: PathBuf,
}

impl Browser {
    /// Takes `CHROMIUM` and `CHROMEDRIVER` from the environment, or what is on PATH; as root on a
    /// Debian system, installs them.
    pub fn find_or_install(tools: &Tools) -> Result<Self> {
        let look = || Self::find(&named, &env::var_os("PATH").unwrap_or_default());
        if let Some(browser) = look() {
            return Ok(browser);
        }
        let otherwise = "install them, and set CHROMIUM and CHROMEDRIVER to where they are";
        apt::install(tools, PROGRAMS, &PACKAGES, otherwise)?;
        look().ok_or_else(|| Error::Missing {
            program: PROGRAMS.into(),
            remedy: "set CHROMIUM and CHROMEDRIVER to where they are".into(),
        })
    }

    fn find(set: &dyn Fn(&str) -> Option<PathBuf>, path: &std::ffi::OsString) -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let found = || names.iter().find_map(|name| find(name, path));
        Some(Self {
            chromium: set("CHROMIUM").or_else(found)?,
            driver: set("CHROMEDRIVER").or_else(|| find("chromedriver", path))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_comes_before_path() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().as_os_str().to_owned();
        let unset = |_: &str| None;
        assert_eq!(Browser::find(&unset, &path), None);

        let place = |name: &str| directory.path().join(name);
        std::fs::write(place("google-chrome"), "").unwrap();
        assert_eq!(Browser::find(&unset, &path), None, "no driver yet");
        std::fs::write(place("chromedriver"), "").unwrap();
        let found = Browser::find(&unset, &path).unwrap();
        assert_eq!(found.chromium, place("google-chrome"));
        assert_eq!(found.driver, place("chromedriver"));

        let set = |name: &str| Some(PathBuf::from("/set").join(name));
        let found = Browser::find(&set, &path).unwrap();
        assert_eq!(found.chromium, PathBuf::from("/set/CHROMIUM"));
        assert_eq!(found.driver, PathBuf::from("/set/CHROMEDRIVER"));
    }
}
