//! Sorts a module's bytes into the streams that the crate `unpack` puts together again.

use std::fmt::Display;

use unpack::{ALIGNMENTS, After, MEMORY, STREAMS, Stream, UNUSUAL, after, unpack, zeros};
use wasmparser::{BinaryReader, Parser, Payload};

use crate::error::{Error, Result};

/// Packs a module, and sees to it that it can be unpacked.
///
/// # Errors
///
/// What is no module, or has an instruction that the crate `unpack` does not know.
pub fn pack(module: &[u8]) -> Result<Vec<u8>> {
    let mut streams = Streams::default();
    let (mut before, mut bodies, mut done) = (module.len(), 0, 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(refused)? {
            Payload::CodeSectionStart { count, .. } => bodies = count as usize,
            Payload::CodeSectionEntry(body) => {
                let (start, end) = (body.range().start as usize, body.range().end as usize);
                if done == 0 {
                    before = start - size_of_number(end - start);
                    streams.put(Stream::Rest, &module[..before]);
                }
                done = end;
                streams.body(BinaryReader::new(&module[start..end], start as u64))?;
            }
            _ => {}
        }
    }
    streams.put(Stream::Rest, &module[done..]);
    let mut packed = Vec::new();
    let sizes = streams.0.iter().map(Vec::len);
    for number in [module.len(), before, bodies].into_iter().chain(sizes) {
        write_number(number, &mut packed);
    }
    packed.extend(streams.0.concat());
    let mut made = vec![0; module.len()];
    match unpack(&packed, &mut made) {
        Some(()) if made == module => Ok(packed),
        _ => Err(refused("unpacked, it is another")),
    }
}

fn refused(reason: impl Display) -> Error {
    Error::invalid("the built module", reason)
}

fn unknown(instruction: u8) -> Error {
    refused(format!(
        "the instruction {instruction:#04x} is not known to xtask/unpack"
    ))
}

/// How many bytes the shortest form of a number takes in LEB128.
fn size_of_number(number: usize) -> usize {
    (number | 1).ilog2() as usize / 7 + 1
}

fn write_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[derive(Default)]
struct Streams([Vec<u8>; STREAMS]);

impl Streams {
    fn put(&mut self, stream: Stream, bytes: &[u8]) {
        self.0[stream as usize].extend(bytes);
    }

    /// Takes one number as it is written, of whatever width and sign.
    fn number(&mut self, stream: Stream, reader: &mut BinaryReader<'_>) -> Result<u32> {
        let mut number = 0;
        for place in (0..).step_by(7) {
            let byte = reader.read_u8().map_err(refused)?;
            self.put(stream, &[byte]);
            number |= u32::from(byte & 127).checked_shl(place).unwrap_or(0);
            if byte < 128 {
                break;
            }
        }
        Ok(number)
    }

    fn bytes(&mut self, stream: Stream, reader: &mut BinaryReader<'_>, count: usize) -> Result<()> {
        self.put(stream, reader.read_bytes(count).map_err(refused)?);
        Ok(())
    }

    fn body(&mut self, mut reader: BinaryReader<'_>) -> Result<()> {
        let reader = &mut reader;
        for _ in 0..self.number(Stream::Type, reader)? {
            self.number(Stream::Type, reader)?;
            self.bytes(Stream::Type, reader, 1)?;
        }
        while !reader.eof() {
            self.instruction(reader)?;
        }
        Ok(())
    }

