//! Bundles that are whole, cut, changed, foreign, newer, or no bundles at all.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::*;
use crate::domain::ids::{DeviceId, Digest};
use crate::domain::lang::Lang;

const HEAD: usize = BOUND + ENCAPPED;

/// Bytes that do not pack, so that a bundle of some has several chunks.
fn noise(seed: u8, length: usize) -> Vec<u8> {
    let mut block = Digest::of(&[seed]);
    let mut bytes = Vec::with_capacity(length + 32);
    while bytes.len() < length {
        bytes.extend(block.0);
        block = Digest::of(&block.0);
    }
    bytes.truncate(length);
    bytes
}

fn run(entries: usize, size: usize) -> Run {
    let key = SigningKey::from_bytes(&[7; 32]);
    let head = RunHead {
        device: Some(DeviceId::new()),
        first: 3,
        before: Some(Digest::of(b"2")),
        ..RunHead::default()
    };
    Run::new(head, (0..entries).map(|i| noise(i as u8, size)).collect(), Some(&key))
}

fn bundle(key: &PublicKey, runs: &[Run]) -> Vec<u8> {
    let mut bundle = BundleWriter::new(Vec::new(), key).unwrap();
    for run in runs {
        bundle.run(run).unwrap();
    }
    bundle.photo(&noise(200, 5_000)).unwrap();
    bundle.finish().unwrap()
}

/// Reads all of it, or says why not.
fn read(bytes: &[u8], key: &SecretKey) -> Result<(Vec<Run>, usize)> {
    let mut bundle = Bundle::open(bytes, |id| (id == key.public().id()).then(|| key.clone()))?;
    let (mut runs, mut photos) = (Vec::new(), 0);
    while let Some(found) = bundle.next()? {
        match found {
            Found::Run(run) => runs.push(run),
            Found::Photo(_) => photos += 1,
        }
    }
    Ok((runs, photos))
}

#[test]
fn what_is_sealed_is_read_with_the_key_and_by_nobody_else() {
    let key = SecretKey::new().unwrap();
    for (entries, size) in [(0, 0), (1, 1), (3, 40), (40, 4_000), (1, 256 * 1024)] {
        let runs = [run(entries, size), run(2, 10)];
        let sealed = bundle(&key.public(), &runs);
        assert_eq!(read(&sealed, &key).unwrap(), (runs.to_vec(), 1));
        let other = SecretKey::new().unwrap();
        assert_eq!(read(&sealed, &other).unwrap_err(), BundleError::OtherKey(key.public().id()));
        // Whoever only claims to have the key has nothing.
        let lied = Bundle::open(&sealed[..], |_| Some(other.clone())).and_then(|mut bundle| bundle.next());
        assert_eq!(lied.unwrap_err(), BundleError::Changed);
    }
    let kept = SecretKey::from_text(&format!("{}\n", key.to_text())).unwrap();
    assert_eq!(kept.public(), key.public());
    assert_eq!(key.public().to_string().parse(), Ok(key.public()));
    assert!(SecretKey::from_text("zz").is_err() && !format!("{key:?}").contains(&key.to_text()));
}

/// Where each chunk begins, and the end.
fn borders(sealed: &[u8]) -> Vec<usize> {
    let (mut at, mut borders) = (HEAD, vec![HEAD]);
    while at < sealed.len() {
        let length = u32::from_be_bytes(sealed[at..at + 4].try_into().unwrap()) & !LAST;
        at += 4 + length as usize;
        borders.push(at);
    }
    borders
}

#[test]
fn a_bundle_cut_anywhere_is_refused_as_cut() {
    let key = SecretKey::new().unwrap();
    let sealed = bundle(&key.public(), &[run(60, 5_000)]);
    let borders = borders(&sealed);
    assert!(borders.len() > 4, "{borders:?}");
    assert_eq!(borders.last(), Some(&sealed.len()));
    for border in borders {
        for at in [border.saturating_sub(1), border, border + 1, border + 5] {
            if at < sealed.len() {
                assert_eq!(read(&sealed[..at], &key).unwrap_err(), BundleError::Cut, "cut at {at}");
            }
        }
    }
    for at in 0..HEAD {
        let why = read(&sealed[..at], &key).unwrap_err();
        assert_eq!(why, if at < MAGIC.len() { BundleError::NotABundle } else { BundleError::Cut });
    }
    // Chunks left out, moved or told twice are changes, and so is anything behind the end.
    let at = self::borders(&sealed);
    let without = [&sealed[..at[1]], &sealed[at[2]..]].concat();
    let swapped = [&sealed[..at[0]], &sealed[at[1]..at[2]], &sealed[at[0]..at[1]], &sealed[at[2]..]].concat();
    let twice = [&sealed[..at[1]], &sealed[at[0]..]].concat();
    let longer = [&sealed[..], b"x"].concat();
    for changed in [without, swapped, twice, longer] {
        assert_eq!(read(&changed, &key).unwrap_err(), BundleError::Changed);
    }
}

