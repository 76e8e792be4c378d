//! A photo of 12 megapixels made into the one that is kept and the one that is shown, by processor time and memory.

use std::path::Path;
use std::process::{Command, Stdio};

use doorstep_core::domain::decide::Rulebook;
use doorstep_core::phone::media;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Figure, ROUNDS, round};

const WIDTH: u16 = 4000;
const HEIGHT: u16 = 3000;
/// Photos in a row for one reading: the system counts in hundredths of a second.
const TIMES: u32 = 4;

/// `photo_12mp`: one process reads the file and writes both. Floor: `vipsthumbnail` makes the same two, one call for each,
/// as it makes one size at a time.
pub fn run() -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let photo = folder.path().join("taken.jpg");
    std::fs::write(&photo, scene()).expect("a photo");
    let (mut value, mut floor, mut peak) = (Vec::new(), Vec::new(), 0.0_f64);
    for turn in 0..=ROUNDS {
        let ours = per_photo(|| peak = peak.max(ours(&photo, folder.path())));
        let theirs = per_photo(|| vips(&photo, folder.path()));
        if turn > 0 {
            value.push(ours);
            floor.push(theirs);
        }
    }
    let figure = Figure::timed("photo_12mp", &mut value, &mut floor);
    Figure { unit: "ms of processor time", peak_rss_mb: Some(round(peak)), ..figure }
}

/// The processor time of the children `work` starts and waits for, in milliseconds a photo.
fn per_photo(mut work: impl FnMut()) -> f64 {
    let before = children_ms();
    (0..TIMES).for_each(|_| work());
    (children_ms() - before) / f64::from(TIMES)
}

/// Processor time of all children so far: fields 16 and 17 of `/proc/self/stat`, in hundredths of a second.
fn children_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("proc");
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    let ticks = fields.split_whitespace().skip(13).take(2).map(|field| field.parse::<f64>().expect("ticks"));
    ticks.sum::<f64>() * 10.0
}

/// One photo in a process of its own; gives the most memory that had, in megabytes.
fn ours(photo: &Path, folder: &Path) -> f64 {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    let output =
        child.arg("--photo").args([photo, folder]).stderr(Stdio::inherit()).output().expect("a child");
    assert!(output.status.success(), "a photo");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("megabytes")
}

fn vips(photo: &Path, folder: &Path) {
    for (side, quality) in [("1600", "80"), ("320", "75")] {
        let to = format!("{}/vips-{side}.jpg[Q={quality},strip]", folder.display());
        let status =
            Command::new("vipsthumbnail").arg(photo).args(["--size", side, "--output", &to]).status();
        assert!(status.expect("vipsthumbnail").success(), "vipsthumbnail");
    }
}

/// What the child does.
pub fn child(photo: &Path, folder: &Path) -> ! {
    let made = media::from_path(photo, &Rulebook::builtin().policy.photos, None).expect("a photo");
    std::fs::write(folder.join("full.jpg"), &made.full).expect("room");
    std::fs::write(folder.join("preview.jpg"), &made.preview).expect("room");
    let status = std::fs::read_to_string("/proc/self/status").expect("proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kb: f64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
    println!("{}", kb / 1024.0);
    std::process::exit(0)
}

/// A wall in uneven light with tiles, round and slanted things before it, and the noise of a sensor; always the same.
fn scene() -> Vec<u8> {
    let (width, height) = (usize::from(WIDTH), usize::from(HEIGHT));
    let mut bytes = Vec::with_capacity(width * height * 3);
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    for y in 0..height {
        for x in 0..width {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let noise = ((dice & 0xff) as i32 + ((dice >> 8) & 0xff) as i32 - 255) / 32;
            let light = (x * 140 / width + y * 50 / height) as i32 + 30 + noise;
            let tile = if x % 180 < 6 || y % 120 < 6 { -40 } else { 0 };
            let (dx, dy) = (x as i64 % 900 - 450, y as i64 % 700 - 350);
            let ball = if dx * dx + dy * dy < 200 * 200 { 50 - (dx / 8) as i32 } else { 0 };
            let slant = if (x + 2 * y) % 1500 < 40 { -60 } else { 0 };
            for level in [light + tile + ball, light + tile + slant, light + slant - ball / 2] {
                bytes.push(level.clamp(0, 255) as u8);
            }
        }
    }
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 92);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(&bytes, WIDTH, HEIGHT, ColorType::Rgb).expect("a photo");
    out
}
