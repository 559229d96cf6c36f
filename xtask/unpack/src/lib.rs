//! A module of WebAssembly as streams, in which what stands alike is side by side: the instructions,
//! the numbers of locals, the offsets into memory and so on. A compressor makes a tenth less of them
//! than of the module. `xtask` sorts a module into streams and checks that [`unpack`] gives the same
//! module again; `nosale.js` carries this crate as a small module of its own, which does it there.
//!
//! A script carries bytes as a string of ASCII, which browsers read fastest: see [`decode`].
//!
//! Packed are, as LEB128, the size of the module, how many of its bytes stand before the first
//! function's body, how many bodies there are, and the size of each stream; then the streams.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![warn(missing_docs)]

/// What stands alike, in the order of the streams.
#[derive(Clone, Copy)]
pub enum Stream {
    /// All but the bodies of functions.
    Rest,
    /// Instructions.
    Code,
    /// Types of locals and of blocks, and what is nearly always zero.
    Type,
    /// Which block is left.
    Label,
    /// Which function is called.
    Call,
    /// Which local.
    Local,
    /// Offsets into memory.
    Offset,
    /// Constants of 32 bits.
    Integer,
    /// Constants of 64 bits, and floats.
    Long,
}

/// How many streams there are.
pub const STREAMS: usize = Stream::Long as usize + 1;

/// What no instruction is: the next byte is the alignment of the instruction after it, which is
/// another than [`ALIGNMENTS`] has.
pub const UNUSUAL: u8 = 255;

/// The first and the last instruction that reads or writes memory.
pub const MEMORY: [u8; 2] = [0x28, 0x3e];

/// The alignment of each of them that a compiler writes, as a power of two (core specification,
/// 5.4.6).
pub const ALIGNMENTS: &[u8; 23] = &[
    2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2,
];

/// What follows an instruction.
pub enum After {
    /// Nothing.
    Nothing,
    /// One number.
    Number(Stream),
    /// Two numbers of one stream.
    Two(Stream),
    /// A count, and one number more than it says.
    Labels,
    /// Bytes as they are.
    Bytes(usize),
    /// The number of an instruction on memory as a whole, or of a conversion.
    More,
}

/// What follows an instruction that begins with this byte, those of [`MEMORY`] aside; `None` if it is
/// not known here.
pub fn after(instruction: u8) -> Option<After> {
    Some(match instruction {
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 => After::Nothing,
        0x02..=0x04 | 0x23 | 0x24 | 0x3f | 0x40 => After::Number(Stream::Type),
        0x0c | 0x0d => After::Number(Stream::Label),
        0x0e => After::Labels,
        0x10 => After::Number(Stream::Call),
        0x11 => After::Two(Stream::Type),
        0x20..=0x22 => After::Number(Stream::Local),
        0x41 => After::Number(Stream::Integer),
        0x42 => After::Number(Stream::Long),
        0x43 => After::Bytes(4),
        0x44 => After::Bytes(8),
        0xfc => After::More,
        _ => return None,
    })
}

/// How many zeros follow an instruction that begins with 0xfc and this number: the memories that it
/// copies or fills. `None` if it is not known here.
pub fn zeros(number: u32) -> Option<usize> {
    match number {
        0..=7 => Some(0),
        10 => Some(2),
        11 => Some(1),
        _ => None,
    }
}

/// Reads a number and says how many bytes it took. What is beyond 32 bits is lost.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut number = 0;
    for (place, &byte) in bytes.iter().enumerate() {
        number |= u32::from(byte & 127).wrapping_shl(7 * place as u32);
        if byte < 128 {
            return Some((number, place + 1));
        }
    }
    None
}

/// The first character of a string that is none of a byte by itself: after it comes one that stands for
/// one of the last two bytes, and after the next, 127, one that stands for one of the 128 before them.
pub const ESCAPES: u8 = 126;

/// Makes bytes of the characters that stand for them, in place, and gives their number. All bytes are
/// shifted up by `shift`, so that few need two characters. What ends too soon is left out.
pub fn decode(text: &mut [u8], shift: u8) -> usize {
    let (mut from, mut to) = (0, 0);
    while let Some(&character) = text.get(from) {
        let mut byte = character;
        if character >= ESCAPES {
            from += 1;
            let Some(&next) = text.get(from) else { break };
            byte = next.wrapping_add(if character == ESCAPES { 254 } else { ESCAPES });
        }
        text[to] = byte.wrapping_sub(shift);
        from += 1;
        to += 1;
    }
    to
}

