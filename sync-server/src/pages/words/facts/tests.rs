//! Every kind of fact has a sentence in each language, both Chinese forms say the same, and no sentence is another's.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::policy::{PROPERTY_PACK, Policy};

use super::samples::{all, at};
use super::*;
use doorstep_core::words::check;

fn in_all_languages(fact: &Fact) -> [String; 3] {
    let policy = Policy::parse(PROPERTY_PACK).unwrap();
    let people = BTreeMap::new();
    Lang::ALL.map(|lang| {
        let names = Names { people: &people, policy: &policy, lang };
        sentence(fact, &Telling { names: &names, now: at() })
    })
}

/// The name a fact has in data: the variant, as the entry writes it.
fn kind(fact: &Fact) -> String {
    match serde_json::to_value(fact).unwrap() {
        serde_json::Value::String(name) => name,
        serde_json::Value::Object(map) => map.keys().next().unwrap().clone(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_fact_speaks_three_languages() {
    for fact in all() {
        let [hant, hans, en] = in_all_languages(&fact);
        check::three(&kind(&fact), [&hant, &hans, &en]).unwrap();
    }
}

#[test]
fn the_samples_have_every_kind_of_fact() {
    // Serde names the variants it knows when it is given one it does not.
    let error = serde_json::from_str::<Fact>("\"no_such_kind\"").unwrap_err().to_string();
    let known: BTreeSet<&str> = error.split('`').skip(3).step_by(2).collect();
    let samples = all();
    let sampled: BTreeSet<String> = samples.iter().map(kind).collect();
    assert!(known.len() > 40, "{error}");
    assert_eq!(sampled.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn kinds_do_not_share_a_sentence() {
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for fact in all() {
        let [hant, ..] = in_all_languages(&fact);
        if let Some(other) = told.insert(hant.clone(), kind(&fact)) {
            assert_eq!(other, kind(&fact), "{hant}");
        }
    }
}
