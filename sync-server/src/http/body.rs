//! Bodies: CBOR or JSON, plain or zstd, never larger than agreed before or after decompression.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use doorstep_core::journal::limits::MAX_BODY_BYTES;
use doorstep_core::journal::packing::{self, BadPacking};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::patience::is_too_slow;
use crate::error::Failure;

/// Answers to people that are smaller than this are not worth packing.
const PACK_FROM: usize = 300;

/// How a request and its answer are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Encoding {
    /// The request is JSON.
    pub(crate) json_in: bool,
    /// How the request is packed.
    pub(crate) packed_in: Option<&'static str>,
    /// The answer is to be JSON.
    pub(crate) json_out: bool,
    /// How the answer may be packed.
    pub(crate) out: Packing,
}

/// How an answer may be packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packing {
    /// Not at all.
    Not,
    /// So that anybody can unpack it.
    Plain,
    /// As a phone unpacks it.
    Phone,
}

impl Encoding {
    /// What the headers say. Without any it is CBOR, and the answer may be packed: a phone that asks often says
    /// nothing, and has the dictionary. JSON is for people with curl: packed only when they say so.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let says = |name, what: &str| {
            headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).is_some_and(|v| v.contains(what))
        };
        let json_in = says(header::CONTENT_TYPE, "json");
        let json_out = says(header::ACCEPT, "json") || (json_in && !says(header::ACCEPT, "cbor"));
        let packed_in = match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"identity") => None,
            Some(b"zstd") => Some(packing::PLAIN),
            Some(b"zstd-1") => Some(packing::WITH_DICTIONARY),
            Some(_) => return Err(Failure::Malformed(BadPacking::Unknown.to_string())),
        };
        let out = match headers.get(header::ACCEPT_ENCODING) {
            Some(_) if says(header::ACCEPT_ENCODING, packing::WITH_DICTIONARY) => Packing::Phone,
            Some(_) if says(header::ACCEPT_ENCODING, packing::PLAIN) => Packing::Plain,
            None if !json_out => Packing::Phone,
            _ => Packing::Not,
        };
        Ok(Self { json_in, packed_in, json_out, out })
    }
}

/// The whole body, at most [`MAX_BODY_BYTES`].
pub(crate) async fn collect(body: Body) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|error| {
        use std::error::Error as _;
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        if is_too_slow(&error) {
            Failure::TooSlow
        } else if text.contains("limit") {
            Failure::TooLarge(MAX_BODY_BYTES)
        } else {
            Failure::Malformed("the body ended early".to_owned())
        }
    })
}

/// Unpacks and decodes. A body that grows beyond the limit is given up before it does.
pub(crate) fn decode<T: DeserializeOwned>(encoding: Encoding, body: &[u8]) -> Result<T, Failure> {
    let plain;
    let bytes = match encoding.packed_in {
        Some(packed) => {
            plain = packing::unpack(packed, body, MAX_BODY_BYTES).map_err(|bad| match bad {
                BadPacking::TooLarge(most) => Failure::TooLarge(most),
                other => Failure::Malformed(other.to_string()),
            })?;
            plain.as_slice()
        }
        None => body,
    };
    if encoding.json_in {
        serde_json::from_slice(bytes).map_err(|e| Failure::Malformed(e.to_string()))
    } else {
        cbor4ii::serde::from_slice(bytes).map_err(|e| Failure::Malformed(e.to_string()))
    }
}

/// Encodes and packs an answer. A plain CBOR answer says nothing of its type: an idle phone pays for every byte.
pub(crate) fn encode<T: Serialize>(
    encoding: Encoding,
    capacity: usize,
    value: &T,
) -> Result<Response, Failure> {
    let failed = |why: String| {
        tracing::error!(why, "an answer could not be encoded");
        Failure::Internal
    };
    let bytes = if encoding.json_out {
        serde_json::to_vec(value).map_err(|e| failed(e.to_string()))?
    } else {
        cbor4ii::serde::to_vec(Vec::with_capacity(capacity), value).map_err(|e| failed(e.to_string()))?
    };
    let packed = match encoding.out {
        Packing::Phone => packing::pack(bytes),
        Packing::Plain if bytes.len() >= PACK_FROM => {
            packing::pack_plain(&bytes).map(|packed| (packed, Some(packing::PLAIN)))
        }
        Packing::Plain | Packing::Not => Ok((bytes, None)),
    };
    let (bytes, packing) = packed.map_err(|e| failed(e.to_string()))?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    if encoding.json_out {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(packing) = packing {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing));
    }
    Ok(response)
}
