//! A camera: files as a phone's camera leaves them, each another picture and of the size asked for.

use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder};

use crate::dice::Dice;

/// Takes a picture of so many pixels in a square; every number is another picture. `grain`: how much detail, 0 to 255.
pub fn shoot(folder: &Path, number: u64, side: u16, grain: u8) -> PathBuf {
    let mut dice = Dice(number);
    let (side_px, light) = (usize::from(side), (number % 160) as u8);
    let mut bytes = Vec::with_capacity(side_px * side_px * 3);
    for at in 0..side_px * side_px {
        let shade = (at % side_px * 60 / side_px) as u8;
        let noise = (dice.roll() % (u64::from(grain) + 1)) as u8;
        bytes.extend([light.saturating_add(shade).saturating_add(noise); 3]);
    }
    let path = folder.join(format!("IMG_{number:04}.jpg"));
    let mut out = Vec::new();
    Encoder::new(&mut out, 92).encode(&bytes, side, side, ColorType::Rgb).expect("a picture");
    std::fs::write(&path, out).expect("room");
    path
}
