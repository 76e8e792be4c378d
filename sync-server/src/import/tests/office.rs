//! A small right office in a temporary folder, in which a test spoils one thing.

use std::path::Path;

use crate::import::{Fault, OfficeFiles, read_folder};

pub(super) const ORG: &str = r#"id = "test"
region = "CN"
currency = "CNY"
policy = "property"
service_phone = "95588"
complaint_line = "020-0888 0199"

[name]
zh_hant = "試"
zh_hans = "试"
en = "Test"
"#;
pub(super) const UNITS: &str = "房號,樓棟,樓層,住戶姓名,聯絡電話,住戶類別,公司名稱,進門須知\n\
    1-0101,1棟,1,甲,142 0000 0001,業主,,\n\
    1-0102,1棟,1,乙,142 0000 0002,租戶,某公司,後門進\n";
pub(super) const PRICES: &str = "編號,繁體名稱,简体名称,英文名稱,單位,單價,類別,保修天數\n\
    A1,查,查,Check,次,30.00,人工,0\n";
pub(super) const PEOPLE: &str = "員工編號,姓名,職務,手機,語言,證書有效期\n\
    G1,丙,主管,142 0000 0003,繁體中文,2028-06-30\n";
pub(super) const REGISTRATIONS: &str = "登記號,房號,業主姓名,報修人,電話,公司名稱,維修狀況,故障現象,維修類別,預約維修時間,報修方式,電話處理結果,特殊群體,備註\n\
    7,1-0101,甲,甲,142 0000 0001,,漏水,滴水,水,2026-11-25 09:00,電話,需上門,,\n";

/// The folder, on disk.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put("org.toml", ORG);
        folder.put("units.csv", UNITS);
        folder.put("price-list.csv", PRICES);
        folder.put("people.csv", PEOPLE);
        folder.put("registrations.csv", REGISTRATIONS);
        folder
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    pub(super) fn read(&self) -> OfficeFiles {
        read_folder(self.path()).unwrap()
    }

    /// Replaces text that must be there, so that a test cannot miss what it means to spoil.
    pub(super) fn spoil(&self, name: &str, from: &str, to: &str) -> &Self {
        let path = self.0.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
        self
    }

    /// The faults in short: `file:line:letter:code`.
    pub(super) fn faults(&self) -> Vec<String> {
        self.read().faults().map(short).collect()
    }
}

pub(super) fn short(fault: &Fault) -> String {
    let letter = fault.column.as_ref().map_or("", |column| column.letter.as_str());
    format!("{}:{}:{letter}:{}", fault.file, fault.line, fault.code())
}
