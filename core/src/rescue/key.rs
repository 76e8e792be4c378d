//! The firm's rescue key pair: the public half is on every phone, the private half on the firm's server alone.

use hpke::{Deserializable as _, Kem as _, Serializable as _};
use sha2::Digest as _;

use super::Kem;
use crate::domain::ids::Digest;

/// Which key a bundle is sealed for: the first eight bytes of the SHA-256 of the public half.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct KeyId(pub [u8; 8]);

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text that is no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a rescue key is 64 hexadecimal digits")]
pub struct BadKey;

/// The public half. No secret: who has it can make bundles and read none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Which key it is.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let hash: [u8; 32] = sha2::Sha256::digest(self.0).into();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(hash) {
            *to = from;
        }
        KeyId(id)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for PublicKey {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Digest(self.0).fmt(f)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        text.trim().parse().map(|Digest(bytes)| Self(bytes)).map_err(|_| BadKey)
    }
}

/// The private half. Who has it reads every bundle of the firm.
#[derive(Clone)]
pub struct SecretKey(<Kem as hpke::Kem>::PrivateKey);

impl SecretKey {
    /// A new key pair, from the system's randomness.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Kem::derive_keypair(&seed).0))
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(Kem::sk_to_pk(&self.0).to_bytes().into())
    }

    /// The text its file holds: 64 hexadecimal digits.
    #[must_use]
    pub fn to_text(&self) -> String {
        Digest(self.0.to_bytes().into()).to_string()
    }

    /// A key from its file's text.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn from_text(text: &str) -> Result<Self, BadKey> {
        let Digest(bytes) = text.trim().parse().map_err(|_| BadKey)?;
        <Kem as hpke::Kem>::PrivateKey::from_bytes(&bytes).map(Self).map_err(|_| BadKey)
    }

    pub(super) fn inner(&self) -> &<Kem as hpke::Kem>::PrivateKey {
        &self.0
    }
}

impl std::fmt::Debug for SecretKey {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}
