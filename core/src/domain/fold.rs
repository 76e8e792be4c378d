//! Folding for search, so that a person finds what another person typed: 維修 finds 维修, `9123 4567` finds `91234567`.
//!
//! The phone's search box and the office's list fold both sides with this and then compare plain substrings, which also
//! serves the two-character words that SQLite's trigram index cannot find. Folding is for finding only: what is shown,
//! sealed or stored is always the text as written.

mod table;

use table::TABLE;

/// The form of a text that search compares.
///
/// Traditional and Simplified characters and their regional variants fold together, full width becomes half width,
/// capitals become small letters, and spaces, punctuation and invisible marks disappear. Everything else, emoji
/// included, stays. Folding a folded text changes nothing.
///
/// To search several fields at once, fold each and join them with `\n`, which no folded text contains; no match can then
/// run from one field into the next.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for written in text.chars() {
        let narrow = half_width(written);
        if narrow.is_ascii() {
            if narrow.is_ascii_alphanumeric() {
                folded.push(narrow.to_ascii_lowercase());
            }
        } else if is_han(narrow) {
            folded.push(representative(narrow));
        } else if !is_dropped(narrow) {
            folded.extend(narrow.to_lowercase());
        }
    }
    folded
}

/// Whether a folded text contains a folded search text. An empty search text, as after folding spaces or punctuation
/// alone, is no restriction and matches everything.
#[must_use]
pub fn matches(folded_haystack: &str, folded_needle: &str) -> bool {
    folded_haystack.contains(folded_needle)
}

/// The ordinary form of a full-width letter, digit or sign.
fn half_width(written: char) -> char {
    match written {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(written).wrapping_sub(0xFEE0)).unwrap_or(written),
        '\u{FFE0}' => '¢',
        '\u{FFE1}' => '£',
        '\u{FFE5}' => '¥',
        other => other,
    }
}

/// Whether the table may know this character: Chinese characters proper, with extensions and compatibility forms.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The one character that stands for all forms of this one.
fn representative(han: char) -> char {
    let found = TABLE.binary_search_by_key(&han, |pair| pair.0).ok();
    found.and_then(|at| TABLE.get(at)).map_or(han, |pair| pair.1)
}

