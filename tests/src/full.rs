//! A disk that fills up: SQLite's own file layer, made to refuse writes to chosen files once a budget is used up.
//!
//! Only opening and writing are changed; locks, shared memory and syncing stay the system's.
#![allow(unsafe_code, reason = "SQLite's file layer is a C interface")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::atomic::{AtomicI64, AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi;

/// Files with this in their path are on the disk that fills up.
pub const MARK: &str = "on-a-small-disk";

/// How many writes still fit; negative: as many as you like.
static LEFT: AtomicI64 = AtomicI64::new(-1);
static REAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());
/// SQLite has several tables of methods (for files with locks and without); each gets its changed copy.
static METHODS: Mutex<Vec<Pair>> = Mutex::new(Vec::new());
static INSTALL: Once = Once::new();
static ONE: Mutex<()> = Mutex::new(());

/// The small disk. There is one, and one test uses it at a time.
pub struct SmallDisk(#[expect(dead_code, reason = "held")] MutexGuard<'static, ()>);

impl SmallDisk {
    /// Waits for the disk to be free.
    pub fn take() -> Self {
        INSTALL.call_once(install);
        let guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        LEFT.store(-1, Ordering::SeqCst);
        Self(guard)
    }

    /// From now on so many writes fit.
    pub fn holds(&self, writes: i64) {
        LEFT.store(writes, Ordering::SeqCst);
    }

    /// Somebody made room.
    pub fn frees(&self) {
        LEFT.store(-1, Ordering::SeqCst);
    }

    /// Whether a write was refused since [`Self::holds`].
    pub fn was_full(&self) -> bool {
        LEFT.load(Ordering::SeqCst) == 0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        LEFT.store(-1, Ordering::SeqCst);
    }
}

fn install() {
    // SAFETY: the copy of the default layer lives for ever, as SQLite asks of a registered one; but for its name and how
    // it opens, it is the default one, with the default one's data and file size.
    unsafe {
        let real = ffi::sqlite3_vfs_find(std::ptr::null());
        assert!(!real.is_null(), "SQLite has a file layer");
        REAL.store(real, Ordering::SeqCst);
        let mut ours = *real;
        ours.pNext = std::ptr::null_mut();
        ours.zName = c"small-disk".as_ptr();
        ours.xOpen = Some(open);
        let ours = Box::leak(Box::new(ours));
        assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
    }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: everything is passed on as it came; the file's methods are replaced by a copy that differs in writing.
    unsafe {
        let real = REAL.load(Ordering::SeqCst);
        let Some(real_open) = (*real).xOpen else { return ffi::SQLITE_ERROR };
        let done = real_open(real, name, file, flags, out);
        let is_ours = !name.is_null() && CStr::from_ptr(name).to_string_lossy().contains(MARK);
        if done == ffi::SQLITE_OK && is_ours && !(*file).pMethods.is_null() {
            (*file).pMethods = methods((*file).pMethods);
        }
        done
    }
}

/// A table of methods and its copy that writes as the small disk does.
#[derive(Clone, Copy)]
struct Pair {
    real: &'static ffi::sqlite3_io_methods,
    ours: &'static ffi::sqlite3_io_methods,
}

/// The changed copy of a table.
unsafe fn methods(real: *const ffi::sqlite3_io_methods) -> *const ffi::sqlite3_io_methods {
    let mut known = METHODS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pair) = known.iter().find(|pair| std::ptr::eq(pair.real, real)) {
        return pair.ours;
    }
    // SAFETY: the tables SQLite's own layer gives are valid and static.
    let real = unsafe { &*real };
    let mut ours = *real;
    ours.xWrite = Some(write);
    let ours = Box::leak(Box::new(ours));
    known.push(Pair { real, ours });
    ours
}

/// The table a changed copy was made from.
unsafe fn real_of(file: *mut ffi::sqlite3_file) -> Option<&'static ffi::sqlite3_io_methods> {
    // SAFETY: the file was opened by `open` above and carries one of the copies.
    let ours = unsafe { (*file).pMethods };
    let known = METHODS.lock().unwrap_or_else(PoisonError::into_inner);
    known.iter().find(|pair| std::ptr::eq(pair.ours, ours)).map(|pair| pair.real)
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let fits = LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
        0 => None,
        left if left > 0 => Some(left - 1),
        left => Some(left),
    });
    if fits.is_err() {
        return ffi::SQLITE_FULL;
    }
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    unsafe {
        match real_of(file).and_then(|real| real.xWrite) {
            Some(real) => real(file, data, amount, offset),
            None => ffi::SQLITE_IOERR,
        }
    }
}
