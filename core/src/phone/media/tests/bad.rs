//! Files that are no photo, or not one that can be kept: each gets its own error.

use std::io::Write as _;

use super::super::{MAX_FILE_BYTES, PhotoError, from_bytes, from_path};
use super::{claiming, jpeg, policy};
use crate::domain::lang::Lang;

fn refused(bytes: &[u8]) -> PhotoError {
    from_bytes(bytes, &policy(), None).unwrap_err()
}

#[test]
fn what_is_no_photo_is_named() {
    assert_eq!(refused(b""), PhotoError::Empty);
    assert_eq!(refused(b"x"), PhotoError::NotAPicture);
    assert_eq!(refused(b"Dear resident, the lift is out of order today."), PhotoError::NotAPicture);
    assert_eq!(refused(&[0; 4096]), PhotoError::NotAPicture);
    let kinds: [(&[u8], &str); 8] = [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isom", "MP4"),
        (b"RIFF\x24\x10\0\0WEBPVP8 ", "WebP"),
        (b"GIF89a\x10\0\x10\0", "GIF"),
        (b"BM\x36\0\0\0\0\0\0\0", "BMP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"%PDF-1.7", "PDF"),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(refused(bytes), PhotoError::Kind(kind));
    }
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let gone = from_path(&folder.path().join("gone.jpg"), &policy(), None);
    assert!(matches!(gone, Err(PhotoError::Unreadable(_))));
    assert!(matches!(from_path(folder.path(), &policy(), None), Err(PhotoError::Unreadable(_))));
}

#[test]
fn a_photo_cut_short_is_no_photo() {
    for whole in [jpeg(640, 480, false, None), jpeg(640, 480, true, None), png(640, 480)] {
        for part in [12, 30, 50, 90, 99] {
            let cut = refused(&whole[..whole.len() * part / 100]);
            assert!(matches!(cut, PhotoError::CutShort | PhotoError::Damaged(_)), "{part} %: {cut:?}");
        }
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = png::Encoder::new(&mut out, width, height);
    let noise: Vec<u8> = (0..width * height).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&noise).unwrap();
    out
}

#[test]
fn a_size_nobody_photographs_is_refused_before_it_is_read() {
    let huge = claiming(jpeg(64, 64, false, None), 65_000, 65_000);
    assert_eq!(refused(&huge), PhotoError::TooManyPixels { width: 65_000, height: 65_000 });
    // A progressive one has to be held whole: the limit is lower.
    let progressive = claiming(jpeg(64, 64, true, None), 5_000, 4_000);
    assert_eq!(refused(&progressive), PhotoError::TooManyPixels { width: 5_000, height: 4_000 });
    let none = refused(&claiming(jpeg(64, 64, false, None), 0, 64));
    assert!(matches!(none, PhotoError::Damaged(_)), "{none:?}");
}

#[test]
fn a_bomb_is_refused() {
    // A PNG of a few kilobytes that unpacks to 20 gigabytes.
    let mut bomb = png(8, 8);
    bomb[16..20].copy_from_slice(&140_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&140_000_u32.to_be_bytes());
    let crc = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(refused(&bomb), PhotoError::TooManyPixels { width: 140_000, height: 140_000 });
    // A JPEG that goes over the same pixels thousands of times.
    let whole = jpeg(256, 256, true, None);
    let scan = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let first = &whole[scan..scan + 2 + usize::from(whole[scan + 3])];
    let endless = [&whole[..scan], first.repeat(3_000).as_slice(), &whole[scan..]].concat();
    assert!(matches!(refused(&endless), PhotoError::TooManyBytes | PhotoError::Damaged(_)));
    let mut again = whole[..whole.len() - 2].to_vec();
    let scans = whole[scan..whole.len() - 2].repeat(40);
    again.extend(scans);
    again.extend([0xff, 0xd9]);
    assert_eq!(refused(&again), PhotoError::TooManyBytes);
    // A file with far too many bytes is not even looked at. It is sparse: it takes no room.
    let mut large = tempfile::NamedTempFile::new().unwrap();
    large.write_all(&jpeg(64, 64, false, None)).unwrap();
    large.as_file().set_len(MAX_FILE_BYTES + 1).unwrap();
    assert_eq!(from_path(large.path(), &policy(), None), Err(PhotoError::TooManyBytes));
}

/// The check sum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

#[test]
fn kinds_of_jpeg_no_camera_writes() {
    let mut cmyk = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut cmyk, 80);
    encoder.encode(&[90; 16 * 16 * 4], 16, 16, jpeg_encoder::ColorType::Cmyk).unwrap();
    assert_eq!(refused(&cmyk), PhotoError::Kind("CMYK JPEG"));
}

#[test]
fn every_error_speaks_three_languages() {
    let all = [
        PhotoError::Empty,
        PhotoError::Unreadable(String::new()),
        PhotoError::NotAPicture,
        PhotoError::Kind("HEIC"),
        PhotoError::CutShort,
        PhotoError::Damaged(String::new()),
        PhotoError::TooManyPixels { width: 9, height: 8 },
        PhotoError::TooManyBytes,
        PhotoError::Font(String::new()),
        PhotoError::Encode(String::new()),
    ];
    for error in all {
        let texts: std::collections::BTreeSet<String> = Lang::ALL.map(|lang| error.text(lang)).into();
        assert!(texts.len() >= 2 && texts.iter().all(|text| text.chars().count() > 5), "{texts:?}");
    }
    assert_eq!(PhotoError::Kind("HEIC").text(Lang::ZhHans), "不支持 HEIC 格式，请用 JPEG 或 PNG。");
}
