//! Bodies: CBOR or JSON, plain or zstd, never larger than agreed before or after decompression.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use doorstep_core::journal::limits::MAX_BODY_BYTES;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Failure;

/// Answers smaller than this are not worth compressing.
const COMPRESS_FROM: usize = 300;
/// Answers larger than this are compressed in the fastest way.
const LARGE: usize = 256 * 1024;

/// How a request and its answer are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Encoding {
    /// The request is JSON.
    pub(crate) json_in: bool,
    /// The request is compressed.
    pub(crate) zstd_in: bool,
    /// The answer is to be JSON.
    pub(crate) json_out: bool,
    /// The answer may be compressed.
    pub(crate) zstd_out: bool,
}

impl Encoding {
    /// What the headers say. Without any it is CBOR, and the answer may be compressed: a phone that asks often says
    /// nothing, and whoever speaks CBOR speaks zstd. JSON is for people with curl: compressed only when they say so.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let says = |name, what: &str| {
            headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).is_some_and(|v| v.contains(what))
        };
        let json_in = says(header::CONTENT_TYPE, "json");
        let json_out = says(header::ACCEPT, "json") || (json_in && !says(header::ACCEPT, "cbor"));
        let zstd_in = match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"identity") => false,
            Some(b"zstd") => true,
            Some(_) => return Err(Failure::Malformed("content-encoding may be zstd or identity".to_owned())),
        };
        let zstd_out = match headers.get(header::ACCEPT_ENCODING) {
            Some(_) => says(header::ACCEPT_ENCODING, "zstd"),
            None => !json_out,
        };
        Ok(Self { json_in, zstd_in, json_out, zstd_out })
    }
}

/// The whole body, at most [`MAX_BODY_BYTES`].
pub(crate) async fn collect(body: Body) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|error| {
        use std::error::Error as _;
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        if text.contains("limit") {
            Failure::TooLarge(MAX_BODY_BYTES)
        } else {
            Failure::Malformed("the body ended early".to_owned())
        }
    })
}

/// Decompresses and decodes. A body that grows beyond the limit is given up before it does.
pub(crate) fn decode<T: DeserializeOwned>(encoding: Encoding, body: &[u8]) -> Result<T, Failure> {
    let plain;
    let bytes = if encoding.zstd_in {
        plain = decompress(body)?;
        plain.as_slice()
    } else {
        body
    };
    if encoding.json_in {
        serde_json::from_slice(bytes).map_err(|e| Failure::Malformed(e.to_string()))
    } else {
        cbor4ii::serde::from_slice(bytes).map_err(|e| Failure::Malformed(e.to_string()))
    }
}

fn decompress(body: &[u8]) -> Result<Vec<u8>, Failure> {
    let malformed = |e: std::io::Error| Failure::Malformed(format!("not zstd: {e}"));
    let reader = zstd::stream::read::Decoder::with_buffer(body).map_err(malformed)?;
    let mut plain = Vec::with_capacity(body.len().saturating_mul(4).min(MAX_BODY_BYTES));
    reader.take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut plain).map_err(malformed)?;
    if plain.len() > MAX_BODY_BYTES {
        return Err(Failure::TooLarge(MAX_BODY_BYTES));
    }
    Ok(plain)
}

/// Encodes and compresses an answer. A plain CBOR answer says nothing of its type: an idle phone pays for every byte.
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
    let compressed = encoding.zstd_out && bytes.len() > COMPRESS_FROM;
    let bytes = if compressed {
        let level = if bytes.len() > LARGE { 1 } else { 3 };
        zstd::bulk::compress(&bytes, level).map_err(|e| failed(e.to_string()))?
    } else {
        bytes
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    if encoding.json_out {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    Ok(response)
}
