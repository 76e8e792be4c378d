//! A disk that fails on purpose: every file SQLite opens in this process goes through it.
//!
//! What was written and not synced is remembered beside the files. A power cut leaves what was synced and any part of
//! the rest, down to single sectors. A kill leaves everything that was written. Both can strike at any write or sync.

mod layer;
mod shadow;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use doorstep_tests::dice::Dice;
pub(crate) use layer::install;

use self::shadow::Shadow;

/// Who opens files: a phone's app or a server's process.
pub(crate) type Process = u32;

/// What happens at a chosen operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Strike {
    /// The process is killed. The system writes what it was given.
    Kill,
    /// The machine loses power.
    PowerCut,
    /// As before, and what was being written may be there in part.
    Torn,
    /// There is no room, until somebody makes some.
    Full,
    /// Reading fails, once.
    BadRead,
    /// Writing fails, once.
    BadWrite,
    /// Syncing fails, once.
    BadSync,
}

/// An operation on a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operation {
    Read,
    Write,
    Sync,
}

/// The files of a folder as a strike left them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Image(pub(crate) BTreeMap<PathBuf, Vec<u8>>);

struct Armed {
    process: Process,
    strike: Strike,
    /// Operations that still pass.
    left: u32,
    dice: Dice,
    /// The folder of the machine.
    folder: PathBuf,
}

#[derive(Default)]
struct Disk {
    shadows: BTreeMap<PathBuf, Shadow>,
    handles: HashMap<usize, (PathBuf, Process)>,
    current: Process,
    dead: BTreeSet<Process>,
    full: BTreeSet<Process>,
    armed: Option<Armed>,
    struck: Option<(Strike, Image)>,
}

/// What an operation is told.
enum Told {
    Go,
    Dead,
    Full,
    Bad,
}

static DISK: Mutex<Option<Disk>> = Mutex::new(None);

fn with<T>(work: impl FnOnce(&mut Disk) -> T) -> T {
    let mut guard: MutexGuard<'_, Option<Disk>> = DISK.lock().unwrap_or_else(PoisonError::into_inner);
    work(guard.get_or_insert_with(Disk::default))
}

/// Files opened from now on are this process's.
pub(crate) fn act_as(process: Process) {
    with(|disk| disk.current = process);
}

/// Something strikes at one of the next operations of a process.
pub(crate) fn arm(process: Process, strike: Strike, after: u32, dice: Dice, folder: &Path) {
    let folder = folder.to_owned();
    with(|disk| disk.armed = Some(Armed { process, strike, left: after, dice, folder }));
}

/// What struck since [`arm`], with the files as they were left. From now on nothing strikes, and there is room.
pub(crate) fn disarm() -> Option<(Strike, Image)> {
    with(|disk| {
        disk.armed = None;
        disk.full.clear();
        disk.struck.take()
    })
}

/// The files of a folder as they are now; what a running process would leave if it were killed.
pub(crate) fn image_of(folder: &Path) -> Image {
    with(|disk| disk.image(folder))
}

/// The process is gone: whatever its handles are told to write is not written.
pub(crate) fn kill(process: Process) {
    with(|disk| disk.dead.insert(process));
}

/// The process begins anew.
pub(crate) fn revive(process: Process) {
    with(|disk| disk.dead.remove(&process));
}

/// Puts the databases of a folder back as an image has them; nothing may be open there.
pub(crate) fn put_back(folder: &Path, image: &Image) {
    for path in databases(folder) {
        std::fs::remove_file(path).expect("a file to remove");
    }
    for (path, bytes) in &image.0 {
        std::fs::write(path, bytes).expect("room");
    }
    with(|disk| disk.shadows.retain(|path, _| !path.starts_with(folder)));
}

/// The databases in a folder with what lies beside them, but not the memory processes share.
fn databases(folder: &Path) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        path.is_file() && [".db", ".db-wal", ".db-shm", ".db-journal"].iter().any(|end| name.ends_with(end))
    };
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path());
    let mut found: Vec<PathBuf> = files.filter(is_one).collect();
    found.sort();
    found
}

impl Disk {
    fn image(&self, folder: &Path) -> Image {
        let kept = databases(folder).into_iter().filter(|path| !path.to_string_lossy().ends_with("-shm"));
        Image(kept.map(|path| (path.clone(), std::fs::read(&path).expect("a file"))).collect())
    }

    fn cut(&self, folder: &Path, dice: &mut Dice, torn: bool) -> Image {
        let Image(mut files) = self.image(folder);
        for (path, bytes) in &mut files {
            if let Some(shadow) = self.shadows.get(path) {
                *bytes = shadow.after_power_cut(dice, torn);
            }
        }
        Image(files)
    }

    fn opened(&mut self, file: usize, path: PathBuf) {
        let is_open = self.handles.values().any(|(other, _)| *other == path);
        let length = std::fs::metadata(&path).map_or(0, |found| found.len());
        let known = self.shadows.get(&path).filter(|shadow| is_open || shadow.length() == length);
        if known.is_none() {
            // New, or another file has its name since.
            self.shadows.insert(path.clone(), Shadow::of(std::fs::read(&path).unwrap_or_default()));
        }
        self.handles.insert(file, (path, self.current));
    }

    /// Before an operation: may it be done?
    fn before(&mut self, file: usize, operation: Operation) -> Told {
        let Some((_, process)) = self.handles.get(&file) else { return Told::Go };
        let process = *process;
        if self.dead.contains(&process) {
            return Told::Dead;
        }
        if operation == Operation::Write && self.full.contains(&process) {
            return Told::Full;
        }
        let Some(armed) = &mut self.armed else { return Told::Go };
        let counts = match armed.strike {
            Strike::BadRead => operation == Operation::Read,
            Strike::BadSync => operation == Operation::Sync,
            Strike::Full | Strike::BadWrite => operation == Operation::Write,
            Strike::Kill | Strike::PowerCut | Strike::Torn => operation != Operation::Read,
        };
        if armed.process != process || !counts {
            return Told::Go;
        }
        if armed.left > 0 {
            armed.left -= 1;
            return Told::Go;
        }
        let Some(Armed { strike, mut dice, folder, .. }) = self.armed.take() else { return Told::Go };
        let (told, image) = match strike {
            Strike::Kill => (Told::Dead, self.image(&folder)),
            Strike::PowerCut | Strike::Torn => {
                (Told::Dead, self.cut(&folder, &mut dice, strike == Strike::Torn))
            }
            Strike::Full => (Told::Full, Image::default()),
            Strike::BadRead | Strike::BadWrite | Strike::BadSync => (Told::Bad, Image::default()),
        };
        match told {
            Told::Dead => self.dead.insert(process),
            Told::Full => self.full.insert(process),
            Told::Go | Told::Bad => false,
        };
        self.struck = Some((strike, image));
        told
    }

    fn shadow(&mut self, file: usize) -> Option<&mut Shadow> {
        let (path, _) = self.handles.get(&file)?;
        self.shadows.get_mut(path)
    }
}
