//! A mistake in the config, and the nearest right word.

/// A mistake in the config: where it is, what stands there and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path of the value, such as `vendors[2].mode`; empty for the whole config.
    pub path: String,
    /// The value, in a few words.
    pub value: String,
    /// What was expected.
    pub expected: String,
    /// The nearest right key or word, if one is near.
    pub suggestion: Option<&'static str>,
    /// What holds instead.
    pub instead: &'static str,
}

impl Problem {
    /// The message for the console.
    pub fn message(&self) -> String {
        let mut text = String::from("config");
        if !self.path.is_empty() {
            text.push_str(": ");
            text.push_str(&self.path);
        }
        text.push_str(" is ");
        text.push_str(&self.value);
        text.push_str("; expected ");
        text.push_str(&self.expected);
        if let Some(suggestion) = self.suggestion {
            text.push_str("; did you mean \"");
            text.push_str(suggestion);
            text.push_str("\"?");
        }
        text.push_str(" (");
        text.push_str(self.instead);
        text.push(')');
        text
    }
}

/// The word of `known` that is nearest to `word`, if a third of its letters or fewer differ.
pub(super) fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    // Far longer than any key: not worth the search, and not worth a hostile page's time.
    if word.len() > 40 {
        return None;
    }
    let (distance, best) = known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .min()?;
    (distance <= 1 + best.len() / 3).then_some(best)
}

/// How many letters must be put in, taken out or changed; upper and lower case are the same.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<u8> = other
        .bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one
        .bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .enumerate()
    {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, known) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *known);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
