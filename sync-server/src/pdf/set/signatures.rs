//! Signatures in frames beside each other. Where nobody signed, the frame says so as large as a signature would stand.

use std::rc::Rc;

use doorstep_core::evidence::signature::drawing;
use doorstep_core::sheet::block::{Signature, Standing};
use doorstep_core::words::terms::terms;

use super::{BLACK, Setter, Side};
use crate::pdf::piece::{Mark, Piece, Place, Type};

/// Room within the frame.
const INSIDE: f32 = 7.0;

impl Setter<'_> {
    pub(super) fn signatures(&self, all: &[Signature<'_>], pieces: &mut Vec<Piece>) {
        let (column, gutter) = (self.form.column(), self.form.gutter);
        for row in all.chunks(self.form.columns) {
            let mut piece = Piece::default();
            let mut frames = Vec::new();
            for (place, signature) in row.iter().enumerate() {
                let x = place as f32 * (column + gutter);
                piece.lay(self.signature(signature, column - 2.0 * INSIDE), x + INSIDE, 6.0);
                frames.push(x);
            }
            let height = piece.height;
            piece.marks.extend(frames.into_iter().map(|x| Mark::Frame {
                place: Place { x, y: 3.0, width: column, height },
                weight: 0.75,
                color: self.form.rule,
            }));
            piece.height += 9.0;
            pieces.push(piece);
        }
    }

    fn signature(&self, signature: &Signature<'_>, width: f32) -> Piece {
        let plain = self.soft();
        let strong = Type { bold: true, color: BLACK, ..plain };
        let dark = Type { color: BLACK, ..plain };
        let warn = Type { color: self.form.warn, ..dark };
        let outcome = match signature.standing {
            Standing::Signed | Standing::Open => strong,
            Standing::Objection | Standing::Refused | Standing::Absent => Type { bold: true, ..warn },
        };
        let mut piece = self.text(&signature.title, strong, width);
        let pad = Place { x: 0.0, y: piece.height, width, height: self.form.pad };
        self.pad(signature, pad, outcome, &mut piece);
        let y = pad.y + pad.height;
        piece.marks.push(Mark::Rule { x: 0.0, y, width, weight: 0.75, color: self.form.soft });
        piece.height = y + 2.0;
        let mut below = |text: &str, set: Type| {
            let at = piece.height;
            piece.lay(self.text(text, set, width), 0.0, at);
        };
        if signature.ink_digest.is_some() {
            below(signature.outcome, outcome);
        }
        below(&signature.reason, warn);
        below(&signature.signer, dark);
        below(&signature.at, dark);
        below(&signature.seal, Type { size: self.form.tiny, ..plain });
        piece
    }

    fn pad(&self, signature: &Signature<'_>, pad: Place, outcome: Type, piece: &mut Piece) {
        if let Some(drawing) = signature.ink.and_then(|ink| drawing(ink).ok()) {
            let place = Place { y: pad.y + 2.0, height: pad.height - 4.0, ..pad };
            piece.marks.push(Mark::Ink { place, drawing: Rc::new(drawing), color: self.form.ink });
            return;
        }
        let (text, set) = if signature.ink_digest.is_some() {
            (terms(self.lang).no_ink, self.soft())
        } else {
            (signature.outcome, Type { size: self.form.heading, ..outcome })
        };
        let words = self.aligned(text, set, pad.width, Side::Middle);
        let down = ((pad.height - words.height) / 2.0).max(0.0);
        piece.lay(words, pad.x, pad.y + down);
    }
}
