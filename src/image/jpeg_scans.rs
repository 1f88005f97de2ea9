//! Follows the compressed pixels of a JPEG to their end, without computing any of them.
//!
//! Neither the end marker nor its absence tells whether a JPEG is whole: some cameras and phones leave it out or write other data
//! in its place, and a broken download may have it glued on. Decoders fill the pixels that are missing with grey. So the Huffman
//! codes are counted here: every block of every scan has to be there.

use super::header::JpegSegments;

/// What there is of a JPEG's compressed pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scans {
    /// All of them; `end` is the place behind the last.
    Whole { end: usize },
    /// More than a hundredth of the blocks of a scan is missing.
    CutShort,
    /// They are coded in a way that is not followed here.
    Unknown,
}

/// Follows all scans of a file.
pub(super) fn follow(bytes: &[u8]) -> Scans {
    let mut decoder = Decoder { bits: Bits { bytes, at: 2, held: 0, count: 0 }, ..Decoder::default() };
    let mut segments = JpegSegments { bytes, at: 2 };
    let mut end = None;
    let mut is_marked = false;
    while let Some((marker, at)) = segments.next() {
        let body = bytes.get(at + 2..segments.at).unwrap_or_default();
        let known = match marker {
            0xD9 => {
                is_marked = true;
                break;
            }
            0xC0..=0xC2 => decoder.frame(body, marker == 0xC2),
            0xC4 => decoder.tables(body),
            0xC3 | 0xC5..=0xCF => None,
            0xDD => body.first_chunk().map(|pair| decoder.interval = usize::from(u16::from_be_bytes(*pair))),
            0xDA => {
                decoder.bits = Bits { bytes, at: segments.at, held: 0, count: 0 };
                match decoder.scan(body) {
                    Some(true) => {}
                    Some(false) => return Scans::CutShort,
                    None => return Scans::Unknown,
                }
                end = Some(decoder.bits.at);
                if !decoder.progressive && decoder.all_seen(true) {
                    break;
                }
                decoder.bits.seek_marker();
                segments.at = decoder.bits.at;
                Some(())
            }
            _ => Some(()),
        };
        if known.is_none() {
            return Scans::Unknown;
        }
    }
    match end {
        Some(end) if decoder.all_seen(is_marked || !decoder.progressive) => Scans::Whole { end },
        _ => Scans::CutShort,
    }
}

#[derive(Default)]
struct Component {
    id: u8,
    /// Blocks across and down in one unit of an interleaved scan.
    across: usize,
    down: usize,
    /// Whether a scan had its first coefficients, and one its last.
    seen: bool,
    seen_last: bool,
}

#[derive(Default)]
struct Decoder<'a> {
    bits: Bits<'a>,
    width: usize,
    height: usize,
    components: Vec<Component>,
    progressive: bool,
    /// Units between restart markers; 0 for none.
    interval: usize,
    /// Four tables for first coefficients, then four for the others.
    huffman: [Option<Huffman>; 8],
    /// Blocks without further coefficients that still follow in a progressive scan.
    empty_blocks: usize,
}

/// A progressive scan's range of coefficients, and whether it refines earlier ones.
#[derive(Clone, Copy)]
struct Range {
    first: usize,
    last: usize,
    refines: bool,
}

