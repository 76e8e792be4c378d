//! Chance and time of this process come from the seed: ids, tokens, epochs, hash maps and the moments in ids are the same
//! in every run of a seed.
//!
//! Nothing in the product knows of it. The program answers the two calls of the C library every other crate asks by name.
#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the two calls have a C interface, and the linker finds them by name"
)]

use std::ffi::{c_int, c_long, c_uint, c_void};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use doorstep_tests::dice::Dice;

static STATE: AtomicU64 = AtomicU64::new(0);
static KEYS: AtomicU64 = AtomicU64::new(0);
static NOW_MS: AtomicI64 = AtomicI64::new(0);

/// Chance begins from a seed. To be called before anything asks.
pub(crate) fn begin(seed: u64) {
    STATE.store(Dice(seed).roll(), Ordering::SeqCst);
    KEYS.store(Dice(!seed).roll(), Ordering::SeqCst);
}

/// The wall time of the process, UTC milliseconds. It stands until it is set again.
pub(crate) fn set_now(ms: i64) {
    NOW_MS.store(ms, Ordering::SeqCst);
}

fn fill(to: &mut [u8], mut dice: Dice) -> Dice {
    for part in to.chunks_mut(8) {
        let bytes = dice.roll().to_le_bytes();
        let length = part.len();
        part.copy_from_slice(&bytes[..length]);
    }
    dice
}

/// The next bytes of chance.
pub(crate) fn bytes(to: &mut [u8]) {
    let mut before = STATE.load(Ordering::SeqCst);
    loop {
        let after = fill(to, Dice(before)).0;
        match STATE.compare_exchange(before, after, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => return,
            Err(other) => before = other,
        }
    }
}

/// Asked by the standard library for the keys of hash maps, and by the crate `getrandom` for all other chance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrandom(to: *mut c_void, length: usize, flags: c_uint) -> isize {
    // Only hash maps ask so. Which thread asks first must not matter: each gets the same keys.
    const INSECURE: c_uint = 4;
    if length > 0 {
        // SAFETY: the caller gives room for so many bytes, as the C library's function asks of it.
        let to = unsafe { std::slice::from_raw_parts_mut(to.cast::<u8>(), length) };
        if flags & INSECURE != 0 {
            fill(to, Dice(KEYS.load(Ordering::SeqCst)));
        } else {
            bytes(to);
        }
    }
    length.cast_signed()
}

/// As the C library's structure of that name.
#[repr(C)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: c_long,
}

/// Wall time stands; what measures how long something takes goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, to: *mut Timespec) -> c_int {
    const REALTIME: c_int = 0;
    #[cfg(target_arch = "x86_64")]
    const CALL: c_long = 228;
    #[cfg(not(target_arch = "x86_64"))]
    const CALL: c_long = 113;
    unsafe extern "C" {
        fn syscall(number: c_long, ...) -> c_long;
    }
    let now = NOW_MS.load(Ordering::SeqCst);
    if clock == REALTIME && now > 0 {
        let time = Timespec { seconds: now.div_euclid(1000), nanoseconds: now.rem_euclid(1000) * 1_000_000 };
        // SAFETY: the caller gives room for one.
        unsafe { to.write(time) };
        return 0;
    }
    // SAFETY: the kernel's call of that name, with the caller's own arguments.
    let done = unsafe { syscall(CALL, clock, to) };
    i32::try_from(done).unwrap_or(-1)
}
