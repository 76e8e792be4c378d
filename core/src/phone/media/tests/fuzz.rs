//! Bytes changed at random: a photo or an error, never a panic, never more than a moment.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::{MAX_THUMBNAIL_BYTES, from_bytes, jpeg as decoder, png as png_decoder};
use super::{exif, jpeg, policy};

static SEEDS: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 40, 30);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&[77; 4800]).unwrap();
    [jpeg(96, 64, false, Some(&exif(6))), jpeg(96, 64, true, None), png]
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(
        seed in 0_usize..3,
        changes in prop::collection::vec((0_usize..900, any::<u8>()), 1..12),
        cut in prop::option::of(0_usize..3000),
    ) {
        let mut bytes = SEEDS[seed].clone();
        for (at, to) in changes {
            let at = at % bytes.len();
            bytes[at] = to;
        }
        bytes.truncate(cut.unwrap_or(usize::MAX));
        // The decoders alone, where nothing catches a panic.
        if bytes.starts_with(b"\xff\xd8\xff") {
            let _ = decoder::decode(bytes.as_slice(), 320);
        } else {
            let _ = png_decoder::decode(std::io::Cursor::new(&bytes), 320);
        }
        if let Ok(photo) = from_bytes(&bytes, &policy(), None) {
            prop_assert!(photo.thumbnail.len() <= MAX_THUMBNAIL_BYTES);
            prop_assert!(photo.width.max(photo.height) <= 1600);
        }
    }
}
