//! A few things that the standard library does with texts, in a tenth of its bytes.

/// A number in decimal digits. The standard way brings the machinery of formatting along.
pub fn digits(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits.into_iter().collect();
        }
    }
}

/// Where a text first has `part`. The standard way is made for longer ones.
pub fn find(text: &str, part: &str) -> Option<usize> {
    (0..=text.len()).find(|&place| text.as_bytes()[place..].starts_with(part.as_bytes()))
}

/// Where a text has the last of these ASCII characters.
pub fn find_last(text: &str, character: u8) -> Option<usize> {
    text.bytes().rposition(|byte| byte == character)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_reads_as_the_standard_library_writes_it(number: u64, small in 0..100_u64) {
            prop_assert_eq!(digits(number), number.to_string());
            prop_assert_eq!(digits(small), small.to_string());
        }

        #[test]
        fn parts_are_found_where_they_are(text in "[abé]{0,12}", part in "[abé]{0,3}") {
            prop_assert_eq!(find(&text, &part), text.find(&part));
            prop_assert_eq!(find_last(&text, b'b'), text.rfind('b'));
        }
    }
}
