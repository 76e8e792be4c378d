//! The camera's notes (EXIF): how the camera was held, and the place, which leaves the photo unless the policy keeps it.

use exif::experimental::Writer;
use exif::{Context, Exif, In, Reader, Tag};

/// The notes of a photo.
pub(super) struct Notes(Option<Exif>);

impl Notes {
    /// Reads notes from their TIFF header on. What cannot be read is as good as absent.
    pub(super) fn read(bytes: Option<Vec<u8>>) -> Self {
        Self(bytes.and_then(|bytes| {
            let read = Reader::new().continue_on_error(true).read_raw(bytes);
            read.or_else(|e| e.distill_partial_result(|_| ())).ok()
        }))
    }

    /// How the camera was held: 1 to 8, 1 when it does not say.
    pub(super) fn orientation(&self) -> u32 {
        let field = self.0.as_ref().and_then(|exif| exif.get_field(Tag::Orientation, In::PRIMARY));
        field.and_then(|field| field.value.get_uint(0)).unwrap_or(1)
    }

    /// New notes with the place and nothing else; `None` when there is no place.
    pub(super) fn place(&self) -> Option<Vec<u8>> {
        let exif = self.0.as_ref()?;
        let mut writer = Writer::new();
        let mut found = false;
        for field in exif.fields().filter(|field| field.tag.context() == Context::Gps) {
            writer.push_field(field);
            found = true;
        }
        let mut out = std::io::Cursor::new(Vec::new());
        writer.write(&mut out, false).ok().filter(|()| found)?;
        Some(out.into_inner())
    }
}
