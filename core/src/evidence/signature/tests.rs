//! Golden drawings of the demo's handwriting, and what must hold for any strokes.
//!
//! `GOLDEN=write cargo test -p doorstep-core --all-features golden` writes them anew: look at them before they are kept.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Shown, drawing, svg};
use crate::domain::seal::ink::{InkPoint, MAX_POINTS, Stroke, encode};

/// What the licence of the strokes asks to be said in each changed file.
const NOTICE: &str = "<!-- Drawn on 2026-11-24 by core/src/evidence/signature from the strokes beside this folder. \
                      Arphic Public License, see ARPHICPL.TXT. -->\n";

fn handwriting() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/handwriting")
}

/// A demo signature, encoded; `pressed`: with its pressures, else as from a screen that feels none.
fn ink(name: &str, pressed: bool) -> Vec<u8> {
    let text = std::fs::read_to_string(handwriting().join(format!("{name}.json"))).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let tenths = |value: &serde_json::Value| (value.as_f64().unwrap() * 10.0).round() as i32;
    let point = |p: &serde_json::Value| InkPoint {
        x: tenths(&p[0]),
        y: tenths(&p[1]),
        t: p[2].as_u64().unwrap() as u32,
        pressure: if pressed { (p[3].as_f64().unwrap() * 255.0) as u8 } else { 128 },
    };
    let stroke = |s: &serde_json::Value| s.as_array().unwrap().iter().map(point).collect();
    let strokes: Vec<Stroke> = file["strokes"].as_array().unwrap().iter().map(stroke).collect();
    encode(&strokes).unwrap().bytes
}

