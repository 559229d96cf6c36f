//! The fuzz targets: they read whatever libFuzzer can think of, as a GPP string or as a body of
//! reports. `fuzz/` is a workspace of its own, with compiler flags of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::project::Project;
use crate::step::{quietly, step};
use crate::tools::Tools;

/// What is fuzzed.
pub struct Target {
    /// The program, its feature, and the folder of its seeds.
    name: &'static str,
    /// What a filter is looked for in, as if it were a test's name.
    test: &'static str,
    /// The longest input, in bytes.
    longest: u32,
}

/// The reader of GPP strings. Its inputs are longer than a string with all sections, and short
/// enough for a million tries in seconds.
pub const GPP: Target = Target {
    name: "gpp",
    test: "fuzz_gpp",
    longest: 400,
};

/// The collector's parser of bodies. With all that the collector is made of, it takes minutes to
/// compile. Its inputs are longer than a batch of two.
pub const BODY: Target = Target {
    name: "body",
    test: "fuzz_body",
    longest: 4096,
};

/// A single input that takes longer is a failure.
const PATIENCE: Duration = Duration::from_secs(10);

/// What libFuzzer says once for each module that it can watch.
const WATCHED: &str = "inline 8-bit counters";

impl Target {
    /// True if the filter lets the target run.
    pub fn is_chosen(&self, filter: Option<&str>) -> bool {
        filter.is_none_or(|filter| self.test.contains(filter))
    }
}

/// Tries inputs for that long. Those that found something new are kept below the target directory
/// and tried first the next time, and so are those that failed.
pub fn run(
    project: &Project,
    tools: &Tools,
    target: &'static Target,
    time: Duration,
) -> Result<()> {
    tools.c_plus_plus_compiler()?;
    let places = Places::new(project, target);
    for directory in [&places.corpus, &places.failures] {
        fs::create_dir_all(directory).map_err(Error::file(directory))?;
    }
    step(&format!("fuzz: compile {}", target.name), || {
        quietly(&mut places.cargo(tools, "build")?).map(drop)
    })?;
    let seconds = time.as_secs();
    let tried = step(&format!("fuzz: {}, {seconds} s", target.name), || {
        let mut cargo = places.cargo(tools, "run")?;
        cargo.arg("--").args(places.arguments(time));
        let output = cargo.output().map_err(Error::file(Path::new("cargo")))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(failure(target, &said));
        }
        tried(target, &said)
    })?;
    println!("{}: {tried} inputs, none failed", target.name);
    Ok(())
}

/// Where things are. Not below `fuzz/`: nothing that is made lies in the checkout.
struct Places {
    of: &'static Target,
    workspace: PathBuf,
    target: PathBuf,
    corpus: PathBuf,
    failures: PathBuf,
}

impl Places {
    fn new(project: &Project, of: &'static Target) -> Self {
        let (workspace, work) = (project.root.join("fuzz"), project.target.join("fuzz"));
        Self {
            of,
            workspace,
            target: work.join("cargo"),
            corpus: work.join("corpus").join(of.name),
            failures: work.join("failures").join(of.name),
        }
    }

    /// Cargo in the workspace's directory, where it finds the flags by which libFuzzer sees the way
    /// that an input takes. Flags from the environment would come in their place.
    fn cargo(&self, tools: &Tools, command: &str) -> Result<Command> {
        let mut cargo = tools.command("cargo")?;
        cargo
            .current_dir(&self.workspace)
            .args([command, "--quiet", "--release", "--locked"])
            .args(["--bin", self.of.name, "--features", self.of.name])
            .arg("--target-dir")
            .arg(&self.target)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        Ok(cargo)
    }

    fn arguments(&self, time: Duration) -> Vec<String> {
        let directory = |path: &Path| path.display().to_string();
        vec![
            format!("-max_total_time={}", time.as_secs()),
            format!("-max_len={}", self.of.longest),
            format!("-timeout={}", PATIENCE.as_secs()),
            format!("-artifact_prefix={}/", self.failures.display()),
            // New inputs are written to the first.
            directory(&self.corpus),
            directory(&self.failures),
            directory(&self.workspace.join("seeds").join(self.of.name)),
        ]
    }
}

/// How many inputs were tried, when none failed.
fn tried(target: &Target, said: &str) -> Result<u64> {
    let name = target.name;
    let wrong = |reason: &str| Error::invalid(format!("the fuzz target {name}"), reason);
    if !said.contains(WATCHED) {
        let reason = "it was compiled without the flags of fuzz/.cargo/config.toml: \
                      a config of yours has rustflags that come in their place";
        return Err(wrong(reason));
    }
    // "Done 1679076 runs in 6 second(s)"
    let done = said.lines().rev().find_map(|line| {
        let count = line.strip_prefix("Done ")?.split(' ').next()?;
        count.parse().ok()
    });
    done.filter(|count| *count > 0)
        .ok_or_else(|| wrong("it ended without having tried anything"))
}