/// Puts a module together. `None` if that is not what was packed, or has no room in `module`.
pub fn unpack(packed: &[u8], module: &mut [u8]) -> Option<()> {
    let mut head = packed;
    let mut next = || {
        let (value, size) = number(head)?;
        head = head.get(size..)?;
        Some(value as usize)
    };
    let (length, before, bodies) = (next()?, next()?, next()?);
    let mut streams = [&[][..]; STREAMS];
    let mut sizes = [0; STREAMS];
    for size in &mut sizes {
        *size = next()?;
    }
    let mut left = head;
    for (stream, size) in streams.iter_mut().zip(sizes) {
        (*stream, left) = left.split_at_checked(size)?;
    }
    let mut unpacking = Unpacking {
        streams,
        module: module.get_mut(..length)?,
        end: 0,
    };
    unpacking.copy(Stream::Rest, before)?;
    for _ in 0..bodies {
        unpacking.body()?;
    }
    let rest = unpacking.streams[Stream::Rest as usize].len();
    unpacking.copy(Stream::Rest, rest)?;
    (unpacking.end == length).then_some(())
}

struct Unpacking<'a> {
    streams: [&'a [u8]; STREAMS],
    module: &'a mut [u8],
    end: usize,
}

impl Unpacking<'_> {
    fn put(&mut self, byte: u8) -> Option<()> {
        *self.module.get_mut(self.end)? = byte;
        self.end += 1;
        Some(())
    }

    fn read(&mut self, stream: Stream) -> Option<u8> {
        let stream = &mut self.streams[stream as usize];
        let (&byte, rest) = stream.split_first()?;
        *stream = rest;
        Some(byte)
    }

    fn copy(&mut self, stream: Stream, count: usize) -> Option<()> {
        for _ in 0..count {
            let byte = self.read(stream)?;
            self.put(byte)?;
        }
        Some(())
    }

    fn number(&mut self, stream: Stream) -> Option<u32> {
        let (number, size) = number(self.streams[stream as usize])?;
        self.copy(stream, size)?;
        Some(number)
    }

    /// A function's body, which begins with its size.
    fn body(&mut self) -> Option<()> {
        let start = self.end;
        self.end += 1;
        for _ in 0..self.number(Stream::Type)? {
            self.number(Stream::Type)?;
            self.copy(Stream::Type, 1)?;
        }
        let mut depth = 1;
        while depth > 0 {
            match self.instruction()? {
                0x02..=0x04 => depth += 1,
                0x0b => depth -= 1,
                _ => {}
            }
        }
        let mut size = self.end - start - 1;
        let digits = (size | 1).ilog2() as usize / 7;
        self.module.get(start..self.end + digits)?;
        self.module
            .copy_within(start + 1..self.end, start + 1 + digits);
        self.end += digits;
        for place in start..start + digits {
            self.module[place] = size as u8 | 128;
            size >>= 7;
        }
        self.module[start + digits] = size as u8;
        Some(())
    }

    /// Gives the byte that the instruction begins with.
    fn instruction(&mut self) -> Option<u8> {
        let mut instruction = self.read(Stream::Code)?;
        let mut alignment = None;
        if instruction == UNUSUAL {
            alignment = Some(self.read(Stream::Code)?);
            instruction = self.read(Stream::Code)?;
        }
        self.put(instruction)?;
        if (MEMORY[0]..=MEMORY[1]).contains(&instruction) {
            let usual = ALIGNMENTS.get(usize::from(instruction - MEMORY[0]))?;
            self.put(alignment.unwrap_or(*usual))?;
            self.number(Stream::Offset)?;
            return Some(instruction);
        }
        match after(instruction)? {
            After::Nothing => {}
            After::Number(stream) => drop(self.number(stream)?),
            After::Two(stream) => {
                self.number(stream)?;
                self.number(stream)?;
            }
            After::Labels => {
                for _ in 0..=self.number(Stream::Label)? {
                    self.number(Stream::Label)?;
                }
            }
            After::Bytes(count) => self.copy(Stream::Long, count)?,
            After::More => {
                let more = self.number(Stream::Code)?;
                for _ in 0..zeros(more)? {
                    self.put(0)?;
                }
            }
        }
        Some(instruction)
    }
}

#[cfg(target_arch = "wasm32")]
mod export {
    #![allow(
        unsafe_code,
        reason = "the script around it hands over memory by address"
    )]

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }

    /// Unpacks the text that lies at `packed` into what follows it; gives the size of the module, or zero.
    ///
    /// # Safety
    ///
    /// The script has made room for both, where nothing else lies.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn unpack(packed: *mut u8, size: usize, shift: u8, room: usize) -> usize {
        // SAFETY: see above.
        let (packed, module) = unsafe {
            (
                core::slice::from_raw_parts_mut(packed, size),
                core::slice::from_raw_parts_mut(packed.add(size), room),
            )
        };
        let size = super::decode(packed, shift);
        super::unpack(&packed[..size], module).map_or(0, |()| room)
    }
}
