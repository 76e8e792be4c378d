//! Strokes of a signature: captured with time and pressure, checked for being a signature, stored as compact deltas.

use super::super::order::signing::Ink;

/// One sample of the pen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InkPoint {
    /// Tenths of a pixel from the left of the pad.
    pub x: i32,
    /// Tenths of a pixel from its top.
    pub y: i32,
    /// Milliseconds since the first touch.
    pub t: u32,
    /// Pressure, 0 to 255; 128 where the screen gives none.
    pub pressure: u8,
}

/// A line without lifting the pen.
pub type Stroke = Vec<InkPoint>;

/// Why some strokes are not a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadInk {
    /// Too little was drawn to be anybody's name.
    #[error("the signature is too short: {length_px} px drawn, at least {} needed", MIN_LENGTH_PX)]
    TooLittle {
        /// How much was drawn.
        length_px: u64,
    },
    /// More samples than any signature has.
    #[error("the signature has {points} points, at most {} are kept", MAX_POINTS)]
    TooMuch {
        /// How many.
        points: usize,
    },
    /// The bytes are not encoded strokes.
    #[error("these bytes are not strokes")]
    Malformed,
}

/// The least length drawn, in pixels: a dot or a slip of the finger is no signature.
pub const MIN_LENGTH_PX: u64 = 60;
/// The most points kept: about two minutes of a 120 Hz pen.
pub const MAX_POINTS: usize = 16_384;
const MAGIC: u8 = 1;

/// Checks and encodes strokes.
///
/// Layout: version 1, number of strokes, then for each the number of points and each point as deltas
/// (x, y, t as zig-zag or plain LEB128) and pressure.
///
/// # Errors
/// When it is too little to be a signature, or too much.
pub fn encode(strokes: &[Stroke]) -> Result<Ink, BadInk> {
    let points: usize = strokes.iter().map(Vec::len).sum();
    if points > MAX_POINTS {
        return Err(BadInk::TooMuch { points });
    }
    measure(strokes)?;
    let mut out = vec![MAGIC];
    unsigned(&mut out, strokes.len() as u64);
    let mut last = InkPoint { x: 0, y: 0, t: 0, pressure: 0 };
    for stroke in strokes {
        unsigned(&mut out, stroke.len() as u64);
        for point in stroke {
            signed(&mut out, i64::from(point.x) - i64::from(last.x));
            signed(&mut out, i64::from(point.y) - i64::from(last.y));
            signed(&mut out, i64::from(point.t) - i64::from(last.t));
            out.push(point.pressure);
            last = *point;
        }
    }
    Ok(Ink::from_bytes(out))
}

/// Whether encoded strokes are enough to be a signature: what [`encode`] asks, of bytes that came from elsewhere.
///
/// # Errors
/// When they are too little, or no strokes.
pub fn enough(bytes: &[u8]) -> Result<(), BadInk> {
    measure(&decode(bytes)?)
}

fn measure(strokes: &[Stroke]) -> Result<(), BadInk> {
    let length_px = strokes.iter().map(|stroke| length(stroke)).fold(0, u64::saturating_add) / 10;
    if length_px < MIN_LENGTH_PX { Err(BadInk::TooLittle { length_px }) } else { Ok(()) }
}

/// Reads encoded strokes.
///
/// # Errors
/// [`BadInk::Malformed`] for any other bytes; never more than [`MAX_POINTS`] points are made of them.
pub fn decode(bytes: &[u8]) -> Result<Vec<Stroke>, BadInk> {
    let mut reader = Reader(bytes);
    if reader.byte() != Some(MAGIC) {
        return Err(BadInk::Malformed);
    }
    reader.strokes().filter(|_| reader.0.is_empty()).ok_or(BadInk::Malformed)
}

fn length(stroke: &[InkPoint]) -> u64 {
    stroke
        .iter()
        .zip(stroke.iter().skip(1))
        .map(|(a, b)| u64::from(a.x.abs_diff(b.x)).max(u64::from(a.y.abs_diff(b.y))))
        .fold(0, u64::saturating_add)
}

fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        self.unsigned().map(|value| ((value >> 1) as i64) ^ -((value & 1) as i64))
    }

    fn strokes(&mut self) -> Option<Vec<Stroke>> {
        let mut left = MAX_POINTS;
        let count = self.unsigned().filter(|n| *n <= MAX_POINTS as u64)?;
        let (mut x, mut y, mut t) = (0_i64, 0_i64, 0_i64);
        let mut strokes = Vec::new();
        for _ in 0..count {
            let points = self.unsigned().and_then(|n| usize::try_from(n).ok())?;
            left = left.checked_sub(points)?;
            let mut stroke = Vec::with_capacity(points);
            for _ in 0..points {
                x = x.checked_add(self.signed()?)?;
                y = y.checked_add(self.signed()?)?;
                t = t.checked_add(self.signed()?)?;
                let pressure = self.byte()?;
                stroke.push(InkPoint {
                    x: i32::try_from(x).ok()?,
                    y: i32::try_from(y).ok()?,
                    t: u32::try_from(t).ok()?,
                    pressure,
                });
            }
            strokes.push(stroke);
        }
        Some(strokes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(length: i32) -> Stroke {
        (0..=length / 10).map(|i| InkPoint { x: i * 100, y: -i, t: i as u32 * 8, pressure: 128 }).collect()
    }

    #[test]
    fn a_dot_is_no_signature() {
        assert_eq!(encode(&[]), Err(BadInk::TooLittle { length_px: 0 }));
        assert!(matches!(encode(&[line(50)]), Err(BadInk::TooLittle { .. })));
        let enough_ink = encode(&[line(40), line(40)]).unwrap();
        assert_eq!(enough(&enough_ink.bytes), Ok(()));
        assert_eq!(enough(&[MAGIC, 0]), Err(BadInk::TooLittle { length_px: 0 }));
        assert_eq!(enough(b"not strokes"), Err(BadInk::Malformed));
        let long = vec![line(10)[0]; MAX_POINTS + 1];
        assert_eq!(encode(&[long]), Err(BadInk::TooMuch { points: MAX_POINTS + 1 }));
    }

    proptest! {
        #[test]
        fn strokes_survive(points in prop::collection::vec(prop::collection::vec((any::<i32>(), any::<i32>(), any::<u32>(), any::<u8>()), 0..20), 0..8)) {
            let strokes: Vec<Stroke> = points
                .into_iter()
                .map(|stroke| stroke.into_iter().map(|(x, y, t, pressure)| InkPoint { x, y, t, pressure }).collect())
                .collect();
            if let Ok(ink) = encode(&strokes) {
                prop_assert_eq!(decode(&ink.bytes).unwrap(), strokes);
            }
        }

        #[test]
        fn any_bytes_decode_or_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
            bytes.insert(0, MAGIC);
            let _ = decode(&bytes);
        }
    }
}
