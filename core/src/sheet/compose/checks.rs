//! Checklists with their mismatches, and photos before beside after (R61, R82 to R85, R89).

use std::collections::{BTreeMap, BTreeSet};

use super::{Making, section};
use crate::domain::ids::ItemId;
use crate::domain::order::visit::{ItemAnswer, Photo, PhotoMoment, Visit};
use crate::domain::policy::{ChecklistItem, Phase};
use crate::sheet::block::{Block, Finding, Item, PhotoPair, Picture, Section};
use crate::words::labels;

/// The checklists. What was prepared before setting out, and reminders of conduct, are the firm's affair.
pub(super) fn lists<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let visit = making.input.order.visit().map(|(_, visit)| visit)?;
    let phases: &[Phase] = if making.is_resident() {
        &[Phase::Before, Phase::After]
    } else {
        &[Phase::Preparation, Phase::Before, Phase::After]
    };
    let list = |phase: &Phase| Block::Checklist {
        title: labels::phase(*phase, making.lang).to_owned(),
        items: items(visit, *phase, making),
    };
    let papers = visit.mismatches.values();
    let word = making.terms.mismatch_signed;
    let signed = papers.map(|paper| super::signing::of_outcome(word, &paper.outcome, making)).collect();
    let blocks = phases.iter().map(list).chain([Block::Signatures(signed)]);
    section(making.words.checks, blocks.collect())
}

fn items(visit: &Visit, phase: Phase, making: &Making<'_>) -> Vec<Item> {
    let policy = &making.input.rulebook.policy;
    let order = making.input.order;
    let wanted = |item: &&ChecklistItem| item.phase == phase && !(making.is_resident() && item.advisory);
    let asked = policy.items(order.work_type()).filter(wanted);
    // What was left open says nothing to a resident; who files the sheet sees that it is open (R89).
    let lines = asked.filter_map(|item| {
        let answer = visit.answers.get(&item.id);
        (answer.is_some() || (making.is_office() && item.required && visit.arrived.is_some()))
            .then(|| line(&item.id, Some(item), answer, making))
    });
    let mut lines: Vec<Item> = lines.collect();
    if phase == Phase::Before {
        let known: BTreeSet<&ItemId> =
            policy.checklists.iter().flat_map(|list| &list.items).map(|item| &item.id).collect();
        let rest = visit.answers.iter().filter(|(id, _)| !known.contains(id));
        lines.extend(rest.map(|(id, answer)| line(id, None, Some(answer), making)));
    }
    lines
}

fn line(id: &ItemId, item: Option<&ChecklistItem>, answer: Option<&ItemAnswer>, making: &Making<'_>) -> Item {
    let value = answer.map(|answer| labels::item_value(&answer.value, making.lang));
    let differs = item.zip(answer).is_some_and(|(item, answer)| item.is_mismatch(&answer.value));
    let finding = match value {
        None => Finding::Open,
        Some(_) if differs => Finding::Differs,
        Some(_) => Finding::Right,
    };
    Item {
        label: making.names.item(id),
        finding,
        value: value.unwrap_or_else(|| making.terms.unanswered.to_owned()),
        remark: answer.map(|answer| answer.remark.clone()).unwrap_or_default(),
    }
}

/// The photos of the visit in pairs, by checklist item.
pub(super) fn photos<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (_, visit) = making.input.order.visit()?;
    let mut by_item: BTreeMap<&ItemId, [Vec<&Photo>; 2]> = BTreeMap::new();
    for photo in visit.photos.values() {
        let [before, after] = by_item.entry(&photo.item).or_default();
        match photo.moment {
            PhotoMoment::Before => before.push(photo),
            PhotoMoment::After => after.push(photo),
        }
    }
    let mut pairs = Vec::new();
    for (item, [before, after]) in by_item {
        for place in 0..before.len().max(after.len()) {
            let picture = |photos: &[&Photo]| photos.get(place).map(|photo| picture(photo, making));
            pairs.push(PhotoPair {
                label: making.names.item(item),
                before: picture(&before),
                after: picture(&after),
            });
        }
    }
    section(making.words.photos, vec![Block::Photos(pairs)])
}

fn picture<'a>(photo: &Photo, making: &Making<'a>) -> Picture<'a> {
    let moment = labels::photo_moment(photo.moment, making.lang);
    Picture {
        caption: format!("{moment} · {}", making.clock.at(photo.mark.at)),
        jpeg: making.input.thumbnails.get(&photo.picture).map(Vec::as_slice),
        mark: super::signing::short(&photo.picture),
    }
}
