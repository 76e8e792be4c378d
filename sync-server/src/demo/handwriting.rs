//! Signatures for the demo: strokes with time and pressure, as a pen would have given them.
//!
//! The shipped ones derive from Arphic fonts; their licence stands beside them in `demo/handwriting`.

use std::path::Path;

use doorstep_core::domain::seal::ink::{InkPoint, Stroke};
use serde::Deserialize;

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../demo/handwriting/", $name, ".json")))),*];
    };
}

shipped![
    "周永健",
    "陳志強",
    "梁家明",
    "何詠欣",
    "羅慧芬",
    "李婉儀",
    "黃國輝",
    "張美玲",
    "王建華",
    "林曉東",
    "蔡志明",
    "趙靜",
    "劉淑貞",
    "何佩珊",
    "鍾文迪",
    "沈嘉慧",
    "吳德昌",
    "吳秀雯",
    "馬秀英",
    "許文華",
];

#[derive(Deserialize)]
struct File {
    strokes: Vec<Vec<(f64, f64, u32, f64)>>,
}

/// The strokes of a person's signature: from the firm's folder, else from those that ship, else a plain flourish.
#[must_use]
pub(super) fn of(name: &str, folder: &Path) -> Vec<Stroke> {
    let own = std::fs::read_to_string(folder.join("handwriting").join(format!("{name}.json"))).ok();
    let shipped = SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    own.or(shipped)
        .and_then(|text| serde_json::from_str::<File>(&text).ok())
        .map_or_else(|| flourish(name), |file| file.strokes.iter().map(|s| stroke(s)).collect())
}

fn stroke(samples: &[(f64, f64, u32, f64)]) -> Stroke {
    let tenths = |pixels: f64| (pixels * 10.0).round() as i32;
    let point = |(x, y, t, pressure): &(f64, f64, u32, f64)| InkPoint {
        x: tenths(*x),
        y: tenths(*y),
        t: *t,
        pressure: (pressure.clamp(0.0, 1.0) * 255.0) as u8,
    };
    samples.iter().map(point).collect()
}

/// A running line with a loop for each letter, for a name nobody has written: it says "signed", not whose hand it was.
fn flourish(name: &str) -> Vec<Stroke> {
    let mut line = Vec::new();
    let mut x = 80.0;
    for (word, letters) in name.split_whitespace().enumerate() {
        for letter in letters.chars() {
            let tall =
                if letter.is_uppercase() { 90.0 } else { 28.0 + f64::from(u32::from(letter) % 5) * 7.0 };
            for step in 0..14 {
                let turn = f64::from(step) / 14.0 * std::f64::consts::TAU;
                let t = u32::try_from(line.len()).unwrap_or(0) * 9;
                let pressure = 0.45 + 0.3 * turn.sin().abs();
                line.push((x + 14.0 * turn.sin(), 180.0 - tall * (1.0 - turn.cos()) / 2.0, t, pressure));
                x += 2.4;
            }
        }
        x += 26.0 + f64::from(u32::try_from(word).unwrap_or(0));
    }
    vec![stroke(&line)]
}
