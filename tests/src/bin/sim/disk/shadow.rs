//! What of a file is on the disk for sure, and what was written since and may be lost.

use doorstep_tests::dice::Dice;

/// The least a disk writes as a whole.
const SECTOR: usize = 512;

#[derive(Clone, PartialEq, Eq, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

/// A file as the disk has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Shadow {
    synced: Vec<u8>,
    since: Vec<Change>,
}

impl Shadow {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self { synced: bytes, since: Vec::new() }
    }

    pub(super) fn wrote(&mut self, at: usize, bytes: &[u8]) {
        self.since.push(Change::Write { at, bytes: bytes.to_vec() });
    }

    pub(super) fn truncated(&mut self, to: usize) {
        self.since.push(Change::Truncate(to));
    }

    pub(super) fn synced(&mut self) {
        for change in std::mem::take(&mut self.since) {
            apply(&mut self.synced, &change);
        }
    }

    /// How long the file is for whoever reads it now.
    pub(super) fn length(&self) -> u64 {
        let longer = |length: usize, change: &Change| match change {
            Change::Write { at, bytes } => length.max(at + bytes.len()),
            Change::Truncate(to) => *to,
        };
        self.since.iter().fold(self.synced.len(), longer) as u64
    }

    /// What is found after the power came back: everything synced, and of the rest nothing, the beginning, or any part.
    pub(super) fn after_power_cut(&self, dice: &mut Dice, torn: bool) -> Vec<u8> {
        let mut found = self.synced.clone();
        let first = dice.below(self.since.len() + 1);
        let way = dice.below(3);
        for (number, change) in self.since.iter().enumerate() {
            let is_kept = match way {
                0 => false,
                1 => number < first,
                _ => dice.one_in(2),
            };
            match change {
                Change::Write { at, bytes } if torn => {
                    for (index, sector) in bytes.chunks(SECTOR).enumerate() {
                        if dice.one_in(2) {
                            write(&mut found, at + index * SECTOR, sector);
                        }
                    }
                }
                _ if is_kept => apply(&mut found, change),
                _ => {}
            }
        }
        found
    }
}

fn apply(file: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes } => write(file, *at, bytes),
        Change::Truncate(to) => file.resize(*to, 0),
    }
}

fn write(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}
