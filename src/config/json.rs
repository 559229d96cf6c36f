//! A JSON value, as the shell hands it to the pure core.

use crate::text::digits;

/// How deep a value may nest. The config's own depth is 3.
pub const MAX_DEPTH: usize = 8;

/// A JSON value; an object's members in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
    /// Something that nests deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl Json {
    /// An object's member.
    pub fn member(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Puts `value` at `path` unless something is there already, making objects on the way. What
    /// stands in the way and is no object is left alone.
    pub fn add(&mut self, path: &[&str], value: Json) {
        let (Json::Object(members), Some((key, rest))) = (self, path.split_first()) else {
            return;
        };
        let place = members.iter().position(|(name, _)| name == key);
        match (place, rest.is_empty()) {
            (Some(_), true) => {}
            (None, true) => members.push(((*key).to_owned(), value)),
            (Some(place), false) => members[place].1.add(rest, value),
            (None, false) => {
                let mut object = Json::Object(Vec::new());
                object.add(rest, value);
                members.push(((*key).to_owned(), object));
            }
        }
    }

    /// The value in a few words, for a message: long texts are cut, contents are left out.
    pub fn brief(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(true) => "true".to_owned(),
            Json::Bool(false) => "false".to_owned(),
            Json::Number(number) if number.trunc() == *number && number.abs() < 1e15 => {
                let sign = if *number < 0.0 { "-" } else { "" };
                [sign, &digits(number.abs() as u64)].concat()
            }
            Json::Number(_) => "a number with a fraction".to_owned(),
            Json::Text(text) => {
                let mut brief = String::from("\"");
                brief.extend(text.chars().take(40));
                brief.push_str(if text.chars().nth(40).is_some() {
                    "…\""
                } else {
                    "\""
                });
                brief
            }
            Json::List(_) => "a list".to_owned(),
            Json::Object(_) => "an object".to_owned(),
            Json::TooDeep => "something nested too deep".to_owned(),
        }
    }
}
