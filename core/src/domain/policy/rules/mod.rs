//! The catalogue of rules: what a number means, and the clause of the source procedure it stands in.

mod office;
mod visit;

use super::super::lang::Lang;

type Row = (u16, &'static str, [&'static str; 3]);

/// A rule of the procedures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// Its number.
    pub number: u16,
    /// The clause, for example `F0/1.3`.
    pub source: &'static str,
    names: [&'static str; 3],
}

impl RuleInfo {
    /// Its short name.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &'static str {
        lang.pick(self.names)
    }
}

/// The rule of a number, R1 to R176.
#[must_use]
pub fn rule(number: u16) -> Option<RuleInfo> {
    let rows = if number <= 96 { visit::ROWS } else { office::ROWS };
    let found = rows.binary_search_by_key(&number, |(n, _, _)| *n).ok()?;
    rows.get(found).map(|(number, source, names)| RuleInfo { number: *number, source, names: *names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_176_rules_are_here_with_a_clause_and_a_name_in_each_language() {
        for number in 1..=176 {
            let rule = rule(number).unwrap_or_else(|| panic!("R{number}"));
            assert_eq!(rule.number, number);
            assert!(rule.source.starts_with('F'), "R{number}");
            assert!(Lang::ALL.iter().all(|lang| !rule.name(*lang).is_empty()), "R{number}");
        }
        assert!(rule(0).is_none() && rule(177).is_none());
    }
}