#[test]
fn every_changed_byte_is_refused() {
    let key = SecretKey::new().unwrap();
    let sealed = bundle(&key.public(), &[run(40, 5_000)]);
    let places =
        (0..HEAD + 64).chain((HEAD..sealed.len()).step_by(997)).chain(sealed.len() - 40..sealed.len());
    for at in places {
        for bit in [0x01, 0x80] {
            let mut changed = sealed.clone();
            changed[at] ^= bit;
            let why = read(&changed, &key).unwrap_err();
            let fits = match at {
                0..16 => why == BundleError::NotABundle,
                16 => matches!(why, BundleError::Newer { .. }),
                17..25 => matches!(why, BundleError::OtherKey(_)),
                _ => matches!(why, BundleError::Changed | BundleError::Cut),
            };
            assert!(fits, "byte {at}: {why:?}");
        }
    }
}

#[test]
fn a_run_is_signed_by_its_phone_and_by_no_other() {
    let signed = run(3, 50);
    let key = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    assert!(signed.is_signed_by(&key) && signed.is_signed());
    assert!(!signed.is_signed_by(&SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes()));
    let change = |change: &dyn Fn(&mut Run)| {
        let mut changed = signed.clone();
        change(&mut changed);
        assert!(!changed.is_signed_by(&key));
        assert_ne!(changed.own_device(), signed.own_device());
    };
    change(&|run| run.head.first += 1);
    change(&|run| run.head.device = None);
    change(&|run| run.head.before = None);
    change(&|run| run.entries[1][7] ^= 1);
    change(&|run| drop(run.entries.pop()));
    assert_eq!(signed.clone().own_device(), signed.own_device());
    assert!(!Run::new(RunHead::default(), vec![vec![1]], None).is_signed());
}

#[test]
fn ten_thousand_entries_take_little_room() {
    let key = SecretKey::new().unwrap();
    let like: Vec<Vec<u8>> = (0..10_000_u32)
        .map(|i| {
            format!("{{\"i\":\"{i:032x}\",\"f\":[{{\"note\":\"冷氣漏水，已更換排水管\"}}]}}").into_bytes()
        })
        .collect();
    let plain: usize = like.iter().map(Vec::len).sum();
    let head = RunHead { device: Some(DeviceId::new()), first: 1, ..RunHead::default() };
    let runs = [Run::new(head, like, None)];
    let sealed = bundle(&key.public(), &runs);
    assert!(sealed.len() * 4 < plain, "{} of {plain}", sealed.len());
    assert_eq!(read(&sealed, &key).unwrap().0, runs);
}

#[test]
fn a_bomb_is_given_up_before_it_is_large() {
    let key = SecretKey::new().unwrap();
    let zeros = vec![0; 64 * 1024 * 1024];
    let head = RunHead { first: 1, ..RunHead::default() };
    let mut bomb = BundleWriter::new(Vec::new(), &key.public()).unwrap();
    for _ in 0..9 {
        bomb.run(&Run::new(head.clone(), vec![zeros.clone()], None)).unwrap();
    }
    let sealed = bomb.finish().unwrap();
    assert!(sealed.len() < 1024 * 1024);
    assert!(matches!(read(&sealed, &key), Err(BundleError::Malformed(why)) if why.contains("more entries")));
}

#[test]
fn every_reason_is_told_in_three_languages() {
    let key = SecretKey::new().unwrap().public().id();
    let all = [
        BundleError::NotABundle,
        BundleError::Newer { found: 9 },
        BundleError::OtherKey(key),
        BundleError::Cut,
        BundleError::Changed,
        BundleError::Malformed("x".to_owned()),
        BundleError::Full,
        BundleError::Io("y".to_owned()),
    ];
    for error in all {
        let [hant, hans, en] = Lang::ALL.map(|lang| error.text(lang));
        assert!(hant != hans && en.is_ascii() && !hant.is_ascii() && !hans.is_ascii(), "{hant} {hans} {en}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever bytes come, sealed rightly or not, an answer comes and no panic.
    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..3_000), how in 0..4_u8) {
        let key = SecretKey::from_text(&"42".repeat(32)).unwrap();
        let sealed = |plain: &[u8]| {
            let mut sealer = Sealer::new(Vec::new(), &key.public()).unwrap();
            std::io::Write::write_all(&mut sealer, plain).unwrap();
            sealer.finish().unwrap()
        };
        let file = match how {
            0 => bytes.clone(),
            1 => [&MAGIC[..], &[VERSION], &key.public().id().0, &bytes].concat(),
            2 => sealed(&bytes),
            // What the stream unpacks to is anything: kinds, lengths and bodies that make no sense.
            _ => sealed(&zstd::bulk::compress(&bytes, 1).unwrap()),
        };
        if let Ok((runs, _)) = read(&file, &key) {
            prop_assert!(runs.is_empty() || how >= 2);
        }
    }

    /// Frames of the right kinds with any bodies.
    #[test]
    fn any_frames_give_an_answer(frames in proptest::collection::vec((0..6_u8, proptest::collection::vec(any::<u8>(), 0..60)), 0..8)) {
        let key = SecretKey::from_text(&"42".repeat(32)).unwrap();
        let mut plain = Vec::new();
        for (kind, body) in &frames {
            plain.push(*kind);
            plain.extend((body.len() as u32).to_be_bytes());
            plain.extend(body);
        }
        let mut sealer = Sealer::new(Vec::new(), &key.public()).unwrap();
        std::io::Write::write_all(&mut sealer, &zstd::bulk::compress(&plain, 1).unwrap()).unwrap();
        let _ = read(&sealer.finish().unwrap(), &key);
    }
}
