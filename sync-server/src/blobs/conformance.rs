//! The suite every store of photos passes. It knows nothing of how one is made.

use std::io;

use doorstep_core::domain::ids::{DeviceId, Digest, OrgId};

use super::{BlobKey, BlobStore, StoredPhoto};

/// A photo of an org whose code looks like a path.
pub(super) fn key(bytes: &[u8]) -> BlobKey {
    BlobKey { org: OrgId::from("a/../b"), device: DeviceId::new(), digest: Digest::of(bytes) }
}

/// Runs the suite on stores with nothing in them.
pub(super) fn all(empty: &mut dyn FnMut() -> Box<dyn BlobStore>) {
    an_upload_goes_on_where_it_was_cut_and_is_there_when_it_is_right(&*empty());
    of_wrong_bytes_nothing_stays(&*empty());
    photos_are_listed_by_whose_they_are(&*empty());
}

fn an_upload_goes_on_where_it_was_cut_and_is_there_when_it_is_right(store: &dyn BlobStore) {
    let bytes = b"a photo".repeat(1000);
    let key = key(&bytes);
    let mut upload = store.upload(&key, 0).unwrap();
    upload.write(&bytes[..3000]).unwrap();
    drop(upload);
    assert_eq!((store.offset(&key).unwrap(), store.size(&key.org, key.digest).unwrap()), (3000, None));
    assert_eq!(store.upload(&key, 2999).err().unwrap().kind(), io::ErrorKind::InvalidInput);
    let mut upload = store.upload(&key, 3000).unwrap();
    upload.write(&bytes[3000..]).unwrap();
    assert_eq!(upload.offset(), 7000);
    assert!(upload.finish().unwrap());
    assert_eq!(store.size(&key.org, key.digest).unwrap(), Some(7000));
    assert_eq!(store.read(&key.org, key.digest).unwrap().as_deref(), Some(bytes.as_slice()));
    assert_eq!(store.read(&OrgId::from("another"), key.digest).unwrap(), None);
    assert_eq!(store.offset(&key).unwrap(), 0);
    // The same photo of another phone is the same photo.
    let other = BlobKey { device: DeviceId::new(), ..key.clone() };
    let mut upload = store.upload(&other, 0).unwrap();
    upload.write(&bytes).unwrap();
    assert!(upload.finish().unwrap());
    assert_eq!(store.photos().unwrap().len(), 1);
    let unknown = Digest::of(b"no photo");
    assert_eq!(store.sizes(&key.org, &[unknown, key.digest, unknown]).unwrap(), [None, Some(7000), None]);
    store.ready().unwrap();
}

fn of_wrong_bytes_nothing_stays(store: &dyn BlobStore) {
    let key = key(b"right");
    let mut upload = store.upload(&key, 0).unwrap();
    upload.write(b"wrong").unwrap();
    assert!(!upload.finish().unwrap());
    assert_eq!((store.offset(&key).unwrap(), store.size(&key.org, key.digest).unwrap()), (0, None));
}

fn photos_are_listed_by_whose_they_are(store: &dyn BlobStore) {
    assert_eq!(store.photos().unwrap(), []);
    let mut expected = Vec::new();
    for (org, bytes) in [("b", "one"), ("a", "one"), ("a", "two")] {
        let key = BlobKey { org: OrgId::from(org), ..key(bytes.as_bytes()) };
        let mut upload = store.upload(&key, 0).unwrap();
        upload.write(bytes.as_bytes()).unwrap();
        assert!(upload.finish().unwrap());
        expected.push(StoredPhoto { org: key.org, digest: key.digest, bytes: bytes.len() as u64 });
    }
    store.upload(&key(b"begun"), 0).unwrap().write(b"be").unwrap();
    expected.sort();
    assert_eq!(store.photos().unwrap(), expected);
}
