//! Papers and signatures across the binding: what is put before somebody, and the seal under it.

use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::order::signing::Signed;
use doorstep_core::phone::MadeCopy;
use doorstep_core::sheet::PaperKind;

use crate::failure::Result;
use crate::ids::read;
use crate::records::ThingTaken;

/// A signature sealed to the document that was shown. Give it to the command that carries it.
#[derive(uniffi::Object)]
pub struct Sealed(pub(crate) Signed);

impl Sealed {
    pub(crate) fn signed(&self) -> Signed {
        self.0.clone()
    }
}

#[uniffi::export]
impl Sealed {
    /// SHA-256 of the document, hexadecimal.
    #[must_use]
    pub fn document_sha256(&self) -> String {
        self.0.document.to_string()
    }
}

/// What is put before somebody to sign.
#[derive(Clone, uniffi::Enum)]
#[allow(missing_docs, reason = "the papers are those of the core's Paper")]
pub enum SignedPaper {
    Quote { agreed: bool },
    Mismatch,
    Liability,
    TakeAway { receipt_no: String, things: Vec<ThingTaken> },
    Unsolved { reason: String },
    Sheet { rating: Option<u8>, opinion: String },
}

impl From<SignedPaper> for Paper {
    fn from(paper: SignedPaper) -> Self {
        match paper {
            SignedPaper::Quote { agreed } => Self::Quote { agreed },
            SignedPaper::Mismatch => Self::Mismatch,
            SignedPaper::Liability => Self::Liability,
            SignedPaper::TakeAway { receipt_no, things } => {
                let pair = |ThingTaken { name, serial }| (name, serial);
                Self::TakeAway { receipt_no, items: things.into_iter().map(pair).collect() }
            }
            SignedPaper::Unsolved { reason } => Self::Unsolved { reason },
            SignedPaper::Sheet { rating, opinion } => Self::Sheet { rating, opinion },
        }
    }
}

/// Which paper to print.
#[derive(Clone, uniffi::Enum)]
#[allow(missing_docs, reason = "the papers are those of the core's PaperKind")]
pub enum PrintedPaper {
    Service,
    PickUp { taken_in: String },
    GatePass { taken_in: String },
}

impl PrintedPaper {
    pub(crate) fn read(&self) -> Result<PaperKind> {
        Ok(match self {
            Self::Service => PaperKind::Service,
            Self::PickUp { taken_in } => PaperKind::PickUp(read(taken_in)?),
            Self::GatePass { taken_in } => PaperKind::GatePass(read(taken_in)?),
        })
    }
}

/// A copy the resident can check for ever, and the code to scan it from the screen.
#[derive(Clone, uniffi::Record)]
pub struct ResidentCopy {
    /// The kind of its document: `sheet`, `quote`, `mismatch`, `liability`, `take_away` or `unsolved`.
    pub kind: String,
    /// The copy: `doorstep-copy` as text, to hand over as a file.
    pub text: String,
    /// What the code says: the server's page that checks it, with the copy behind the `#`.
    pub address: String,
    /// The QR code as SVG.
    pub code_svg: String,
    /// Whether the document had room in the code; the text always has it.
    pub code_has_document: bool,
}

impl From<MadeCopy> for ResidentCopy {
    fn from(MadeCopy { kind, copy, link }: MadeCopy) -> Self {
        Self {
            kind: kind.to_owned(),
            text: copy.to_json(),
            address: link.address,
            code_svg: link.svg,
            code_has_document: link.has_document,
        }
    }
}