    /// The instructions of the first version, those on memory as a whole, and the conversions that do
    /// not trap (core specification, 5.4).
    fn instruction(&mut self, reader: &mut BinaryReader<'_>) -> Result<()> {
        let instruction = reader.read_u8().map_err(refused)?;
        if (MEMORY[0]..=MEMORY[1]).contains(&instruction) {
            let alignment = reader.read_u8().map_err(refused)?;
            if alignment != ALIGNMENTS[usize::from(instruction - MEMORY[0])] {
                self.put(Stream::Code, &[UNUSUAL, alignment]);
            }
            self.put(Stream::Code, &[instruction]);
            return self.number(Stream::Offset, reader).map(drop);
        }
        self.put(Stream::Code, &[instruction]);
        match after(instruction).ok_or_else(|| unknown(instruction))? {
            After::Nothing => {}
            After::Number(stream) => drop(self.number(stream, reader)?),
            After::Two(stream) => {
                self.number(stream, reader)?;
                self.number(stream, reader)?;
            }
            After::Labels => {
                for _ in 0..=self.number(Stream::Label, reader)? {
                    self.number(Stream::Label, reader)?;
                }
            }
            After::Bytes(count) => self.bytes(Stream::Long, reader, count)?,
            After::More => {
                let more = self.number(Stream::Code, reader)?;
                let zeros = zeros(more).ok_or_else(|| unknown(instruction))?;
                reader.read_bytes(zeros).map_err(refused)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every kind of instruction, and bodies whose sizes take one, two and three bytes.
    fn module() -> Vec<u8> {
        let every = r#"
            (local i64 i64 i32 f32 f64 f64)
            block (result i32) loop i32.const 1 br_if 0 i32.const 0 br_table 0 1 0 1 end i32.const -70000 end
            if nop else unreachable end
            local.get 0 local.set 2 local.get 0 local.tee 3 drop
            global.get 0 global.set 0
            i32.const 8 i32.load offset=300 drop i32.const 8 i32.load offset=70000 align=1 drop
            i32.const 8 i64.load align=2 drop i32.const 8 f32.load drop i32.const 8 f64.load drop
            i32.const 8 i32.load8_s drop i32.const 8 i32.load16_u align=1 drop i32.const 8 i64.load32_u drop
            i32.const 8 i32.const 7 i32.store8 offset=9 i32.const 8 i64.const -9000000000 i64.store32
            i32.const 8 f64.const 1.5e300 f64.store i32.const 8 f32.const -0.1 f32.store
            memory.size memory.grow drop
            i32.const 1 i32.const 2 i32.const 3 memory.copy
            i32.const 1 i32.const 2 i32.const 3 memory.fill
            f64.const nan i32.trunc_sat_f64_u i32.extend8_s drop
            local.get 0 i32.const 0 call_indirect (param i32)
            local.get 0 call 1 i32.const 1 i32.const 2 i32.const 3 select drop
            return"#;
        let long = "i32.const 300 drop ".repeat(40);
        let longer = "i32.const 300 drop ".repeat(8000);
        let text = format!(
            r#"(module
                (import "a" "b" (func (param i32)))
                (memory 1) (table 2 funcref) (global (mut i32) (i32.const 5))
                (func (export "c") (param i32 i32) {every})
                (func (param i32)) (func {long}) (func {longer})
                (elem (i32.const 0) 1 2) (data (i32.const 16) "text\00\ff`${{"))"#
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn a_module_comes_back() {
        for module in [module(), wat::parse_str("(module (memory 1))").unwrap()] {
            pack(&module).unwrap();
        }
    }

    #[test]
    fn an_instruction_that_is_not_known_ends_the_build() {
        let vector = "(module (func v128.const i64x2 1 2 drop))";
        let error = pack(&wat::parse_str(vector).unwrap()).unwrap_err();
        assert!(error.to_string().contains("0xfd"), "{error}");
        assert!(pack(b"no module").is_err());
    }

    proptest! {
        /// Whatever is unpacked ends, and says so.
        #[test]
        fn what_was_not_packed_is_refused(place: usize, byte: u8, cut: usize) {
            let mut packed = pack(&module()).unwrap();
            let place = place % packed.len();
            packed[place] = byte;
            packed.truncate(packed.len() - cut % 100);
            let _ = unpack(&packed, &mut [0; 40_000]);
            let shorter = &packed[..place.min(packed.len())];
            prop_assert!(unpack(shorter, &mut [0; 40_000]).is_none());
        }
    }
}