impl Decoder<'_> {
    /// Whether there were scans of every component; to its last coefficients, unless the file says that it ends here.
    fn all_seen(&self, ends_here: bool) -> bool {
        let seen = |part: &Component| part.seen && (ends_here || part.seen_last);
        !self.components.is_empty() && self.components.iter().all(seen)
    }

    fn frame(&mut self, body: &[u8], progressive: bool) -> Option<()> {
        let [8, y1, y0, x1, x0, count] = *body.first_chunk()? else { return None };
        (self.height, self.width) = (u16::from_be_bytes([y1, y0]).into(), u16::from_be_bytes([x1, x0]).into());
        self.progressive = progressive;
        let parts = body.get(6..6 + 3 * usize::from(count))?.chunks_exact(3);
        self.components = parts
            .map(|part| Component {
                id: part[0],
                across: usize::from(part[1] >> 4),
                down: usize::from(part[1] & 15),
                ..Component::default()
            })
            .collect();
        let usual = |side: usize| (1..=4).contains(&side);
        self.components.iter().all(|part| usual(part.across) && usual(part.down)).then_some(())
    }

    fn tables(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&place, rest)) = body.split_first() {
            let counts = rest.first_chunk::<16>()?;
            let length = counts.iter().map(|&count| usize::from(count)).sum::<usize>();
            let symbols = rest.get(16..16 + length)?;
            let slot = usize::from(place >> 4) * 4 + usize::from(place & 15);
            *self.huffman.get_mut(slot)? = Some(Huffman::new(counts, symbols)?);
            body = &rest[16 + length..];
        }
        Some(())
    }

    /// Follows a scan; whether its blocks are there. `None` where it cannot be followed.
    fn scan(&mut self, body: &[u8]) -> Option<bool> {
        let (&count, rest) = body.split_first()?;
        let count = usize::from(count);
        let [first, last, bits] = *rest.get(2 * count..)?.first_chunk()?;
        let range = match self.progressive {
            true => Range { first: first.into(), last: last.into(), refines: bits >> 4 > 0 },
            false => Range { first: 0, last: 63, refines: false },
        };
        if range.last > 63 {
            return None;
        }
        // One entry per block of a unit: its tables.
        let mut blocks = Vec::new();
        let widest = self.components.iter().map(|part| part.across).max()?;
        let tallest = self.components.iter().map(|part| part.down).max()?;
        let mut units = self.width.div_ceil(8 * widest) * self.height.div_ceil(8 * tallest);
        for pair in rest[..2 * count].chunks_exact(2) {
            let component = self.components.iter_mut().find(|component| component.id == pair[0])?;
            component.seen |= range.first == 0;
            component.seen_last |= range.last == 63;
            let tables = (usize::from(pair[1] >> 4), 4 + usize::from(pair[1] & 15));
            if count == 1 {
                let across = (self.width * component.across).div_ceil(widest).div_ceil(8);
                units = across * (self.height * component.down).div_ceil(tallest).div_ceil(8);
                blocks.push(tables);
            } else {
                blocks.resize(blocks.len() + component.across * component.down, tables);
            }
        }
        if range.first > 0 && range.refines {
            // To follow it, all earlier coefficients would have to be kept. It adds one bit to them, and may be cut short.
            self.bits.seek_marker();
            return Some(true);
        }
        let interval = if self.interval == 0 { units } else { self.interval };
        let (mut done, mut missing) = (0, 0);
        while done < units {
            self.empty_blocks = 0;
            let stop = units.min(done + interval);
            for unit in done..stop {
                if blocks.iter().any(|tables| self.block(*tables, range).is_none()) {
                    missing += stop - unit;
                    break;
                }
            }
            done = stop;
            if done < units && !self.bits.restart() {
                missing += units - done;
                break;
            }
        }
        Some(missing * 100 <= units)
    }

    /// Reads one block; `None` where the bits end, or are no code.
    fn block(&mut self, (first, others): (usize, usize), range: Range) -> Option<()> {
        let Self { bits, huffman, empty_blocks, .. } = self;
        let mut at = range.first;
        if at == 0 {
            if range.refines {
                return bits.take(1).map(drop);
            }
            let length = bits.symbol(huffman.get(first)?.as_ref()?)?;
            bits.take(length.into())?;
            at = 1;
        }
        if *empty_blocks > 0 {
            *empty_blocks -= 1;
            return Some(());
        }
        while at <= range.last {
            let symbol = bits.symbol(huffman.get(others)?.as_ref()?)?;
            let (zeros, length) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            match (zeros, length) {
                (15, 0) => at += 16,
                (_, 0) => {
                    if self.progressive {
                        *empty_blocks = (1 << zeros) - 1 + bits.take(zeros)? as usize;
                    }
                    break;
                }
                _ => {
                    bits.take(length)?;
                    at += zeros as usize + 1;
                }
            }
        }
        Some(())
    }
}

/// Codes of up to this many bits are looked up.
const SHORT: u32 = 9;

struct Huffman {
    /// Length and symbol by the first bits; a length of 0 for codes that are longer.
    short: [(u8, u8); 1 << SHORT],
    /// For each length the first code, the number of codes, and the place of the first's symbol.
    long: [(u32, u32, usize); 17],
    symbols: Vec<u8>,
}

impl Huffman {
    fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self { short: [(0, 0); 1 << SHORT], long: [(0, 0, 0); 17], symbols: symbols.to_vec() };
        let (mut code, mut place) = (0, 0);
        for (length, &count) in (1..).zip(counts) {
            let count = u32::from(count);
            table.long[length as usize] = (code, count, place);
            if code + count > 1 << length {
                return None;
            }
            for _ in 0..count {
                if length <= SHORT {
                    let spare = SHORT - length;
                    let from = (code << spare) as usize;
                    table.short[from..from + (1 << spare)].fill((length as u8, symbols[place]));
                }
                code += 1;
                place += 1;
            }
            code <<= 1;
        }
        Some(table)
    }
}

/// Reads bits, the most significant first. A zero that follows an `FF` is no data; any other byte there is a marker, and ends them.
#[derive(Default)]
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn fill(&mut self) {
        while self.count <= 24 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xFF {
                if self.bytes.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.held = self.held << 8 | u32::from(byte);
            self.count += 8;
        }
    }

    /// The next bits, with zeros behind the last.
    fn peek(&self, length: u32) -> u32 {
        let bits = match self.count.checked_sub(length) {
            Some(spare) => self.held >> spare,
            None => self.held << (length - self.count),
        };
        bits & ((1 << length) - 1)
    }

    fn take(&mut self, length: u32) -> Option<u32> {
        // A broken table may ask for more than any level has.
        if length > 16 {
            return None;
        }
        if self.count < length {
            self.fill();
        }
        let bits = self.peek(length);
        self.count = self.count.checked_sub(length)?;
        Some(bits)
    }

    fn symbol(&mut self, table: &Huffman) -> Option<u8> {
        if self.count < 16 {
            self.fill();
        }
        let (length, symbol) = table.short[self.peek(SHORT) as usize];
        if length > 0 {
            self.take(length.into())?;
            return Some(symbol);
        }
        for length in SHORT + 1..=16 {
            let (first, count, place) = table.long[length as usize];
            let code = self.peek(length);
            if (first..first + count).contains(&code) {
                self.take(length)?;
                return table.symbols.get(place + (code - first) as usize).copied();
            }
        }
        None
    }

    /// Goes to the next marker, or to the end.
    fn seek_marker(&mut self) {
        (self.held, self.count) = (0, 0);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF);
        self.at = rest.windows(2).position(is_marker).map_or(self.bytes.len(), |place| self.at + place);
    }

    /// Goes behind the next marker, if that is a restart marker.
    fn restart(&mut self) -> bool {
        self.seek_marker();
        let is_restart = matches!(self.bytes.get(self.at + 1), Some(0xD0..=0xD7));
        if is_restart {
            self.at += 2;
        }
        is_restart
    }
}