/// Holds bytes against the golden file, or writes it when asked.
fn hold(name: &str, bytes: &[u8]) {
    let path = handwriting().join("drawn").join(name);
    if std::env::var("GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    let kept = std::fs::read(&path).unwrap();
    assert!(kept == bytes, "{name}: {} bytes drawn, not the {} kept", bytes.len(), kept.len());
}

#[test]
fn golden_svg() {
    for (name, pressed) in [("陳志強", true), ("李婉儀", true), ("趙靜", false)] {
        let drawn = svg(&ink(name, pressed), Shown::on_page(name)).unwrap();
        hold(&format!("{name}.svg"), format!("{NOTICE}{drawn}\n").as_bytes());
    }
}

#[cfg(feature = "render")]
#[test]
fn golden_png() {
    use super::png;
    for (name, pressed) in [("陳志強", true), ("李婉儀", true), ("趙靜", false)] {
        hold(&format!("{name}.png"), &png(&ink(name, pressed), 640, 160).unwrap());
    }
}

#[cfg(feature = "render")]
#[test]
fn a_picture_has_the_size_asked_for_or_says_why_not() {
    use super::{NoPicture, png};
    let strokes = ink("趙靜", true);
    for (width, height) in [(1, 1), (3, 2000), (640, 160)] {
        let picture = png(&strokes, width, height).unwrap();
        let header: Vec<u32> =
            picture[16..24].chunks(4).map(|four| u32::from_be_bytes(four.try_into().unwrap())).collect();
        assert_eq!(header, [width, height]);
    }
    assert_eq!(png(&strokes, 0, 9), Err(NoPicture::Size { width: 0, height: 9 }));
    assert!(matches!(png(&strokes, 9, 4097), Err(NoPicture::Size { .. })));
    assert!(matches!(png(&strokes[1..], 9, 9), Err(NoPicture::Ink(_))));
}

fn line(points: &[(i32, i32, u8)]) -> Vec<u8> {
    let stroke = (0..).zip(points).map(|(t, (x, y, pressure))| InkPoint {
        x: *x,
        y: *y,
        t: t * 8,
        pressure: *pressure,
    });
    encode(&[stroke.collect()]).unwrap().bytes
}

#[test]
fn pressure_or_else_speed_makes_the_width() {
    let thin = drawing(&line(&[(0, 0, 0), (600, 0, 0), (1200, 1, 1)])).unwrap();
    let wide = drawing(&line(&[(0, 0, 255), (600, 0, 255), (1200, 1, 254)])).unwrap();
    let high = |drawing: &super::outline::Drawing| {
        let ys = drawing.steps.iter().filter_map(|step| match step {
            super::outline::Step::Line((_, y)) | super::outline::Step::Quad(_, (_, y)) => Some(*y),
            _ => None,
        });
        let (low, high) = ys.fold((i32::MAX, i32::MIN), |(low, high), y| (low.min(y), high.max(y)));
        high - low
    };
    assert!(high(&wide) > 3 * high(&thin), "{} {}", high(&wide), high(&thin));

    let slow: Vec<_> = (0..200).map(|i| (i * 5, 0, 128)).collect();
    let fast: Vec<_> = (0..10).map(|i| (i * 100, 0, 128)).collect();
    let (slow, fast) = (drawing(&line(&slow)).unwrap(), drawing(&line(&fast)).unwrap());
    assert!(high(&slow) > 2 * high(&fast), "{} {}", high(&slow), high(&fast));
}

#[test]
fn the_drawing_is_described_and_fits_its_room() {
    let drawn = svg(&line(&[(0, 0, 9), (900, 0, 9)]), Shown::on_page("a \"b\" <c> & d")).unwrap();
    assert!(drawn.contains("aria-label=\"a &quot;b&quot; &lt;c&gt; &amp; d\""), "{drawn}");
    assert!(drawn.contains("width=\"320\" height=\"9\""), "{drawn}");
    let high = svg(&line(&[(0, 0, 9), (0, 900, 9)]), Shown { label: "", width: 100, height: 40 }).unwrap();
    assert!(high.contains("height=\"40\""), "{high}");
    assert!(svg(b"", Shown::on_page("")).is_err());
}

#[test]
fn the_most_points_and_the_farthest_still_draw() {
    let zigzag: Stroke = (1..MAX_POINTS as u32)
        .map(|t| InkPoint {
            x: if t % 2 == 0 { i32::MIN } else { i32::MAX },
            y: if t % 3 == 0 { i32::MIN } else { i32::MAX },
            t,
            pressure: t as u8,
        })
        .collect();
    let ink = encode(&[zigzag, vec![InkPoint { x: 5, y: 5, t: 0, pressure: 128 }], Vec::new()]).unwrap();
    let drawn = svg(&ink.bytes, Shown::on_page("")).unwrap();
    assert!(drawn.len() < MAX_POINTS * 200, "{}", drawn.len());
    #[cfg(feature = "render")]
    assert!(super::png(&ink.bytes, 64, 64).is_ok());
}

proptest! {
    #[test]
    fn any_strokes_draw_inside_their_room(
        strokes in prop::collection::vec(prop::collection::vec((-2000..2000_i32, -2000..2000_i32, 0..3000_u32, any::<u8>()), 0..40), 1..6)
    ) {
        let strokes: Vec<Stroke> = strokes
            .into_iter()
            .map(|stroke| stroke.into_iter().map(|(x, y, t, pressure)| InkPoint { x, y, t, pressure }).collect())
            .collect();
        if let Ok(ink) = encode(&strokes) {
            let drawn = drawing(&ink.bytes).unwrap();
            let (right, bottom) = drawn.size;
            prop_assert!(right <= 32_000 && bottom <= 8_000, "{right} {bottom}");
            for step in drawn.steps {
                use super::outline::Step;
                if let Step::Move((x, y)) | Step::Line((x, y)) | Step::Quad(_, (x, y)) | Step::Cubic(_, _, (x, y)) = step {
                    prop_assert!((0..=right).contains(&x) && (0..=bottom).contains(&y), "{x} {y} in {right} {bottom}");
                }
            }
        }
    }

    #[test]
    fn any_bytes_draw_or_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = svg(&bytes, Shown::on_page(""));
        bytes.insert(0, 1);
        let _ = svg(&bytes, Shown::on_page(""));
    }
}
