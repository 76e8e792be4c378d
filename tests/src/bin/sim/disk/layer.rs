//! The C side of the disk: SQLite's own file layer with reading, writing, truncating, syncing and closing seen to.
//!
//! Locks and shared memory stay the system's. It becomes the default layer, so the product opens its files through it
//! without knowing.
#![allow(unsafe_code, reason = "SQLite's file layer is a C interface")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::PathBuf;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use rusqlite::ffi;

use super::{Operation, Told, with};
use crate::fate;

static REAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());
/// SQLite has several tables of methods (for files with locks and without); each gets its changed copy.
static METHODS: Mutex<Vec<Pair>> = Mutex::new(Vec::new());
static INSTALL: Once = Once::new();

/// Puts the layer under everything SQLite opens from now on in this process.
pub(crate) fn install() {
    INSTALL.call_once(|| {
        // SAFETY: the copy of the default layer lives for ever, as SQLite asks of a registered one; but for its name, how
        // it opens and where chance comes from, it is the default one, with the default one's data and file size.
        unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!real.is_null(), "SQLite has a file layer");
            REAL.store(real, Ordering::SeqCst);
            let mut ours = *real;
            ours.pNext = std::ptr::null_mut();
            ours.zName = c"failing-disk".as_ptr();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xRandomness = Some(randomness);
            let ours = Box::leak(Box::new(ours));
            assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
        }
    });
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, length: c_int, to: *mut c_char) -> c_int {
    if let Ok(room @ 1..) = usize::try_from(length) {
        // SAFETY: SQLite gives room for so many bytes.
        fate::bytes(unsafe { std::slice::from_raw_parts_mut(to.cast::<u8>(), room) });
    }
    length
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: everything is passed on as it came; the file's methods are replaced by a copy.
    unsafe {
        let real = REAL.load(Ordering::SeqCst);
        let Some(real_open) = (*real).xOpen else { return ffi::SQLITE_ERROR };
        let done = real_open(real, name, file, flags, out);
        if done == ffi::SQLITE_OK && !name.is_null() && !(*file).pMethods.is_null() {
            let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
            with(|disk| disk.opened(file as usize, path));
            (*file).pMethods = methods((*file).pMethods);
        }
        done
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: everything is passed on as it came.
    unsafe {
        let real = REAL.load(Ordering::SeqCst);
        let Some(real_delete) = (*real).xDelete else { return ffi::SQLITE_ERROR };
        let done = real_delete(real, name, sync);
        if done == ffi::SQLITE_OK && !name.is_null() {
            let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
            with(|disk| disk.shadows.remove(&path));
        }
        done
    }
}

/// A table of methods and its changed copy.
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
    ours.xRead = Some(read);
    ours.xWrite = Some(write);
    ours.xTruncate = Some(truncate);
    ours.xSync = Some(sync);
    ours.xClose = Some(close);
    let ours = Box::leak(Box::new(ours));
    known.push(Pair { real, ours });
    ours
}

/// The table a changed copy was made from. The copy lives for ever, and so does what it was made from.
unsafe fn real_of(file: *mut ffi::sqlite3_file) -> Option<&'static ffi::sqlite3_io_methods> {
    // SAFETY: the file was opened by `open` above and carries one of the copies.
    let ours = unsafe { (*file).pMethods };
    let known = METHODS.lock().unwrap_or_else(PoisonError::into_inner);
    known.iter().find(|pair| std::ptr::eq(pair.ours, ours)).map(|pair| pair.real)
}

/// What an operation is told, as SQLite's code; `None` when it goes through.
fn refused(file: *mut ffi::sqlite3_file, operation: Operation) -> Option<c_int> {
    let bad = match operation {
        Operation::Read => ffi::SQLITE_IOERR_READ,
        Operation::Write => ffi::SQLITE_IOERR_WRITE,
        Operation::Sync => ffi::SQLITE_IOERR_FSYNC,
    };
    match with(|disk| disk.before(file as usize, operation)) {
        Told::Go => None,
        Told::Full => Some(ffi::SQLITE_FULL),
        Told::Dead | Told::Bad => Some(bad),
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    if let Some(code) = refused(file, Operation::Read) {
        return code;
    }
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    match unsafe { real_of(file) }.and_then(|real| real.xRead) {
        Some(real) => unsafe { real(file, to, amount, offset) },
        None => ffi::SQLITE_IOERR,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    if let Some(code) = refused(file, Operation::Write) {
        return code;
    }
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    let done = match unsafe { real_of(file) }.and_then(|real| real.xWrite) {
        Some(real) => unsafe { real(file, data, amount, offset) },
        None => ffi::SQLITE_IOERR,
    };
    if let (ffi::SQLITE_OK, Ok(length), Ok(at)) = (done, usize::try_from(amount), usize::try_from(offset)) {
        // SAFETY: SQLite gives so many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length) };
        with(|disk| disk.shadow(file as usize).map(|shadow| shadow.wrote(at, bytes)));
    }
    done
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    if let Some(code) = refused(file, Operation::Write) {
        return code;
    }
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    let done = match unsafe { real_of(file) }.and_then(|real| real.xTruncate) {
        Some(real) => unsafe { real(file, size) },
        None => ffi::SQLITE_IOERR,
    };
    if let (ffi::SQLITE_OK, Ok(size)) = (done, usize::try_from(size)) {
        with(|disk| disk.shadow(file as usize).map(|shadow| shadow.truncated(size)));
    }
    done
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if let Some(code) = refused(file, Operation::Sync) {
        return code;
    }
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    let done = match unsafe { real_of(file) }.and_then(|real| real.xSync) {
        Some(real) => unsafe { real(file, flags) },
        None => ffi::SQLITE_IOERR,
    };
    if done == ffi::SQLITE_OK {
        with(|disk| disk.shadow(file as usize).map(super::shadow::Shadow::synced));
    }
    done
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    with(|disk| disk.handles.remove(&(file as usize)));
    // SAFETY: passed on as it came, to the method of the file as it was opened.
    match unsafe { real_of(file) }.and_then(|real| real.xClose) {
        Some(real) => unsafe { real(file) },
        None => ffi::SQLITE_IOERR,
    }
}
