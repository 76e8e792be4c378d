//! Canonical JSON (RFC 8785) for the values Doorstep seals: objects, arrays, strings, integers, booleans and null.

use serde_json::Value;

/// The canonical bytes. Keys are sorted by UTF-16 units as the RFC asks; no document of ours holds a fraction.
pub(crate) fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(&Value::String(key.clone()), out);
                out.push(b':');
                if let Some(value) = map.get(key) {
                    write(value, out);
                }
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        // The string escapes of serde_json are those of the RFC: the two-character forms, else \u00xx in lower case.
        scalar => out.extend_from_slice(scalar.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn keys_are_sorted_by_utf16_and_strings_escaped_as_the_rfc_says() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew", "1": "One",
            "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o umlaut"
        });
        let text = String::from_utf8(super::to_vec(&value)).unwrap();
        let order: Vec<usize> = ["Carriage", "One", "Control", "o umlaut", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| text.find(word).unwrap())
            .collect();
        assert!(order.is_sorted(), "{text}");
        let text = json!({"a": "\u{8}\t\n\u{c}\r\"\\/\u{1f}\u{7f}陳", "b": [1, -2, true, null]});
        assert_eq!(
            String::from_utf8(super::to_vec(&text)).unwrap(),
            "{\"a\":\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\u{7f}陳\",\"b\":[1,-2,true,null]}"
        );
    }
}
