//! Filling pages: no piece is cut, a heading stays with what follows it, a table's head is repeated, and a run that is
//! kept together begins a new page when it would not fit on the rest of this one.

use super::form::Form;
use super::piece::{Mark, Piece, Run};

/// A page: its marks from the top left corner of the paper, and how far down they reach.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) marks: Vec<Mark>,
    pub(super) depth: f32,
}

/// The pages of all runs.
pub(super) fn pages(runs: Vec<Run>, form: &Form) -> Vec<Page> {
    let mut filling = Filling { pages: vec![Page::default()], form };
    for run in runs {
        let whole: f32 = run.pieces.iter().map(|piece| piece.height).sum();
        if run.together && whole <= form.depth() {
            filling.room_for(whole);
        }
        let mut waiting = run.pieces.into_iter().peekable();
        while let Some(piece) = waiting.next() {
            let mut chain = vec![piece];
            while chain.last().is_some_and(|piece| piece.leads) {
                let Some(next) = waiting.next() else { break };
                chain.push(next);
            }
            filling.room_for(chain.iter().map(|piece| piece.height).sum());
            chain.into_iter().for_each(|piece| filling.put(piece));
        }
    }
    filling.pages
}

struct Filling<'a> {
    pages: Vec<Page>,
    form: &'a Form,
}

impl Filling<'_> {
    /// Begins a page when this height does not fit on the rest of the present one.
    fn room_for(&mut self, height: f32) {
        let used = self.pages.last().map_or(0.0, |page| page.depth);
        if used > 0.0 && used + height > self.form.depth() {
            self.pages.push(Page::default());
        }
    }

    fn put(&mut self, piece: Piece) {
        let (left, top) = (self.form.side, self.form.top);
        let Some(page) = self.pages.last_mut() else { return };
        let begins = page.depth == 0.0;
        // Empty room at the top of a page has nothing to keep apart.
        if begins && piece.marks.is_empty() {
            return;
        }
        for part in piece.above.as_deref().filter(|_| begins).cloned().into_iter().chain([piece]) {
            let down = top + page.depth;
            page.depth += part.height;
            page.marks.extend(part.marks.into_iter().map(|mark| mark.moved(left, down)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::pdf::form;
    use doorstep_core::sheet::Layout;

    fn piece(height: f32, text: &str) -> Piece {
        let set = crate::pdf::piece::Type { size: 10.0, bold: false, color: (0, 0, 0) };
        let mark = Mark::Text { x: 0.0, y: height, text: text.to_owned(), set };
        Piece { height, marks: vec![mark], ..Piece::default() }
    }

    fn texts(page: &Page) -> Vec<&str> {
        fn text(mark: &Mark) -> Option<&str> {
            if let Mark::Text { text, .. } = mark { Some(text) } else { None }
        }
        page.marks.iter().filter_map(text).collect()
    }

    #[test]
    fn nothing_is_cut_and_headings_stay_with_what_they_head() {
        let form = form::of(Layout::A4);
        let third = form.depth() / 3.0;
        let heading = Piece { leads: true, ..piece(20.0, "heading") };
        let pieces = vec![piece(third, "a"), piece(third, "b"), heading, piece(third, "c")];
        let pages = pages(vec![Run { pieces, together: false }], form);
        assert_eq!(pages.iter().map(texts).collect::<Vec<_>>(), [vec!["a", "b"], vec!["heading", "c"]]);
        assert!(pages.iter().all(|page| page.depth <= form.depth()));
    }

    #[test]
    fn a_run_that_is_kept_together_begins_a_page_and_one_too_long_for_any_page_flows() {
        let form = form::of(Layout::A4);
        let half = form.depth() / 2.0;
        let run = |texts: &[&'static str], together| Run {
            pieces: texts.iter().map(|text| piece(half * 0.9, text)).collect(),
            together,
        };
        let short = pages(vec![run(&["a"], false), run(&["b", "c"], true)], form);
        assert_eq!(short.iter().map(texts).collect::<Vec<_>>(), [vec!["a"], vec!["b", "c"]]);
        let long = pages(vec![run(&["a"], false), run(&["b", "c", "d"], true)], form);
        assert_eq!(long.iter().map(texts).collect::<Vec<_>>(), [vec!["a", "b"], vec!["c", "d"]]);
    }

    #[test]
    fn a_table_that_goes_on_repeats_its_head() {
        let form = form::of(Layout::A4);
        let above = Some(Rc::new(piece(20.0, "head")));
        let row = |text| Piece { above: above.clone(), ..piece(form.depth() * 0.6, text) };
        let pages =
            pages(vec![Run { pieces: vec![piece(20.0, "head"), row("a"), row("b")], together: false }], form);
        assert_eq!(pages.iter().map(texts).collect::<Vec<_>>(), [vec!["head", "a"], vec!["head", "b"]]);
    }
}