/// What went wrong, with the input if there is one.
fn failure(target: &Target, said: &str) -> Error {
    let file = said.lines().rev().find_map(|line| {
        let (_, file) = line.split_once("Test unit written to ")?;
        Some(file.trim().to_owned())
    });
    // The progress is no help, and long.
    let progress = |line: &str| {
        let counted = line.strip_prefix('#').unwrap_or_default();
        counted.starts_with(|first: char| first.is_ascii_digit())
            || line.starts_with("INFO:")
            || line.starts_with("WARNING: Failed to find function")
            || line.trim_start().starts_with("NEW_FUNC")
    };
    let rest: Vec<&str> = said.lines().filter(|line| !progress(line)).collect();
    Error::Fuzz {
        target: target.name,
        input: file.unwrap_or_else(|| "no input, it did not start".into()),
        output: rest.join("\n").trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "\
WARNING: Failed to find function \"__sanitizer_print_stack_trace\".
INFO: Running with entropic power schedule (0xFF, 100).
INFO: Loaded 1 modules   (1170 inline 8-bit counters): 1170 [0x55d40a4e720, 0x55d40a4ebb2),
#7	INITED cov: 269 ft: 560 corp: 6/353b exec/s: 0 rss: 27Mb
	NEW_FUNC[1/1]: 0x556d409b74c1
#8	NEW    cov: 273 ft: 573 corp: 7/392b lim: 226 exec/s: 0 rss: 27Mb L: 39/226 MS: 1 ChangeByte-
";

    #[test]
    fn a_filter_is_looked_for_in_its_name() {
        assert!(GPP.is_chosen(None) && BODY.is_chosen(None));
        assert!(GPP.is_chosen(Some("gpp")) && !BODY.is_chosen(Some("gpp")));
        assert!(GPP.is_chosen(Some("fuzz_")) && BODY.is_chosen(Some("fuzz_")));
        assert!(!GPP.is_chosen(Some("record")));
    }

    #[test]
    fn a_good_run_has_tried_something() {
        let said = format!("{START}Done 1679076 runs in 6 second(s)\n");
        assert_eq!(tried(&GPP, &said).unwrap(), 1_679_076);
        let nothing = format!("{START}Done 0 runs in 6 second(s)\n");
        for said in [START, &nothing] {
            let error = tried(&GPP, said).unwrap_err().to_string();
            assert!(error.contains("without having tried anything"), "{error}");
        }
    }

    #[test]
    fn a_blind_run_is_refused() {
        let error = tried(&GPP, "Done 1679076 runs in 6 second(s)\n").unwrap_err();
        let error = error.to_string();
        assert!(error.contains("rustflags"), "{error}");
    }

    #[test]
    fn a_failing_input_is_named() {
        let said = format!(
            "{START}\nthread '<unnamed>' panicked at src/gpp/string.rs:99:35:\nthree sections\n\
             ==1== ERROR: libFuzzer: deadly signal\n    #0 0x55d in main\n\
             artifact_prefix='/t/'; Test unit written to /t/crash-20\n\
             Base64: REJB\n"
        );
        assert_eq!(
            failure(&GPP, &said).to_string(),
            "the fuzz target gpp failed on /t/crash-20\
             \n  thread '<unnamed>' panicked at src/gpp/string.rs:99:35:\
             \n  three sections\
             \n  ==1== ERROR: libFuzzer: deadly signal\
             \n      #0 0x55d in main\
             \n  artifact_prefix='/t/'; Test unit written to /t/crash-20\
             \n  Base64: REJB"
        );
    }

    #[test]
    fn what_did_not_start_is_said() {
        let error = failure(&BODY, "error: linking with `cc` failed").to_string();
        assert_eq!(
            error,
            "the fuzz target body failed on no input, it did not start\
             \n  error: linking with `cc` failed"
        );
    }

    #[test]
    fn nothing_that_is_made_lies_in_the_checkout() {
        let project = Project {
            root: "/checkout".into(),
            target: "/target".into(),
            version: "1.2.3".into(),
        };
        let arguments = Places::new(&project, &GPP).arguments(Duration::from_secs(5));
        let [first, .., last] = &arguments[..] else {
            panic!("{arguments:?}");
        };
        assert_eq!(first, "-max_total_time=5");
        assert_eq!(last, "/checkout/fuzz/seeds/gpp");
        let elsewhere = arguments.iter().filter(|one| one.contains("/checkout"));
        assert_eq!(elsewhere.count(), 1, "{arguments:?}");
        assert_eq!(arguments[4], "/target/fuzz/corpus/gpp");
    }
}
