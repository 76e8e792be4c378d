//! Whole files that are wrong: encodings, quoting, headers, limits, `org.toml`.

use doorstep_core::domain::lang::Lang;

use super::office::{Folder, ORG, UNITS, short};
use crate::import::{self, ImportError, MAX_FILE_BYTES, MAX_ROWS, Problem, parse_units, read_folder};

fn units(bytes: &[u8]) -> Vec<String> {
    let folder = Folder::new();
    folder.put("units.csv", bytes);
    folder.faults()
}

#[test]
fn other_encodings_are_refused_with_the_way_out() {
    // "房號,樓棟" as GBK and as Big5, after a line of ASCII.
    let gbk = b"x\n\xb7\xbf\xcc\x96,\x98\xc7\x97\x9d\n";
    let big5 = b"\xa9\xd0\xb8\xb9,\xbc\xd3\xb4\xc9\n";
    assert_eq!(units(gbk), ["units.csv:2::not_utf8"]);
    assert_eq!(units(big5), ["units.csv:1::not_utf8"]);
    let little: Vec<u8> = UNITS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = UNITS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(units(&little), ["units.csv:0::utf16"]);
    assert_eq!(units(&big), ["units.csv:0::utf16"]);
    assert_eq!(units(&[b"\xff\xfe", little.as_slice()].concat()), ["units.csv:0::utf16"]);
    assert_eq!(units(b"PK\x03\x04..."), ["units.csv:0::workbook"]);
    for problem in [Problem::NotUtf8, Problem::Utf16, Problem::Workbook] {
        for lang in Lang::ALL {
            assert!(problem.text().get(lang).contains("CSV UTF-8"));
        }
    }
}

#[test]
fn nul_bytes_and_open_quotes_are_named_with_their_lines() {
    assert_eq!(units(UNITS.replace("甲", "甲\0").as_bytes()), ["units.csv:2::nul_byte"]);
    assert_eq!(units(UNITS.replace("後門進", "\"後門進").as_bytes()), ["units.csv:3::open_quote"]);
    // A mark inside a cell that did not begin with one is only a mark.
    assert_eq!(units(UNITS.replace("後門進", "後門\"進").as_bytes()), Vec::<String>::new());
}

#[test]
fn missing_and_repeated_columns_are_faults_of_the_header() {
    assert_eq!(units(b""), ["units.csv:0::no_header"]);
    assert_eq!(units(b"\n ,,\n"), ["units.csv:0::no_header"]);
    let spoiled = UNITS.replace("樓層", "層數").replace("住戶姓名", "名");
    assert_eq!(units(spoiled.as_bytes()), ["units.csv:1::missing_column", "units.csv:1::missing_column"]);
    let parsed = parse_units("u.csv", spoiled.as_bytes());
    assert_eq!(
        parsed.faults[0].message(Lang::En),
        Problem::MissingColumn { name: import::UNITS[2].name() }.text().en
    );
    assert!(parsed.faults[0].message(Lang::ZhHans).contains("“楼层”"));
    assert_eq!(parsed.notes.len(), 2, "the unknown names are noted too");
    let spoiled = UNITS.replace("進門須知", "房号");
    assert_eq!(units(spoiled.as_bytes()), ["units.csv:1:H:repeated_column"]);
}

#[test]
fn limits_hold() {
    assert_eq!(units(&vec![b'a'; MAX_FILE_BYTES + 1]), ["units.csv:0::too_large"]);
    let mut many = UNITS.to_owned();
    for n in 0..MAX_ROWS {
        many += &format!("9-{n},9,1,甲,142 0000 0001,業主,,\n");
    }
    let faults = parse_units("units.csv", many.as_bytes()).faults;
    assert_eq!(
        faults.iter().map(short).collect::<Vec<_>>(),
        [format!("units.csv:{}::too_many_rows", MAX_ROWS + 2)]
    );
}

#[test]
fn a_missing_file_or_folder_is_said() {
    let folder = Folder::new();
    for name in ["org.toml", "units.csv", "price-list.csv", "people.csv"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    // Without a unit file the register's units cannot be judged, so no further fault is made up.
    let expected =
        ["org.toml", "units.csv", "price-list.csv", "people.csv"].map(|f| format!("{f}:0::missing_file"));
    assert_eq!(folder.faults(), expected);
    assert!(folder.read().complete().is_err());
    std::fs::create_dir(folder.path().join("units.csv")).unwrap();
    assert_eq!(folder.faults()[1], "units.csv:0::unreadable");
    let missing = folder.path().join("nowhere");
    assert!(matches!(read_folder(&missing), Err(ImportError::NotAFolder(path)) if path == missing));
}

#[test]
fn org_toml_faults_name_the_line() {
    for (from, to, expected) in [
        ("id = \"test\"", "id = \"te st\"", "org.toml:1::bad_code"),
        ("\"CN\"", "\"XX\"", "org.toml:2::unknown_word"),
        ("\"CNY\"", "\"USD\"", "org.toml:3::unknown_word"),
        ("\"95588\"", "\"call us\"", "org.toml:5::bad_phone"),
        ("complaint_line", "complaints", "org.toml:6::bad_toml"),
        ("region = \"CN\"", "region = CN", "org.toml:2::bad_toml"),
        ("policy = \"property\"\n", "", "org.toml:0::missing_key"),
        ("en = \"Test\"", "en = \" \"", "org.toml:0::missing_key"),
    ] {
        let folder = Folder::new();
        folder.put("org.toml", ORG);
        assert_eq!(folder.spoil("org.toml", from, to).faults(), [expected], "{from} -> {to}");
    }
    let folder = Folder::new();
    folder.put("org.toml", b"id = \"\xb7\xbf\"\n");
    assert_eq!(folder.faults(), ["org.toml:1::not_utf8"]);
}
