//! Each GPP string that nosale gave to a page in the end-to-end tests, read by the IAB's own library
//! and by nosale's example: the two must say the same.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::clients::Clients;
use crate::error::{Error, Result};
use crate::project::PACKAGE;
use crate::step::{quietly, step};
use crate::tools::Tools;

/// How many differing strings are shown.
const SHOWN: usize = 10;

/// Compares what the readers make of the strings of the last run. All tests together must have
/// produced some; a `few` of them need not.
pub fn check(clients: &Clients, tools: &Tools, few: bool) -> Result<()> {
    let written = match fs::read_to_string(&clients.strings) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(Error::file(&clients.strings))?,
    };
    let strings: BTreeSet<&str> = written.lines().collect();
    if strings.is_empty() {
        if few {
            eprintln!("GPP strings … skipped, the chosen tests produced none");
            return Ok(());
        }
        let reason = "the end-to-end tests produced no GPP string";
        return Err(Error::invalid(
            clients.strings.display().to_string(),
            reason,
        ));
    }
    let iab = step("GPP strings, read by the IAB's library", || {
        answers(&mut clients.reader(tools)?, &strings)
    })?;
    let nosale = step("GPP strings, read by nosale", || {
        let mut cargo = tools.command("cargo")?;
        cargo.args(["run", "--quiet", "--release", "--package", PACKAGE]);
        answers(cargo.args(["--example", "gpp", "--", "decode"]), &strings)
    })?;
    let differences = differences(&strings, &Answers { iab, nosale })?;
    let total = strings.len();
    if !differences.is_empty() {
        return Err(Error::Strings { differences, total });
    }
    println!("{total} GPP strings: read alike by nosale and by the IAB's library");
    Ok(())
}

/// What the two readers printed.
struct Answers {
    iab: String,
    nosale: String,
}

fn answers(reader: &mut Command, strings: &BTreeSet<&str>) -> Result<String> {
    let failed = || Error::system("a file for the GPP strings");
    let mut input = tempfile::tempfile().map_err(failed())?;
    for string in strings {
        writeln!(input, "{string}").map_err(failed())?;
    }
    input.seek(SeekFrom::Start(0)).map_err(failed())?;
    quietly(reader.stdin(Stdio::from(input)))
}

/// One text for each string that the readers do not both read, and alike; after [`SHOWN`] a last one
/// that counts the rest.
fn differences(strings: &BTreeSet<&str>, answers: &Answers) -> Result<Vec<String>> {
    let lines = |reader: &str, text: &'_ str| {
        let count = text.lines().count();
        if count == strings.len() {
            return Ok(());
        }
        let reason = format!("{count} lines for {} strings", strings.len());
        Err(Error::invalid(reader, reason))
    };
    lines("the answer of the IAB's library", &answers.iab)?;
    lines("the answer of nosale's example", &answers.nosale)?;
    let both = answers.iab.lines().zip(answers.nosale.lines());
    let differing = strings.iter().zip(both).filter(|(_, (iab, nosale))| {
        let (iab, nosale) = (sections(iab), sections(nosale));
        iab.is_none() || iab != nosale
    });
    let mut shown: Vec<String> = differing
        .map(|(string, (iab, nosale))| format!("{string}\n  IAB:    {iab}\n  nosale: {nosale}"))
        .collect();
    let more = shown.len().saturating_sub(SHOWN);
    if more > 0 {
        shown.truncate(SHOWN);
        shown.push(format!("and {more} more"));
    }
    Ok(shown)
}

/// What a reader found; `None` if it could not read the string.
fn sections(answer: &str) -> Option<Map<String, Value>> {
    let answer: Map<String, Value> = serde_json::from_str(answer).ok()?;
    (!answer.contains_key("error")).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;
    use crate::project::Project;

    const READ: &str = r#"{"sectionIds":[8],"sections":{"usca":{"Version":1,"Gpc":true}}}"#;

    fn compared(iab: &str, nosale: &str) -> Result<Vec<String>> {
        let (iab, nosale) = (iab.to_owned(), nosale.to_owned());
        let strings = iab.lines().count().max(1);
        let names: Vec<String> = (0..strings).map(|number| format!("S{number:02}")).collect();
        let strings = names.iter().map(String::as_str).collect();
        differences(&strings, &Answers { iab, nosale })
    }

    #[test]
    fn the_order_of_keys_and_the_spaces_do_not_count() {
        let nosale = r#"{ "sections": {"usca": {"Gpc": true, "Version": 1}}, "sectionIds": [8] }"#;
        assert!(compared(READ, nosale).unwrap().is_empty());
    }

    #[test]
    fn a_difference_names_the_string_and_both_answers() {
        let nosale = READ.replace("true", "false");
        let found = compared(&format!("{READ}\n{READ}\n"), &format!("{READ}\n{nosale}\n"));
        assert_eq!(
            found.unwrap(),
            [format!("S01\n  IAB:    {READ}\n  nosale: {nosale}")]
        );
        let iab = READ.replace(",\"Gpc\":true", "");
        assert_eq!(compared(&iab, READ).unwrap().len(), 1, "a field is missing");
        let iab = READ.replace("[8]", "[]");
        assert_eq!(compared(&iab, READ).unwrap().len(), 1, "a list is shorter");
    }

    #[test]
    fn two_equal_errors_are_no_agreement() {
        let error = r#"{"error":"truncated","position":3}"#;
        assert_eq!(compared(error, error).unwrap().len(), 1);
        assert_eq!(compared(error, READ).unwrap().len(), 1);
        assert_eq!(compared(READ, error).unwrap().len(), 1);
        assert_eq!(compared("no JSON", "no JSON").unwrap().len(), 1);
        assert_eq!(compared("[8]", "[8]").unwrap().len(), 1);
    }

    #[test]
    fn a_reader_that_skips_a_line_is_refused() {
        let two = format!("{READ}\n{READ}\n");
        let error = compared(&two, READ).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer of nosale's example: 1 lines for 2 strings"
        );
        let error = compared("", READ).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer of the IAB's library: 0 lines for 1 strings"
        );
    }

    #[test]
    fn many_differences_are_counted() {
        let iab = format!("{READ}\n").repeat(SHOWN + 2);
        let found = compared(&iab, &iab.replace('8', "9")).unwrap();
        assert_eq!(found.len(), SHOWN + 1);
        assert_eq!(found[SHOWN], "and 2 more");
    }

    #[test]
    fn only_a_filter_excuses_that_there_is_no_string() {
        let here = Project::here();
        let manifest = Manifest::read(&here).unwrap();
        let tools = Tools::new(&here, &manifest).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let project = Project {
            target: directory.path().into(),
            ..Project::here()
        };
        let clients = Clients::new(&project);
        check(&clients, &tools, true).unwrap();
        let error = check(&clients, &tools, false).unwrap_err().to_string();
        assert!(error.ends_with("the end-to-end tests produced no GPP string"));
    }

    #[test]
    fn each_string_is_given_once() {
        let strings = BTreeSet::from(["DBABLA~B", "DBAA"]);
        let echoed = answers(&mut Command::new("cat"), &strings).unwrap();
        assert_eq!(echoed, "DBAA\nDBABLA~B\n");
    }
}
