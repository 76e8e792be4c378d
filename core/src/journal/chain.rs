//! The hash chain over a device's entries: a missing, changed or reordered entry shows.

use sha2::{Digest as _, Sha256};

use crate::domain::ids::Digest;

/// `hash_n = SHA-256(hash_{n-1} || bytes_n)`; before the first entry it is all zeros.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainHash(pub Digest);

impl Default for ChainHash {
    fn default() -> Self {
        Self(Digest([0; 32]))
    }
}

impl ChainHash {
    /// The hash after one more entry.
    #[must_use]
    pub fn then(&self, bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.0.0);
        hasher.update(bytes);
        Self(Digest(hasher.finalize().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::ChainHash;

    #[test]
    fn order_and_content_both_matter() {
        let start = ChainHash::default();
        assert_ne!(start.then(b"a").then(b"b"), start.then(b"b").then(b"a"));
        assert_ne!(start.then(b"ab"), start.then(b"a").then(b"b"));
        assert_eq!(start.then(b"a"), start.then(b"a"));
    }
}
