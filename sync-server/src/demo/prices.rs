//! Which lines of the firm's price list fit a fault: those whose names share most with what the register says.

use doorstep_core::domain::fold::fold;
use doorstep_core::domain::order::intake::Intake;

use crate::import::{PriceKind, PriceRow};

/// The labour and the material that fit best. `None` where the list has nothing of the kind.
pub(super) fn fitting<'a>(prices: &'a [PriceRow], intake: &Intake) -> [Option<&'a PriceRow>; 2] {
    let names: Vec<Vec<char>> = prices.iter().map(|price| han(&price.name.zh_hant)).collect();
    // A character that many names have says little about any of them.
    let rarity = |one: &char| 100 / names.iter().filter(|name| name.contains(one)).count().max(1);
    let likeness = |price: &PriceRow| {
        let in_common = |text: &str| {
            let singles =
                han(text).iter().filter(|one| han(&price.name.zh_hant).contains(one)).map(rarity).sum();
            (shared_words(price, text), singles)
        };
        // First by the fault, then by the symptom.
        let (fault, symptom): ((usize, usize), (usize, usize)) =
            (in_common(&intake.fault), in_common(&intake.symptom));
        (fault, symptom)
    };
    [PriceKind::Labour, PriceKind::Material].map(|kind| {
        let of_kind = prices.iter().filter(|price| price.kind == kind);
        // The first of equals: a list begins with what is asked for most.
        of_kind.rev().max_by_key(|price| likeness(price))
    })
}

/// Words in Latin letters, and pairs of Chinese characters, that a price's name and a text have in common.
fn shared_words(price: &PriceRow, text: &str) -> usize {
    let (names, name) = (words(&price.name.en), han(&price.name.zh_hant));
    let latin = words(text).iter().filter(|word| word.len() > 2 && names.contains(*word)).count();
    let pairs = han(text).windows(2).filter(|pair| name.windows(2).any(|other| other == *pair)).count();
    latin + pairs
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).map(fold).collect()
}

fn han(text: &str) -> Vec<char> {
    fold(text).chars().filter(|c| !c.is_ascii()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::import::read_folder;

    #[test]
    fn a_fault_gets_the_labour_and_part_a_person_would_pick() {
        let picks = |folder: &str, fault: &str, symptom: &str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(folder);
            let office = read_folder(&folder).unwrap().complete().unwrap();
            let intake = Intake { fault: fault.into(), symptom: symptom.into(), ..Intake::default() };
            fitting(&office.prices, &intake).map(|price| price.unwrap().code.clone())
        };
        let lake = |fault, symptom| picks("emerald-lake", fault, symptom);
        assert_eq!(lake("廚房洗菜盆下水管漏水", "用水時櫃底滴水"), ["SG-03", "SG-13"]);
        assert_eq!(lake("厨房洗菜盆下水管漏水", ""), ["SG-03", "SG-13"], "in either script");
        assert_eq!(lake("主臥衛生間水龍頭更換", "手柄鬆脫"), ["SG-02", "SG-11"]);
        assert_eq!(lake("客廳插座無電", "插電飯煲即跳閘"), ["DG-02", "DG-11"]);
        assert_eq!(lake("入戶門鎖鑰匙轉不動", "外面鑰匙插入後卡住"), ["MC-01", "MC-11"]);
        assert_eq!(lake("店內一排燈管不亮", "四支燈管全滅，開關正常"), ["DG-03", "DG-13"]);
        assert_eq!(lake("Nothing in common", ""), ["SG-01", "SG-11"], "else the first of each kind");
        assert_eq!(picks("second-office", "Kitchen tap drips", ""), ["L02", "M01"]);
    }
}
