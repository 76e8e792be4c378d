//! What becomes of a good photo: its size, which way up it is, and what it no longer tells.

use std::io::Cursor;

use super::super::{
    MAX_THUMBNAIL_BYTES, PREVIEW_PX, PhotoError, Prepared, THUMBNAIL_PX, Watermark, from_bytes, from_path,
};
use super::{BOXES, exif, from_rgb, jpeg, pixels, policy, tall};
use crate::domain::ids::Digest;

fn prepared(bytes: &[u8]) -> Prepared {
    from_bytes(bytes, &policy(), None).unwrap()
}

fn size(jpeg: &[u8]) -> (usize, usize) {
    let (width, height, _) = pixels(jpeg);
    (width, height)
}

#[test]
fn a_photo_is_kept_in_three_sizes() {
    let photo = prepared(&tall(4000, 187));
    assert_eq!((photo.width, photo.height), (1600, 1197));
    assert_eq!(size(&photo.full), (1600, 1197));
    assert_eq!(size(&photo.preview), (PREVIEW_PX as usize, 239));
    assert_eq!(size(&photo.thumbnail), (THUMBNAIL_PX as usize, 120));
    assert!(photo.thumbnail.len() <= MAX_THUMBNAIL_BYTES);
    assert_eq!(photo.digest, Digest::of(&photo.full));
}

#[test]
fn a_small_one_is_not_blown_up_and_any_shape_passes() {
    assert_eq!(size(&prepared(&jpeg(200, 90, false, None)).full), (200, 90));
    assert_eq!(size(&prepared(&jpeg(1, 1, false, None)).full), (1, 1));
    assert_eq!(size(&prepared(&jpeg(9000, 3, false, None)).full), (1600, 1));
    assert_eq!(size(&prepared(&jpeg(40, 12000, false, None)).full), (5, 1600));
    assert_eq!(size(&prepared(&jpeg(1700, 850, true, None)).full), (1600, 800));
}

#[test]
fn the_pixels_stay_what_they_were() {
    let (width, height, bytes) = pixels(&prepared(&jpeg(3200, 800, false, None)).full);
    let (_, _, before) = pixels(&jpeg(width as u16, height as u16, false, None));
    let off: u64 = bytes.iter().zip(&before).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let mean = off as f64 / bytes.len() as f64;
    assert!(mean < 6.0, "{mean} levels off");
}

const CORNERS: [[u8; 3]; 4] = [[200, 40, 40], [40, 200, 40], [40, 40, 200], [230, 230, 230]];

/// Four fields of colour: upper left, upper right, lower left, lower right.
fn fields(width: u16, height: u16, corners: [usize; 4], exif: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let corner = usize::from(y >= height / 2) * 2 + usize::from(x >= width / 2);
            bytes.extend(CORNERS[corners[corner]]);
        }
    }
    from_rgb(width, height, &bytes, Some(exif))
}

#[test]
fn all_eight_orientations_end_upright() {
    // Where the stored corners lie in the upright picture (0 upper left, 1 upper right, 2 lower left, 3 lower right), from
    // the standard's words for row 0 and column 0.
    let stored = [
        (1, [0, 1, 2, 3]), // top, left
        (2, [1, 0, 3, 2]), // top, right
        (3, [3, 2, 1, 0]), // bottom, right
        (4, [2, 3, 0, 1]), // bottom, left
        (5, [0, 2, 1, 3]), // left, top
        (6, [1, 3, 0, 2]), // right, top
        (7, [3, 1, 2, 0]), // right, bottom
        (8, [2, 0, 3, 1]), // left, bottom
    ];
    for (orientation, corners) in stored {
        let (width, height) = if orientation >= 5 { (48, 64) } else { (64, 48) };
        let photo = prepared(&fields(width, height, corners, &exif(orientation)));
        for (jpeg, name) in
            [(&photo.full, "full"), (&photo.preview, "preview"), (&photo.thumbnail, "thumbnail")]
        {
            let (width, height, bytes) = pixels(jpeg);
            assert_eq!((width, height), (64, 48), "{orientation} {name}");
            for (corner, (x, y)) in [(12, 12), (52, 12), (12, 36), (52, 36)].into_iter().enumerate() {
                let at = (y * width + x) * 3;
                let is_it = bytes[at..at + 3].iter().zip(CORNERS[corner]).all(|(a, b)| a.abs_diff(b) < 24);
                assert!(is_it, "orientation {orientation}, {name}, corner {corner}");
            }
        }
    }
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn the_place_leaves_the_photo_unless_the_policy_keeps_it() {
    let taken = jpeg(640, 480, false, Some(&exif(1)));
    let plain = prepared(&taken);
    for bytes in [&plain.full, &plain.preview, &plain.thumbnail] {
        assert!(!has(bytes, b"Exif") && !has(bytes, b"SECRETCAMERA"));
    }
    let mut policy = policy();
    policy.keep_location = true;
    let kept = from_bytes(&taken, &policy, None).unwrap();
    assert!(!has(&kept.full, b"SECRETCAMERA"), "the place, and nothing else");
    assert!(!has(&kept.preview, b"Exif") && !has(&kept.thumbnail, b"Exif"));
    let read = exif::Reader::new().read_from_container(&mut Cursor::new(&kept.full)).unwrap();
    let latitude = read.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).unwrap();
    assert_eq!(latitude.display_value().to_string(), "22 deg 18 min 30 sec");
    assert!(read.get_field(exif::Tag::Orientation, exif::In::PRIMARY).is_none());
}

