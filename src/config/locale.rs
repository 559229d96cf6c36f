//! The languages of the notice and the dialog, and which one a visitor gets.

/// The languages, by the names of their files in `locales/`; English, the first, is built in.
pub const LOCALES: [&str; 21] = [
    "en", "es", "zh-Hans", "zh-Hant", "vi", "ko", "tl", "ja", "hy", "fa", "ar", "ru", "hi", "pa",
    "km", "hmn", "th", "pt", "fr", "de", "he",
];

/// The language for a BCP 47 tag, such as `pt-BR`; `None` for one that nosale does not speak.
pub fn locale_of(tag: &str) -> Option<&'static str> {
    let mut parts = tag.split(['-', '_']);
    let language = parts.next()?;
    let is = |name: &str| language.eq_ignore_ascii_case(name);
    let name = if is("zh") {
        // By its script, which comes first, or by where the traditional one is written.
        let traditional = parts.next().is_some_and(|part| {
            ["hant", "tw", "hk", "mo"]
                .iter()
                .any(|known| part.eq_ignore_ascii_case(known))
        });
        if traditional { "zh-Hant" } else { "zh-Hans" }
    } else if is("fil") {
        "tl"
    } else if is("iw") {
        // What Hebrew was called before.
        "he"
    } else {
        language
    };
    LOCALES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name))
}

/// The language for a visitor: the first of these tags that nosale speaks, else English.
pub fn choose_locale(tags: impl IntoIterator<Item = String>) -> &'static str {
    tags.into_iter()
        .find_map(|tag| locale_of(&tag))
        .unwrap_or(LOCALES[0])
}

/// Whether a language is written from right to left.
pub fn is_right_to_left(locale: &str) -> bool {
    matches!(locale, "ar" | "fa" | "he")
}
