//! Signatures for the demo: strokes with time and pressure, as a pen would have given them.
//!
//! The shipped ones derive from Arphic fonts; their licence stands beside them in `demo/handwriting`.
//! Names in Latin letters are written in a running hand of the project's own.

use std::path::Path;

use doorstep_core::domain::seal::ink::{InkPoint, Stroke};
use serde::Deserialize;

use super::cursive::{self, Sample};

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
    strokes: Vec<Vec<Sample>>,
}

/// The strokes of a person's signature: from the firm's folder, else from those that ship, else a running hand, else a
/// line. Nobody signs twice alike: `nth` leans and stretches it a little.
pub(super) fn of(name: &str, folder: &Path, nth: u32) -> Vec<Stroke> {
    let own = std::fs::read_to_string(folder.join("handwriting").join(format!("{name}.json"))).ok();
    let shipped = SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    let file = own.or(shipped).and_then(|text| serde_json::from_str::<File>(&text).ok());
    let mut strokes = file.map_or_else(|| cursive::write(name), |file| file.strokes);
    if strokes.is_empty() {
        strokes.push(LINE.to_vec());
    }
    strokes.iter().map(|samples| samples.iter().map(|sample| point(*sample, nth)).collect()).collect()
}

/// What is left for a name in a script nobody has written here: it says "signed", not whose hand it was.
const LINE: [Sample; 4] =
    [(120.0, 210.0, 0, 0.4), (300.0, 170.0, 90, 0.6), (480.0, 220.0, 190, 0.6), (700.0, 160.0, 300, 0.3)];

fn point((x, y, t, pressure): Sample, nth: u32) -> InkPoint {
    let turn = |of: u32| f64::from(nth * 7 % of) / f64::from(of) - 0.5;
    let (lean, wide, high) = (0.06 * turn(11), 1.0 + 0.07 * turn(13), 1.0 + 0.09 * turn(17));
    let (x, y) = (450.0 + (x - 450.0) * wide - (y - 160.0) * lean, 160.0 + (y - 160.0) * high);
    let tenths = |pixels: f64| (pixels * 10.0).round() as i32;
    let t = (f64::from(t) * (1.0 + 0.1 * turn(19))).round() as u32;
    InkPoint { x: tenths(x), y: tenths(y), t, pressure: (pressure.clamp(0.0, 1.0) * 255.0) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::seal::ink::encode;

    #[test]
    fn every_name_gives_a_signature_of_its_own_and_no_two_alike() {
        let nowhere = Path::new("/nonexistent");
        let mut seen = std::collections::HashSet::new();
        for name in ["李婉儀", "陳志強", "Kwan Tsz Fung", "Lam Chi Wai", "無名氏"] {
            for nth in 1..=8 {
                let ink = encode(&of(name, nowhere, nth)).unwrap();
                assert_eq!(ink, encode(&of(name, nowhere, nth)).unwrap());
                assert!(seen.insert(ink.digest), "{name} {nth}");
            }
        }
    }

    #[test]
    fn a_firm_s_own_handwriting_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("handwriting")).unwrap();
        let own = r#"{"strokes":[[[10.0,10.0,0,0.5],[90.0,90.0,50,0.5]]]}"#;
        std::fs::write(folder.path().join("handwriting/李婉儀.json"), own).unwrap();
        assert_eq!(of("李婉儀", folder.path(), 1).len(), 1);
        assert!(of("陳志強", folder.path(), 1).len() > 1);
    }
}