fn png(width: u32, height: u32, colours: png::ColorType, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(colours);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
    out
}

#[test]
fn a_screenshot_is_a_photo_too() {
    let opaque = prepared(&png(4000, 100, png::ColorType::Rgb, &[10, 200, 30].repeat(400_000)));
    assert_eq!(size(&opaque.full), (1600, 40));
    let (_, _, bytes) = pixels(&opaque.full);
    assert!(bytes[0].abs_diff(10) < 6 && bytes[1].abs_diff(200) < 6);
    // What is transparent lies on white.
    let clear = prepared(&png(64, 64, png::ColorType::Rgba, &[0, 0, 0, 0].repeat(4096)));
    assert!(pixels(&clear.full).2.iter().all(|byte| *byte > 250));
    let grey = prepared(&png(3300, 3300, png::ColorType::Grayscale, &vec![90; 3300 * 3300]));
    let (width, height, bytes) = pixels(&grey.full);
    assert_eq!((width, height, bytes.len()), (1600, 1600, 1600 * 1600), "one byte a pixel");
    assert!(bytes.iter().all(|byte| byte.abs_diff(90) < 3));
}

#[test]
fn a_colour_profile_stays_with_its_pixels() {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.add_icc_profile(b"a wide gamut").unwrap();
    encoder.encode(&[120; 16 * 16 * 3], 16, 16, jpeg_encoder::ColorType::Rgb).unwrap();
    let photo = prepared(&out);
    assert!(has(&photo.full, b"a wide gamut") && has(&photo.preview, b"a wide gamut"));
    assert!(!has(&photo.thumbnail, b"a wide gamut"));
}

#[test]
fn a_file_is_known_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("really-a-jpeg.png");
    std::fs::write(&path, jpeg(320, 240, false, None)).unwrap();
    assert_eq!(from_path(&path, &policy(), None).unwrap(), prepared(&jpeg(320, 240, false, None)));
}

/// The mean light of the lowest rows, left half.
fn light(jpeg: &[u8], rows: usize) -> f64 {
    let (width, height, bytes) = pixels(jpeg);
    let band = &bytes[(height - rows) * width * 3..];
    let left = band.chunks_exact(width * 3).flat_map(|row| &row[..width * 3 / 2]);
    let (sum, count) = left.fold((0_u64, 0_u64), |(sum, count), byte| (sum + u64::from(*byte), count + 1));
    sum as f64 / count as f64
}

#[test]
fn a_watermark_is_drawn_and_a_missing_character_shows_as_a_box() {
    let taken = from_rgb(1600, 400, &[150; 1600 * 400 * 3], None);
    let drawn = |text| from_bytes(&taken, &policy(), Some(&Watermark { text, font: BOXES })).unwrap();
    let plain = prepared(&taken);
    let (empty, marked, missing) = (drawn(""), drawn("WX000123 2026-11-25 10:32"), drawn("單號單號單號單號"));
    let lights = [&plain, &empty, &marked, &missing].map(|photo| light(&photo.full, 40));
    assert!(lights[0] > 145.0, "{lights:?}");
    assert!(lights[1] < 60.0, "a dark band: {lights:?}");
    assert!(lights[2] > lights[1] + 30.0, "with light text: {lights:?}");
    assert!(lights[3] > lights[1] + 5.0 && lights[3] < lights[2], "boxes are outlines: {lights:?}");
    assert_eq!(marked.thumbnail, plain.thumbnail, "the small ones go without");
    assert_ne!(marked.digest, plain.digest, "what is kept is what is hashed");
}

#[test]
fn a_watermark_needs_a_font() {
    let mark = Watermark { text: "WX1", font: b"no font" };
    let refused = from_bytes(&jpeg(320, 240, false, None), &policy(), Some(&mark));
    assert!(matches!(refused, Err(PhotoError::Font(_))));
    // The smallest picture has room for what fits.
    let mark = Watermark { text: "WX1", font: BOXES };
    from_bytes(&jpeg(3, 2, false, None), &policy(), Some(&mark)).unwrap();
}
