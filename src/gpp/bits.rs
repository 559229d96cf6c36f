//! Bits and the letters they are written in: the one coder that header and sections share.

use super::error::DecodeErrorKind;

/// Six bits each, most significant first. The specification prints `+` and `/` at the end; real
/// strings have `-` and `_`.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const BITS_OF_LETTER: usize = 6;

/// What a letter stands for; `None` for a foreign character.
pub(super) fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

/// The place of the first character that is no letter of the alphabet.
pub(super) fn foreign(text: &str) -> Option<usize> {
    text.bytes().position(|letter| value(letter).is_none())
}

/// How many bits a text holds.
pub(super) fn len(text: &str) -> usize {
    text.len() * BITS_OF_LETTER
}

/// Reads bits from a text, one after the other. What is left over at the end is padding.
pub(super) struct BitReader<'a> {
    letters: &'a [u8],
    next: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(text: &'a str) -> BitReader<'a> {
        BitReader {
            letters: text.as_bytes(),
            next: 0,
        }
    }

    fn bit(&mut self) -> Option<bool> {
        let letter = *self.letters.get(self.next / BITS_OF_LETTER)?;
        let shift = BITS_OF_LETTER - 1 - self.next % BITS_OF_LETTER;
        self.next += 1;
        Some(value(letter)? >> shift & 1 == 1)
    }

    /// A number of `bits` bits, at most 16.
    pub(super) fn number(&mut self, bits: u8) -> Result<u16, DecodeErrorKind> {
        let mut number = 0;
        for _ in 0..bits {
            let bit = self.bit().ok_or(DecodeErrorKind::CutShort)?;
            number = number << 1 | u16::from(bit);
        }
        Ok(number)
    }

    /// A number from 1 up as a sum of Fibonacci numbers, lowest first, up to the first `11`.
    pub(super) fn fibonacci(&mut self) -> Result<u32, DecodeErrorKind> {
        let (mut term, mut next) = (1u64, 2u64);
        let mut sum = 0u64;
        let mut last = false;
        loop {
            let bit = self.bit().ok_or(DecodeErrorKind::UnendedNumber)?;
            if bit && last {
                return u32::try_from(sum).map_err(|_| DecodeErrorKind::SectionId);
            }
            if bit {
                sum = sum.saturating_add(term);
            }
            last = bit;
            (term, next) = (next, term.saturating_add(next));
        }
    }
}

/// Writes bits to the end of a text.
pub(super) struct BitWriter<'a> {
    text: &'a mut String,
    written: usize,
    pending: u8,
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(text: &'a mut String) -> BitWriter<'a> {
        BitWriter {
            text,
            written: 0,
            pending: 0,
        }
    }

    fn bit(&mut self, bit: bool) {
        self.pending = self.pending << 1 | u8::from(bit);
        self.written += 1;
        if self.written.is_multiple_of(BITS_OF_LETTER) {
            self.text
                .push(char::from(ALPHABET[usize::from(self.pending & 63)]));
            self.pending = 0;
        }
    }

    /// The lowest `bits` bits of a number, at most 16.
    pub(super) fn number(&mut self, number: u16, bits: u8) {
        for place in (0..bits).rev() {
            self.bit(number >> place & 1 == 1);
        }
    }

    /// See [`BitReader::fibonacci`]; `number` is at least 1.
    pub(super) fn fibonacci(&mut self, number: u32) {
        let mut rest = u64::from(number);
        let (mut term, mut next) = (1, 2);
        let mut terms = 1;
        while next <= rest {
            (term, next) = (next, term + next);
            terms += 1;
        }
        let mut marks = 0u64;
        for place in (0..terms).rev() {
            if term <= rest {
                rest -= term;
                marks |= 1 << place;
            }
            (term, next) = (next - term, term);
        }
        for place in 0..terms {
            self.bit(marks >> place & 1 == 1);
        }
        self.bit(true);
    }

    /// Pads with zeros to whole bytes and then to whole letters, as the IAB's libraries do; the
    /// specification asks for the latter only. The two differ by a letter `A`.
    pub(super) fn finish(mut self) {
        for unit in [8, BITS_OF_LETTER] {
            while !self.written.is_multiple_of(unit) {
                self.bit(false);
            }
        }
    }
}
