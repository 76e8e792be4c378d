//! The label beside an encrypted file: which key it has, which keys it had, and which it may be getting. No secret.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::key::{KeyError, StorageKey};
use super::opens;
use crate::phone::durable;
use crate::phone::error::{PhoneError, Result};

const VERSION: u32 = 1;

/// Names of keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Label {
    version: u32,
    /// The key the file has.
    key: String,
    /// The key it is being given: the file has one or the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Keys it had, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    before: Vec<String>,
    /// The key of the photos, sealed under the file's.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "sealed")]
    pub(super) photos: Option<Vec<u8>>,
}

impl Label {
    pub(super) fn of(key: &StorageKey) -> Self {
        Self { version: VERSION, key: key.name(), next: None, before: Vec::new(), photos: None }
    }

    /// Whether it names this key, and no other is coming.
    pub(super) fn is_of(&self, key: &StorageKey) -> bool {
        self.next.is_none() && self.key == key.name()
    }

    /// The label of a file, if it has one.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        match std::fs::read(place(path)) {
            // A label that cannot be read says nothing: the key itself has to show whether it fits.
            Ok(bytes) => {
                Ok(serde_json::from_slice(&bytes).ok().filter(|label: &Self| label.version == VERSION))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let bytes = serde_json::to_vec(self).map_err(|e| PhoneError::Bug(e.to_string()))?;
        durable::write(&place(path), &bytes)
    }

    pub(super) fn remove(path: &Path) -> Result<()> {
        durable::remove(&place(path))
    }

    /// Passes when this is the file's key. A change of keys that was interrupted is seen through to its end here.
    pub(super) fn admit(&self, path: &Path, key: &StorageKey) -> Result<()> {
        let name = key.name();
        if let Some(next) = &self.next {
            if name == *next {
                opens(path, key, KeyError::Wrong)?;
                return self.clone().settled().write(path);
            }
            if name == self.key && opens(path, key, KeyError::Rotated).is_err() {
                self.clone().settled().write(path)?;
                return Err(KeyError::Rotated.into());
            }
        }
        if name == self.key {
            Ok(())
        } else if self.before.contains(&name) {
            Err(KeyError::Rotated.into())
        } else {
            Err(KeyError::Wrong.into())
        }
    }

    /// The label with the photos' key, sealed.
    pub(super) fn with_photos(self, sealed: Vec<u8>) -> Self {
        Self { photos: Some(sealed), ..self }
    }

    /// The label while the file is given another key.
    pub(super) fn getting(self, key: &StorageKey) -> Self {
        Self { next: Some(key.name()), ..self }
    }

    /// The label once it has it.
    pub(super) fn settled(mut self) -> Self {
        if let Some(next) = self.next.take() {
            let old = std::mem::replace(&mut self.key, next);
            self.before.retain(|name| *name != old && *name != self.key);
            self.before.push(old);
            // Sealed under the old key: written anew when the file is opened.
            self.photos = None;
        }
        self
    }
}

/// Sealed bytes as base64.
mod sealed {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_some(&bytes.as_ref().map(|bytes| BASE64.encode(bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        // One that cannot be read is made again from the file.
        Ok(text.and_then(|text| BASE64.decode(text).ok()))
    }
}

fn place(path: &Path) -> PathBuf {
    durable::with_suffix(path, ".label")
}

fn failed(error: &std::io::Error) -> PhoneError {
    PhoneError::Storage(format!("the label of the file: {error}"))
}
