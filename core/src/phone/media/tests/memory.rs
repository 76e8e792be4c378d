//! How much memory a photo takes, measured in a process of its own.

use std::path::Path;
use std::process::Command;

use super::super::from_path;
use super::{claiming, jpeg, policy, tall};

const PHOTO: &str = "DOORSTEP_TEST_PHOTO";

fn status(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<u64>().unwrap() / 1024
}

/// What the child does: make one photo and say how much memory it took at most, in megabytes above what it began with.
#[test]
fn child() {
    let Ok(path) = std::env::var(PHOTO) else { return };
    let idle = status("VmRSS:");
    let photo = from_path(Path::new(&path), &policy(), None).unwrap();
    assert_eq!(photo.width.max(photo.height), 1600);
    println!("above idle: {} MB", status("VmHWM:") - idle);
}

fn most_mb(bytes: &[u8]) -> u64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let this = module_path!().split_once("::").unwrap().1;
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{this}::child"), "--nocapture", "--test-threads=1"])
        .env(PHOTO, file.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.split_once("above idle: "));
    line.unwrap_or_else(|| panic!("{text}")).1.trim().strip_suffix(" MB").unwrap().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_small_whatever_the_camera() {
    let most = [(4000, 188), (8000, 375)].map(|(width, strips)| most_mb(&tall(width, strips)));
    assert!(most.iter().all(|mb| *mb <= 64), "12 and 48 megapixels take {most:?} MB");
    // The largest that is held whole while its scans come in.
    let progressive = most_mb(&claiming(jpeg(512, 512, true, None), 4096, 4096));
    assert!(progressive <= 160, "a progressive one takes {progressive} MB");
    println!("{most:?} {progressive} MB");
}
