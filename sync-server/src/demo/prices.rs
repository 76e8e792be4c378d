//! Which lines of the firm's price list fit a fault: those whose names share most with what the register says.

use doorstep_core::domain::fold::fold;
use doorstep_core::domain::order::intake::Intake;

use crate::import::{PriceKind, PriceRow};

/// The labour and the material that fit best. `None` where the list has nothing of the kind.
pub(super) fn fitting<'a>(prices: &'a [PriceRow], intake: &Intake) -> [Option<&'a PriceRow>; 2] {
    [PriceKind::Labour, PriceKind::Material].map(|kind| {
        let of_kind = prices.iter().filter(|price| price.kind == kind);
        // The first of equals: a list begins with what is asked for most.
        of_kind.rev().max_by_key(|price| likeness(price, intake))
    })
}

/// How much a price's name and a registration have in common: first by the fault, then by the symptom.
fn likeness(price: &PriceRow, intake: &Intake) -> (usize, usize) {
    let name = format!("{}\n{}", price.name.zh_hant, price.name.en);
    (in_common(&name, &intake.fault), in_common(&name, &intake.symptom))
}

/// Words in Latin letters and pairs of characters count most, single characters a little.
fn in_common(name: &str, text: &str) -> usize {
    let (names, texts) = (words(name), words(text));
    let latin = texts.iter().filter(|word| word.is_ascii() && word.len() > 2);
    let latin = latin.filter(|word| names.contains(*word)).count();
    let (name, text) = (han(name), han(text));
    let pairs = text.windows(2).filter(|pair| name.windows(2).any(|other| other == *pair)).count();
    let single = text.iter().filter(|one| name.contains(one)).count();
    10 * (latin + pairs) + single
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect()
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
