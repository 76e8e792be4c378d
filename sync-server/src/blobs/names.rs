//! What photos are called, in a folder as in a bucket: `ORG/ab/abcd…`. So one can be copied to the other as it is.

use std::path::Path;

use doorstep_core::domain::ids::{Digest, OrgId};

/// A photo's name below its store, with slashes.
pub(super) fn of(org: &OrgId, digest: Digest) -> String {
    let name = digest.to_string();
    let (shelf, _) = name.split_at(2);
    format!("{}/{shelf}/{name}", folder(org))
}

/// A folder's name for an org: its code where that is plain, otherwise its bytes in hexadecimal behind a `=`.
pub(super) fn folder(org: &OrgId) -> String {
    let code = org.as_str();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !code.is_empty() && code.chars().all(is_plain) {
        return code.to_owned();
    }
    code.bytes().fold("=".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// Whose photo a name below a store is; `None` for a name that is none of a photo.
pub(super) fn read(name: &Path) -> Option<(OrgId, Digest)> {
    let mut parts = name.iter().map(|part| part.to_str());
    let (org, shelf, file) = (parts.next()??, parts.next()??, parts.next()??);
    let digest: Digest = file.parse().ok().filter(|_| parts.next().is_none() && file.starts_with(shelf))?;
    let org = match org.strip_prefix('=') {
        None => org.to_owned(),
        Some(hex) => {
            let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
            let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
            String::from_utf8(bytes?).ok()?
        }
    };
    Some((OrgId(org), digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_photo_it_is() {
        let digest = Digest::of(b"a photo");
        for org in ["emerald-lake", "a/../b", "Ä", ""] {
            let org = OrgId::from(org);
            assert_eq!(read(Path::new(&of(&org, digest))), Some((org, digest)));
        }
        for none in ["a", "a/b/c", &format!("a/zz/{digest}"), &format!("a/parts/{digest}"), "=zz/ab/x"] {
            assert_eq!(read(Path::new(none)), None, "{none}");
        }
    }
}
