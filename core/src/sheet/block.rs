//! What a sheet consists of: the blocks every renderer walks. Texts are plain and finished; a renderer only sets them.

use crate::domain::ids::Digest;
use crate::domain::lang::Lang;

/// A composed paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet<'a> {
    /// The language all texts are in.
    pub lang: Lang,
    /// What stands above everything.
    pub head: Head,
    /// The parts, in reading order.
    pub sections: Vec<Section<'a>>,
    /// What stands below everything.
    pub foot: Foot<'a>,
}

/// The top of a paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The firm.
    pub firm: String,
    /// What paper it is.
    pub title: &'static str,
    /// Whose copy.
    pub copy: &'static str,
    /// What its number is called.
    pub number_name: &'static str,
    /// Its number.
    pub number: String,
    /// Something that must be seen first: void, not signed yet.
    pub banner: Option<String>,
}

/// A part with a heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section<'a> {
    /// The heading.
    pub title: String,
    /// What is in it.
    pub blocks: Vec<Block<'a>>,
    /// Never broken over two pages: signatures and what they stand under.
    pub together: bool,
}

/// One block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block<'a> {
    /// Names and values.
    Pairs(Vec<Pair>),
    /// A table with lines and sums.
    Lines(Lines),
    /// Checklist answers under a small heading.
    Checklist {
        /// The phase.
        title: String,
        /// The items.
        items: Vec<Item>,
    },
    /// Photos, before beside after.
    Photos(Vec<PhotoPair<'a>>),
    /// Signatures beside each other.
    Signatures(Vec<Signature<'a>>),
    /// A sentence.
    Note {
        /// Said louder.
        loud: bool,
        /// The sentence.
        text: String,
    },
    /// Empty boxes to be filled in by hand: what each is for.
    Boxes(Vec<&'static str>),
}

/// A name and its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// The name.
    pub term: &'static str,
    /// The value.
    pub text: String,
    /// Takes the whole width: sentences rather than words.
    pub wide: bool,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    /// The columns' names; the first column holds words, the others are given with `numeric`.
    pub columns: Vec<Column>,
    /// The rows, as long as the columns.
    pub rows: Vec<Vec<String>>,
    /// Sums below: a name, a value, and whether it is the one that counts.
    pub sums: Vec<Sum>,
}

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Set to the right.
    pub numeric: bool,
}

/// A sum below a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    /// What it is.
    pub name: &'static str,
    /// How much.
    pub text: String,
    /// The one that counts.
    pub total: bool,
}

/// A checklist item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What was asked.
    pub label: String,
    /// The answer, or that there is none.
    pub value: String,
    /// What was written beside it.
    pub remark: String,
    /// Whether it is as it should be.
    pub finding: Finding,
}

/// Whether a checklist answer is as it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It is.
    Right,
    /// It differs (R61).
    Differs,
    /// It was not answered (R89).
    Open,
}

/// A photo before the work and one after it, either of which may lack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhotoPair<'a> {
    /// The checklist item they belong to.
    pub label: String,
    /// Before.
    pub before: Option<Picture<'a>>,
    /// After.
    pub after: Option<Picture<'a>>,
}

/// A photo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture<'a> {
    /// Before or after, when.
    pub caption: String,
    /// A small JPEG; `None` when it is not here.
    pub jpeg: Option<&'a [u8]>,
    /// The full picture's digest, shortened: it finds the original.
    pub mark: String,
}

/// How a signature came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Signed.
    Signed,
    /// Signed, with an objection.
    Objection,
    /// Refused.
    Refused,
    /// Nobody was there.
    Absent,
    /// Not asked yet.
    Open,
}

/// A signature, or what stands in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature<'a> {
    /// What it is a signature to.
    pub title: String,
    /// How it came out.
    pub standing: Standing,
    /// The same in words.
    pub outcome: &'static str,
    /// The objection, or the reason why nobody signed.
    pub reason: String,
    /// Who, in what capacity, when; empty when nobody signed.
    pub signer: String,
    /// When, with the zone.
    pub at: String,
    /// Encoded strokes, when they are here.
    pub ink: Option<&'a [u8]>,
    /// The strokes' digest.
    pub ink_digest: Option<Digest>,
    /// The sealed document's digest, shortened, with its name; empty when nothing is sealed.
    pub seal: String,
}

/// The bottom of a paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foot<'a> {
    /// Where to turn (R23, R92, R150).
    pub contacts: Vec<Pair>,
    /// Sentences: keep this copy, how times are given, what the code is for.
    pub notes: Vec<String>,
    /// A code to scan.
    pub code: Option<&'a Code>,
    /// Order id and when it was printed.
    pub print_mark: String,
}

/// A square code to scan, such as a QR code, without the quiet zone around it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Code {
    /// Modules on a side.
    pub side: usize,
    /// The modules, row by row; `true` is dark. Those that lack are light.
    pub dark: Vec<bool>,
}

impl Code {
    /// The dark modules as bars of neighbours: column, row and length of each.
    pub fn bars(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        let rows = self.dark.chunks(self.side.max(1)).take(self.side).enumerate();
        rows.flat_map(|(row, modules)| {
            let mut column = 0;
            modules
                .chunk_by(|a, b| a == b)
                .map(move |run| {
                    let bar = (column, row, run.len());
                    column += run.len();
                    (run.first() == Some(&true), bar)
                })
                .filter_map(|(dark, bar)| dark.then_some(bar))
        })
    }
}
