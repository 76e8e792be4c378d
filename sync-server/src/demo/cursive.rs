//! A running hand for names in Latin letters: the letters of `demo/handwriting/latin.txt`, joined, slanted and timed.

/// A sample of the pen: x and y in pixels of the pad, milliseconds, pressure from 0 to 1.
pub(super) type Sample = (f64, f64, u32, f64);

const LETTERS: &str = include_str!("../../../demo/handwriting/latin.txt");

/// The pad, as the handwriting files have it, and how large a letter's unit is at most.
const WIDTH: f64 = 900.0;
const BASELINE: f64 = 200.0;
const MARGIN: f64 = 60.0;
const LARGEST_UNIT: f64 = 16.0;
const SLANT: f64 = 0.28;
/// Samples from one point of a letter to the next, and milliseconds between samples and between strokes.
const STEPS: u32 = 6;
const SAMPLE_MS: u32 = 9;
const LIFT_MS: u32 = 140;

type Way = Vec<(f64, f64)>;

/// The strokes of a name. Signs the hand has no letter for are left out.
pub(super) fn write(name: &str) -> Vec<Vec<Sample>> {
    let ways = ways(name);
    let right = ways.iter().flatten().map(|(x, _)| *x).fold(1.0, f64::max);
    let unit = ((WIDTH - 2.0 * MARGIN) / right).min(LARGEST_UNIT);
    let mut ms = 0;
    let stroke = |way: &Way| {
        let stroke = sampled(way).into_iter().map(|(x, y, slowness)| {
            ms += SAMPLE_MS;
            (MARGIN + (x + SLANT * y) * unit, BASELINE - y * unit, ms, 0.35 + 0.4 * slowness)
        });
        let stroke: Vec<Sample> = stroke.collect();
        ms += LIFT_MS;
        stroke
    };
    ways.iter().map(stroke).collect()
}

/// The pen's ways through a name: a capital stands alone, small letters join, dots and bars follow after the word.
fn ways(name: &str) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut left = 0.0;
    for word in name.split_whitespace() {
        let mut joined: Way = Vec::new();
        let mut after = Vec::new();
        for letter in word.chars() {
            let Some(strokes) = letter_ways(letter) else { continue };
            let start = left;
            let moved = |way: &Way| way.iter().map(|(x, y)| (x + start, *y)).collect::<Way>();
            let mut strokes = strokes.iter().map(moved);
            let first: Way = strokes.next().unwrap_or_default();
            joined.extend(&first);
            left = first.iter().map(|(x, _)| *x).fold(left, f64::max);
            if letter.is_uppercase() {
                after.push(std::mem::take(&mut joined));
                left += 0.7;
            }
            after.extend(strokes);
        }
        ways.push(joined);
        ways.append(&mut after);
        left += 4.0;
    }
    ways.retain(|way| way.len() > 1);
    ways
}

/// A letter's ways, as the file has them.
fn letter_ways(letter: char) -> Option<Vec<Way>> {
    let line = LETTERS.lines().find_map(|line| line.strip_prefix(letter)?.strip_prefix(' '))?;
    let point = |text: &str| {
        let (x, y) = text.split_once(',')?;
        Some((x.parse().ok()?, y.parse().ok()?))
    };
    line.split(" / ").map(|way| way.split(' ').map(point).collect()).collect()
}

/// A smooth line through the points (Catmull-Rom), with how slowly the pen goes: slow is pressed harder.
fn sampled(way: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
    let at = |index: usize| way.get(index.min(way.len() - 1)).copied().unwrap_or_default();
    let mut samples = Vec::new();
    for index in 0..way.len().saturating_sub(1) {
        let (a, b, c, d) = (at(index.saturating_sub(1)), at(index), at(index + 1), at(index + 2));
        let length = (c.0 - b.0).hypot(c.1 - b.1);
        for step in 0..STEPS {
            let t = f64::from(step) / f64::from(STEPS);
            let along = |a: f64, b: f64, c: f64, d: f64| {
                let (t2, t3) = (t * t, t * t * t);
                let bent = (2.0 * a - 5.0 * b + 4.0 * c - d) * t2 + (3.0 * b - a - 3.0 * c + d) * t3;
                0.5 * (2.0 * b + (c - a) * t + bent)
            };
            samples.push((along(a.0, b.0, c.0, d.0), along(a.1, b.1, c.1, d.1), 1.0 / (1.0 + length / 2.0)));
        }
    }
    let end = at(way.len());
    samples.push((end.0, end.1, 0.3));
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_drawn_and_no_two_alike() {
        let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
        let drawn: Vec<_> = letters.iter().map(|letter| letter_ways(*letter).unwrap()).collect();
        for (index, letter) in drawn.iter().enumerate() {
            assert!(letter.iter().all(|way| way.len() > 1), "{}", letters[index]);
            assert!(!drawn[..index].contains(letter), "{}", letters[index]);
        }
    }

    #[test]
    fn a_name_fills_the_pad_and_stays_on_it() {
        for name in
            ["Lam", "Kwan Tsz Fung", "Wong Siu Ling", "Maximiliane Featherstonehaugh-Llewellyn O'Quixby"]
        {
            let strokes = write(name);
            let samples: Vec<&Sample> = strokes.iter().flatten().collect();
            let width = samples.iter().map(|s| s.0).fold(0.0, f64::max);
            assert!(width > 150.0 && width < WIDTH, "{name}: {width}");
            assert!(samples.iter().all(|s| s.0 > 0.0 && s.1 > 0.0 && s.1 < 320.0 && s.3 < 1.0), "{name}");
            assert!(samples.windows(2).all(|pair| pair[0].2 < pair[1].2), "time goes on");
        }
        assert!(write("李婉儀").is_empty());
        assert_eq!(write("Lam"), write("Lam"));
        assert_ne!(write("Lam"), write("Lum"));
    }
}
