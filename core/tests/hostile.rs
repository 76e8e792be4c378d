//! Bytes from strangers: strokes, copies and links are read or refused, never panic, and never make more than agreed.
//!
//! A few hundred cases in every run; `tests/run long` takes hundreds of thousands.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::seal::ink;
use doorstep_core::evidence::copy::{self, Copy, MAX_BYTES};
use doorstep_core::evidence::signature::{Shown, svg};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A published copy to start from: what is nearly right reaches deeper than noise.
fn published() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/seals/copies.json");
    let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let copies = vectors["copies"].as_array().unwrap().iter();
    copies.map(|case| case["copy"].as_str().unwrap().to_owned()).collect()
}

fn strokes(mut bytes: Vec<u8>) {
    for _ in 0..2 {
        if let Ok(strokes) = ink::decode(&bytes) {
            let points: usize = strokes.iter().map(Vec::len).sum();
            assert!(points <= ink::MAX_POINTS && strokes.len() <= ink::MAX_POINTS);
        }
        let _ = ink::enough(&bytes);
        if let Ok(drawn) = svg(&bytes, Shown::on_page("x")) {
            assert!(drawn.len() <= 1024 + bytes.len() * 200);
        }
        bytes.insert(0, 1);
    }
}

fn text(bytes: &[u8]) {
    match copy::verify(bytes, &[]) {
        Ok(checked) => assert!(!checked.is_verified(), "nobody vouches for its key"),
        Err(bad) => assert!(!bad.text(Lang::En).is_empty()),
    }
    if let Ok(copy) = Copy::read(bytes) {
        assert!(Copy::read(copy.to_json().as_bytes()).is_ok_and(|again| again == copy));
    }
    if let Ok(opened) = copy::open(&String::from_utf8_lossy(bytes)) {
        assert!(opened.len() <= MAX_BYTES);
    }
}

fn all(cases: u32) {
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let noise = prop::collection::vec(any::<u8>(), 0..400);
    runner
        .run(&noise, |bytes| {
            strokes(bytes);
            Ok(())
        })
        .unwrap();
    let copies = published();
    let near = (
        0..copies.len(),
        any::<prop::sample::Index>(),
        0..24_usize,
        prop::collection::vec(any::<u8>(), 0..24),
    );
    runner
        .run(&near, |(which, place, gone, come)| {
            let mut bytes = copies[which].clone().into_bytes();
            let start = place.index(bytes.len());
            let end = (start + gone).min(bytes.len());
            bytes.splice(start..end, come);
            text(&bytes);
            Ok(())
        })
        .unwrap();
    runner
        .run(&"1[0-9]{0,600}", |digits| {
            text(digits.as_bytes());
            Ok(())
        })
        .unwrap();
}

#[test]
fn strangers_bytes_are_read_or_refused() {
    all(200);
}

#[test]
#[ignore = "minutes"]
fn hundreds_of_thousands_of_strangers_bytes_are_read_or_refused() {
    all(200_000);
}

/// A few bytes that inflate to gigabytes stop at the limit.
#[test]
fn a_link_that_grows_without_end_is_refused() {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
    let packed = encoder.finish().unwrap();
    let group = |bytes: &[u8]| {
        let value = bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        format!("{value:0width$}", width = [0, 3, 5, 8, 10, 13, 15, 17][bytes.len()])
    };
    let digits: String = packed.chunks(7).map(group).collect();
    assert!(copy::open(&format!("1{digits}")).is_err());
}
