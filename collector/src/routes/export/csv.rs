//! A line of CSV (RFC 4180) for each event, with the columns that records of requests need
//! (regs 7101), safe to open in a spreadsheet.

use std::borrow::Cow;

use serde_json::Value;

use crate::store::StoredEvent;

/// The columns that are read out of the event: their names, and where they are.
const COLUMNS: [(&str, &str); 20] = [
    ("id", "/id"),
    ("type", "/type"),
    ("source", "/source"),
    ("time", "/time"),
    ("kind", "/data/kind"),
    ("how", "/data/how"),
    ("jurisdiction", "/data/jurisdiction"),
    ("gpc", "/data/signals/gpc"),
    ("account_signal", "/data/signals/account"),
    ("age", "/data/signals/age"),
    ("earlier_signal", "/data/signals/earlierSignal"),
    ("gpp", "/data/gpp"),
    ("usp", "/data/usp"),
    ("revision", "/data/revision"),
    ("module", "/data/module"),
    ("page", "/data/page"),
    ("account", "/data/account"),
    ("lifts", "/data/lifts"),
    ("email", "/data/email"),
    ("contacts", "/data/contacts"),
];
const PURPOSES: [&str; 5] = [
    "sale",
    "sharing",
    "targeted_advertising",
    "profiling",
    "sensitive_data",
];
const ANSWERS: [&str; 3] = ["allowed", "because", "before"];

/// The names of the columns.
pub fn head() -> String {
    let mut cells = vec![Cow::from("sequence"), "received".into(), "sec_gpc".into()];
    cells.extend(COLUMNS.map(|(name, _)| Cow::from(name)));
    for purpose in PURPOSES {
        cells.extend(ANSWERS.map(|answer| Cow::from(format!("{purpose}_{answer}"))));
    }
    cells.push("vendors".into());
    cells.join(",") + "\r\n"
}

pub fn line(stored: &StoredEvent) -> Result<String, serde_json::Error> {
    let event: Value = serde_json::from_str(stored.event.get())?;
    let text_at = |path: &str| text(event.pointer(path).unwrap_or(&Value::Null));
    let mut cells = vec![
        stored.sequence.to_string(),
        cell(&stored.received),
        stored.sec_gpc.to_string(),
    ];
    cells.extend(COLUMNS.map(|(_, path)| cell(&text_at(path))));
    for purpose in PURPOSES {
        cells.extend(
            ANSWERS.map(|answer| cell(&text_at(&format!("/data/purposes/{purpose}/{answer}")))),
        );
    }
    cells.push(cell(&text_at("/data/vendors")));
    Ok(cells.join(",") + "\r\n")
}

/// A text as it is, nothing as nothing, all else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The cell as CSV. Spreadsheets run a text that begins like a formula; an apostrophe before it
/// tells them that it is a text.
fn cell(text: &str) -> String {
    let begins = text.trim_start_matches([' ', '\u{a0}']);
    let mut cell = if begins.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '|', '%',
    ]) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if cell.contains(['"', ',', ';', '\r', '\n', '\t']) {
        cell = format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        for (text, expected) in [
            ("", ""),
            ("a-17", "a-17"),
            ("https://a.example", "https://a.example"),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum(a1)", "'@sum(a1)"),
            ("  =1", "'  =1"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("＝1", "'＝1"),
            ("=a(\",\")", "\"'=a(\"\",\"\")\""),
            ("{\"a\":1}", "\"{\"\"a\"\":1}\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_value_of_an_event_has_a_column() {
        fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
            match value.as_object() {
                Some(object) if path != "/data/vendors" => {
                    for (key, value) in object {
                        leaves(value, &format!("{path}/{key}"), found);
                    }
                }
                _ => found.push(path.to_owned()),
            }
        }
        let event: Value =
            serde_json::from_str(include_str!("../../../../tests/data/events/choice.json"))
                .unwrap();
        let mut found = Vec::new();
        leaves(&event, "", &mut found);
        found.retain(|path| !matches!(path.as_str(), "/specversion" | "/datacontenttype"));
        let mut columns: Vec<String> = COLUMNS.map(|(_, path)| path.to_owned()).into();
        for purpose in PURPOSES {
            columns.extend(ANSWERS.map(|answer| format!("/data/purposes/{purpose}/{answer}")));
        }
        columns.push("/data/vendors".to_owned());
        let optional = [
            "/data/account",
            "/data/lifts",
            "/data/email",
            "/data/contacts",
        ];
        columns.retain(|path| !optional.contains(&path.as_str()));
        columns.sort();
        found.sort();
        assert_eq!(columns, found);
        assert_eq!(head().split(',').count(), columns.len() + 7);
    }
}
