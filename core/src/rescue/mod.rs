//! The rescue bundle 救援包: everything a phone could not send, in one file that only its firm can read.
//!
//! A phone seals it for the firm's public key with HPKE (RFC 9180: DHKEM X25519, HKDF-SHA256, ChaCha20-Poly1305); the
//! server opens it and judges what is in it like a push. The layout of the file stands in `docs/protocol.md`.

mod bundle;
mod error;
mod key;
mod open;
mod run;
mod seal;
#[cfg(test)]
mod tests;

pub use bundle::{Bundle, BundleWriter, Found};
pub use error::{BundleError, Result};
pub use key::{BadKey, KeyId, PublicKey, SecretKey};
pub use open::Opener;
pub use run::{Run, RunHead};
pub use seal::Sealer;

/// What every bundle begins with.
const MAGIC: &[u8; 16] = b"doorstep-rescue\n";
/// The version of the layout this code writes and reads.
pub const VERSION: u8 = 1;
/// Magic, version and key id: what the sealing is bound to.
const BOUND: usize = 16 + 1 + 8;
/// The public half of the key pair made for one bundle.
const ENCAPPED: usize = 32;
/// The most plain bytes in a chunk.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk.
const TAG: usize = 16;
/// Set in a chunk's length when it is the last.
const LAST: u32 = 1 << 31;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// What a chunk's seal says beside its bytes and its place: whether it is the last, so that a cut file shows.
fn about(is_last: bool) -> [u8; 1] {
    [u8::from(is_last)]
}
