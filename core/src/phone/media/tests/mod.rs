//! Photos as cameras and other programs write them, and as nobody should.

mod bad;
mod fuzz;
mod good;
mod memory;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use jpeg_encoder::{ColorType, Encoder, ImageBuffer, JpegColorType, SamplingFactor};

use crate::domain::policy::Photos;

const BOXES: &[u8] = include_bytes!("boxes.ttf");

fn policy() -> Photos {
    crate::domain::decide::Rulebook::builtin().policy.photos
}

/// A picture whose pixels are computed, so that a large one needs no memory.
struct Computed {
    width: u16,
    height: u16,
    at: fn(f32, f32) -> [u8; 3],
}

impl ImageBuffer for Computed {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        for x in 0..self.width {
            let pixel =
                (self.at)(f32::from(x) / f32::from(self.width), f32::from(y) / f32::from(self.height));
            for (buffer, value) in buffers.iter_mut().zip(pixel) {
                buffer.push(value);
            }
        }
    }
}

/// Light from the left, dark below, a pattern over both.
fn scene(x: f32, y: f32) -> [u8; 3] {
    let pattern = ((x * 401.0) as u8 ^ (y * 307.0) as u8) & 31;
    [(x * 150.0 + (1.0 - y) * 60.0) as u8 + pattern, 96 + (x * 60.0) as u8, 160 - (y * 60.0) as u8]
}

fn jpeg(width: u16, height: u16, is_progressive: bool, exif: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(is_progressive);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).unwrap();
    }
    encoder.encode_image(Computed { width, height, at: scene }).unwrap();
    out
}

/// A camera's photo of many megapixels, made of one strip over and over: each begins anew after a restart marker.
fn tall(width: u16, strips: u16) -> Vec<u8> {
    const STRIP: u16 = 16;
    let mut strip = Vec::new();
    let mut encoder = Encoder::new(&mut strip, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_restart_interval(width.div_ceil(STRIP));
    encoder.encode_image(Computed { width, height: STRIP, at: scene }).unwrap();
    let scan = strip.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let begin = scan + 2 + usize::from(strip[scan + 3]);
    let (head, body) = strip[..strip.len() - 2].split_at(begin);
    let mut out = claiming(head.to_vec(), width, STRIP * strips);
    for number in 0..strips {
        out.extend_from_slice(body);
        out.extend([0xff, 0xd0 + (number % 8) as u8]);
    }
    let last = out.len() - 1;
    out[last] = 0xd9;
    out
}

/// The same file, saying it is of another size.
fn claiming(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let at = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0] || pair == [0xff, 0xc2]).unwrap();
    jpeg[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A picture from rows of colours.
fn from_rgb(width: u16, height: u16, bytes: &[u8], exif: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 95);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).unwrap();
    }
    encoder.encode(bytes, width, height, ColorType::Rgb).unwrap();
    out
}

/// A camera's notes: how it was held, by whom it was made, and where it was.
fn exif(orientation: u16) -> Vec<u8> {
    let degrees =
        |d| Value::Rational([(d, 1), (18, 1), (30, 1)].map(|(num, denom)| Rational { num, denom }).into());
    let text = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let fields = [
        (Tag::Make, text("SECRETCAMERA")),
        (Tag::Orientation, Value::Short(vec![orientation])),
        (Tag::GPSLatitudeRef, text("N")),
        (Tag::GPSLatitude, degrees(22)),
        (Tag::GPSLongitudeRef, text("E")),
        (Tag::GPSLongitude, degrees(114)),
    ];
    let fields = fields.map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = std::io::Cursor::new(Vec::new());
    writer.write(&mut out, true).unwrap();
    out.into_inner()
}

/// Width, height and bytes of a JPEG.
fn pixels(jpeg: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = jpeg_decoder::Decoder::new(jpeg);
    let bytes = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    (usize::from(info.width), usize::from(info.height), bytes)
}
