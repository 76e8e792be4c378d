//! What a signature costs on the phone: its picture, its seal, the check of a seal. CPU only, no disk.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::seal;
use doorstep_core::domain::seal::ink::{self, InkPoint, Stroke};
use doorstep_core::evidence::copy::{Copy, verify};
use doorstep_core::evidence::signature;
use ed25519_dalek::{Signer as _, Verifier as _};

use super::{Figure, in_turns};
use crate::vectors;

const ROUNDS: usize = 200;
/// As a sheet shows it, at twice the size.
const SIZE: (u32, u32) = (640, 160);

/// The demo's longest name, as a pen writes it.
const NAME: &str = "demo/handwriting/李婉儀.json";

/// `signature_png`: a name's strokes to a PNG. Floor: encoding the same pixels.
pub fn picture() -> Figure {
    let bytes = ink::encode(&written()).expect("a signature").bytes;
    let drawn = || signature::png(&bytes, SIZE.0, SIZE.1).expect("a picture");
    let pixels = decoded(&drawn());
    in_turns("signature_png", ROUNDS, &drawn, &|| encoded(&pixels))
}

/// The demo's handwriting.
fn written() -> Vec<Stroke> {
    #[derive(serde::Deserialize)]
    struct Name {
        strokes: Vec<Vec<(f64, f64, u32, f64)>>,
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(NAME);
    let name: Name =
        serde_json::from_slice(&std::fs::read(path).expect("the demo's files")).expect("strokes");
    let point = |(x, y, t, pressure): (f64, f64, u32, f64)| InkPoint {
        x: (x * 10.0) as i32,
        y: (y * 10.0) as i32,
        t,
        pressure: (pressure * 255.0) as u8,
    };
    name.strokes.into_iter().map(|stroke| stroke.into_iter().map(point).collect()).collect()
}

/// `seal`: a sheet's digest, the sealed bytes and the signature. Floor: SHA-256 of the same and a bare signature.
pub fn seal() -> Figure {
    let (key, (document, signed)) = (vectors::key(), vectors::signed_sheet());
    let sealed = || {
        let (ink, signer) = (signed.ink.clone(), signed.signer.clone());
        seal::seal(&key, &document, ink, signer, Lang::ZhHant, signed.at)
    };
    let message =
        seal::sealed_bytes(&signed.document, &signed.ink.digest, &signed.signer, signed.lang, signed.at);
    let floor = || (doorstep_core::domain::ids::Digest::of(document.bytes()), key.sign(&message));
    in_turns("seal", ROUNDS, &sealed, &floor)
}

/// `verify`: a whole copy of a sheet with a signature and a refusal. Floor: its digests and two bare checks.
pub fn check() -> Figure {
    let (key, trusted) = (vectors::key().verifying_key(), vectors::trusted());
    let text = vectors::copies().swap_remove(1).1.to_json();
    let copy = Copy::read(text.as_bytes()).expect("a copy");
    let document = copy.papers[0].document.clone().unwrap_or_default();
    let (_, signed) = vectors::signed_sheet();
    let message =
        seal::sealed_bytes(&signed.document, &signed.ink.digest, &signed.signer, signed.lang, signed.at);
    let signature = ed25519_dalek::Signature::from_slice(&signed.seal).expect("a signature");
    let checked = || {
        let checked = verify(text.as_bytes(), &trusted).expect("a copy");
        assert!(checked.is_verified());
        checked
    };
    let floor = || {
        let digest = doorstep_core::domain::ids::Digest::of;
        let digests = (digest(document.as_bytes()), digest(&signed.ink.bytes));
        (digests, key.verify(&message, &signature).is_ok(), key.verify(&message, &signature).is_ok())
    };
    in_turns("verify", ROUNDS, &checked, &floor)
}

fn decoded(picture: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    pixels
}

fn encoded(pixels: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(pixels).expect("pixels");
    writer.finish().expect("an end");
    out
}
