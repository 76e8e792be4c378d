//! Passwords: argon2id, one at a time, off the threads that answer requests.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::error::Failure;
use crate::state::AppState;

/// The least characters of a password.
pub(crate) const MIN_CHARS: usize = 8;

/// The argon2id hash of a password, in PHC form, with the parameters OWASP names (19 MiB, two passes).
///
/// # Errors
/// When it is shorter than eight characters, or there are no random bytes.
pub fn hash_password(password: &str) -> Result<String, Failure> {
    if password.chars().count() < MIN_CHARS {
        return Err(Failure::Malformed(format!("a password has at least {MIN_CHARS} characters")));
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Failure::Internal
    })?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a hash. Somebody who cannot sign in costs the same time as somebody who can.
pub(crate) async fn verify(
    state: &AppState,
    password: String,
    hash: Option<String>,
) -> Result<bool, Failure> {
    let _permit = state.hashing().acquire().await.map_err(|_| Failure::Busy(1))?;
    let task = tokio::task::spawn_blocking(move || {
        let is_somebody = hash.as_ref().is_some_and(|hash| !hash.is_empty());
        let text = hash.filter(|_| is_somebody).unwrap_or_else(|| nobody().to_owned());
        let good = PasswordHash::new(&text)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        good && is_somebody
    });
    task.await.map_err(|_| Failure::Internal)
}

/// The hash of a password that nobody knows.
fn nobody() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| {
        let unknown = super::random::<24>().unwrap_or_default();
        Argon2::default().hash_password(&unknown).map(|hash| hash.to_string()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"correct horsf", &parsed).is_err());
        assert!(matches!(hash_password("short"), Err(Failure::Malformed(_))));
    }
}