/// Whether search ignores a character beyond ASCII: spaces, punctuation and the invisible marks that a pasted phone
/// number carries. Signs that are also emoji (‼ ⁉ 〰 〽) and the parts emoji are joined with stay.
fn is_dropped(c: char) -> bool {
    if c.is_whitespace() || c.is_control() {
        return true;
    }
    matches!(c,
        '\u{00A1}' | '\u{00A7}' | '\u{00AB}' | '\u{00AD}' | '\u{00B6}' | '\u{00B7}' | '\u{00BB}' | '\u{00BF}'
        // Zero-width space and non-joiner, direction marks; the joiner U+200D between them belongs to emoji.
        | '\u{200B}' | '\u{200C}' | '\u{200E}'..='\u{203B}' | '\u{203D}'..='\u{2048}' | '\u{204A}'..='\u{206F}'
        | '\u{2212}'
        // 、。〃 and brackets, between them 々〆〇, which are letters.
        | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}'
        | '\u{30FB}'
        | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}' | '\u{FEFF}' | '\u{FF5F}'..='\u{FF65}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether searching `needle` finds `haystack`, both as typed.
    fn finds(haystack: &str, needle: &str) -> bool {
        matches(&fold(haystack), &fold(needle))
    }

    #[test]
    fn scripts_and_regional_forms_find_each_other() {
        for (one, other) in [
            ("維修", "维修"),
            ("維修冷氣漏水", "漏水"),
            ("臺灣", "台湾"),
            ("枱面", "檯麵"),
            ("屋裏", "屋裡"),
            ("屋裏", "屋里"),
            ("衞生間", "衛生間"),
            ("衞生間", "卫生间"),
            ("電綫", "电线"),
            ("電線", "電綫"),
            ("水龍頭鏽蝕", "水龙头锈蚀"),
            ("安裝灶具", "安装竈具"),
            ("沙田第一邨", "第一村"),
            ("床", "牀"),
            ("開關", "开关"),
            ("商舖", "商铺"),
            ("樑", "梁"),
            ("更換門鎖", "門锁"),
        ] {
            assert!(finds(one, other), "{one} should be found by {other}");
        }
    }

    #[test]
    fn different_words_stay_different() {
        for (one, other) in [
            ("維修", "維護"),
            ("漏水", "漏電"),
            ("門鎖", "門鈴"),
            ("三樓", "二樓"),
            ("未付", "末付"),
            ("土地", "士地"),
            ("座", "坐"),
        ] {
            assert!(!finds(one, other), "{one} must not be found by {other}");
        }
    }

    #[test]
    fn width_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("Ａ座 １２ 樓，Flat－Ｂ"), "a座12楼flatb");
        assert_eq!(fold("「緊急」！（漏水）…"), fold("紧急漏水"));
        assert_eq!(fold("ÉCOLE Straße Ω"), "écolestraßeω");
        assert_eq!(fold("\u{F907}\u{3000}\u{FEFF}々〇"), fold("龜々〇"));
        assert_eq!(fold("￥１００"), "¥100");
        assert_eq!(fold(" \t\r\n、。・-_/"), "");
    }

    #[test]
    fn a_phone_number_is_found_by_its_last_digits_however_it_was_written() {
        for written in
            ["+852 9123-4567", "（８５２）９１２３　４５６７", "9123.4567", "\u{202A}+852 9123 4567\u{202C}"]
        {
            for typed in ["4567", "3 4567", "23-4567", "９１２３４５６７"] {
                assert!(finds(written, typed), "{written} should be found by {typed}");
            }
            assert!(!finds(written, "4568"), "{written}");
        }
    }

    #[test]
    fn emoji_stay_whole() {
        for emoji in ["🔧", "👨‍👩‍👧", "👍🏽", "☎️", "🇭🇰", "‼️", "1️⃣", "❤️‍🔥"]
        {
            assert_eq!(fold(emoji), emoji);
        }
    }

    #[test]
    fn an_empty_search_is_no_restriction() {
        assert!(finds("維修", ""));
        assert!(finds("維修", " ，"));
        assert!(!finds("", "維"));
    }

    #[test]
    fn joined_fields_do_not_run_into_each_other() {
        let joined = format!("{}\n{}", fold("A座 12"), fold("34 號"));
        assert!(matches(&joined, &fold("座12")));
        assert!(!matches(&joined, &fold("1234")));
        assert!(
            (0..=u32::from(char::MAX))
                .filter_map(char::from_u32)
                .all(|c| !fold(&c.to_string()).contains('\n'))
        );
    }

    #[test]
    fn the_table_is_sorted_and_ends_in_representatives() {
        assert!(TABLE.windows(2).all(|two| two[0].0 < two[1].0));
        for (written, folded) in TABLE {
            assert!(is_han(written) && is_han(folded), "{written} {folded}");
            assert_eq!(representative(folded), folded, "{written} folds twice");
        }
    }

    #[test]
    fn every_character_folds_once_and_for_all() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent_and_splits_anywhere(one in any::<String>(), other in "\\PC*[維修臺ＡＢ１ -]*\\PC*") {
            let (a, b) = (fold(&one), fold(&other));
            prop_assert_eq!(fold(&b), b.clone());
            prop_assert_eq!(fold(&format!("{one}{other}")), format!("{a}{b}"));
            let whole = format!("{a}{b}");
            prop_assert!(matches(&whole, &a) && matches(&whole, &b));
        }
    }

    /// Prints its figure with `cargo test --release -p doorstep-core fold_speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement, not a check"]
    fn fold_speed() {
        let text: String =
            "維修冷氣機漏水，業主電話 9123-4567；Ａ座１２樓。".chars().cycle().take(200).collect();
        let began = std::time::Instant::now();
        let total: usize = (0..10_000).map(|_| fold(std::hint::black_box(&text)).len()).sum();
        println!(
            "fold of 200 characters: {:.2} µs ({total})",
            began.elapsed().as_secs_f64() * 1e6 / 10_000.0
        );
    }
}
