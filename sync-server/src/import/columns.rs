//! The columns each file may have, and the headers understood for them. The first word of each language is the one shown.

use doorstep_core::domain::lang::Text;

use super::text::fold;

/// A column of an office's file. Headers are compared without blanks, letter case, `_`, `-`, `/` and `*`.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// The name the import uses.
    pub key: &'static str,
    /// Whether the file must have it.
    pub required: bool,
    /// Headers in Traditional Chinese.
    pub zh_hant: &'static [&'static str],
    /// Headers in Simplified Chinese.
    pub zh_hans: &'static [&'static str],
    /// Headers in English.
    pub en: &'static [&'static str],
}

impl ColumnSpec {
    /// Every header understood for this column.
    pub fn headers(&self) -> impl Iterator<Item = &'static str> {
        self.zh_hant.iter().chain(self.zh_hans).chain(self.en).copied()
    }

    /// The header shown in each language.
    #[must_use]
    pub fn name(&self) -> Text {
        let first = |names: &[&'static str]| names.first().copied().unwrap_or(self.key);
        Text::new(first(self.zh_hant), first(self.zh_hans), first(self.en))
    }

    /// Whether a header of a file means this column.
    #[must_use]
    pub fn is(&self, header: &str) -> bool {
        let header = fold(header);
        !header.is_empty() && self.headers().any(|known| fold(known) == header)
    }
}

const fn column(
    key: &'static str,
    required: bool,
    zh_hant: &'static [&'static str],
    zh_hans: &'static [&'static str],
    en: &'static [&'static str],
) -> ColumnSpec {
    ColumnSpec { key, required, zh_hant, zh_hans, en }
}

const COMPANY: ColumnSpec = column(
    "company",
    false,
    &["公司名稱", "公司", "企業名稱", "單位名稱"],
    &["公司名称", "企业名称", "单位名称"],
    &["Company", "Company name"],
);

/// `units.csv`: units and who lives there.
pub const UNITS: &[ColumnSpec] = &[
    column(
        "unit",
        true,
        &["房號", "單元", "室號", "房間號"],
        &["房号", "单元", "室号", "房间号"],
        &["Unit", "Room", "Flat"],
    ),
    column(
        "building",
        true,
        &["樓棟", "棟", "樓宇", "大廈", "座"],
        &["楼栋", "栋", "楼宇", "大厦"],
        &["Building", "Block", "Tower"],
    ),
    column("floor", true, &["樓層", "層"], &["楼层", "层"], &["Floor", "Level"]),
    column(
        "resident",
        true,
        &["住戶姓名", "業主姓名", "姓名", "住戶"],
        &["住户姓名", "业主姓名", "住户"],
        &["Resident", "Resident name", "Name"],
    ),
    column(
        "phone",
        true,
        &["聯絡電話", "電話", "手機", "聯繫電話"],
        &["联系电话", "联络电话", "电话", "手机"],
        &["Phone", "Telephone", "Mobile"],
    ),
    column("kind", true, &["住戶類別", "類別", "身份"], &["住户类别", "类别"], &["Resident kind", "Kind"]),
    COMPANY,
    column(
        "access",
        false,
        &["進門須知", "上門須知", "備註"],
        &["进门须知", "上门须知", "备注"],
        &["Access notes", "Access", "Notes"],
    ),
];

/// `price-list.csv`: what work and parts cost.
pub const PRICES: &[ColumnSpec] = &[
    column(
        "code",
        true,
        &["項目編號", "編號", "編碼"],
        &["项目编号", "编号", "编码"],
        &["Code", "Item code"],
    ),
    column(
        "zh_hant",
        true,
        &["項目名稱（繁體）", "繁體名稱", "名稱（繁體）"],
        &["项目名称（繁体）", "繁体名称", "名称（繁体）"],
        &["Name (Traditional Chinese)", "Name zh-Hant"],
    ),
    column(
        "zh_hans",
        true,
        &["項目名稱（簡體）", "簡體名稱", "名稱（簡體）"],
        &["项目名称（简体）", "简体名称", "名称（简体）"],
        &["Name (Simplified Chinese)", "Name zh-Hans"],
    ),
    column(
        "en",
        true,
        &["英文名稱", "名稱（英文）"],
        &["英文名称", "名称（英文）"],
        &["Name (English)", "English name", "Name en"],
    ),
    column("unit", true, &["單位", "計量單位"], &["单位", "计量单位"], &["Unit", "Unit of measure"]),
    column("price", true, &["單價", "價格"], &["单价", "价格"], &["Unit price", "Price"]),
    column("kind", true, &["類別", "類型"], &["类别", "类型"], &["Kind", "Type"]),
    column(
        "warranty",
        true,
        &["保修天數", "保修期（天）"],
        &["保修天数", "保修期（天）"],
        &["Warranty days", "Warranty"],
    ),
];

/// `people.csv`: the firm's people.
pub const PEOPLE: &[ColumnSpec] = &[
    column(
        "code",
        true,
        &["員工編號", "工號", "編號"],
        &["员工编号", "工号", "编号"],
        &["Staff code", "Code", "Staff number"],
    ),
    column("name", true, &["姓名", "員工姓名"], &["员工姓名"], &["Name", "Staff name"]),
    column("role", true, &["職務", "崗位", "角色"], &["职务", "岗位"], &["Role", "Position"]),
    column(
        "phone",
        true,
        &["手機", "電話", "聯絡電話"],
        &["手机", "电话", "联系电话", "联络电话"],
        &["Phone", "Mobile"],
    ),
    column("lang", true, &["語言", "介面語言"], &["语言", "界面语言"], &["Language"]),
    column("certificate", false, &["證書", "上崗證"], &["证书", "上岗证"], &["Certificate"]),
    column(
        "expires",
        false,
        &["證書有效期", "證書到期日", "有效期"],
        &["证书有效期", "证书到期日"],
        &["Certificate expires", "Certificate expiry", "Expiry"],
    ),
];

/// `registrations.csv`: the repair register 報修登記表 (R2, R4, R8, R12).
pub const REGISTRATIONS: &[ColumnSpec] = &[
    column(
        "reference",
        false,
        &["登記號", "登記編號", "編號"],
        &["登记号", "登记编号", "编号"],
        &["Reference", "Register number"],
    ),
    column(
        "unit",
        true,
        &["房號", "單元", "室號", "房間號"],
        &["房号", "单元", "室号", "房间号"],
        &["Unit", "Room", "Flat"],
    ),
    column(
        "resident",
        true,
        &["業主姓名", "住戶姓名", "業主", "住戶"],
        &["业主姓名", "住户姓名", "业主", "住户"],
        &["Resident", "Owner", "Resident name", "Owner name"],
    ),
    column(
        "reporter",
        true,
        &["報修人", "聯絡人"],
        &["报修人", "联系人"],
        &["Reported by", "Reporter", "Contact"],
    ),
    column(
        "phone",
        true,
        &["電話", "聯絡電話", "手機", "聯繫電話"],
        &["电话", "联系电话", "联络电话", "手机"],
        &["Phone", "Telephone", "Mobile"],
    ),
    COMPANY,
    column(
        "fault",
        true,
        &["維修狀況", "報修內容", "維修內容"],
        &["维修状况", "报修内容", "维修内容"],
        &["Repair need", "Fault", "Repair"],
    ),
    column("symptom", true, &["故障現象", "現象"], &["故障现象", "现象"], &["Symptom", "Symptoms"]),
    column(
        "work_type",
        true,
        &["維修類別", "工種", "維修類型"],
        &["维修类别", "工种", "维修类型"],
        &["Work type", "Kind of work"],
    ),
    column(
        "wished",
        true,
        &["預約維修時間", "預約時間", "希望時間"],
        &["预约维修时间", "预约时间", "希望时间"],
        &["Wished time", "Preferred time"],
    ),
    column(
        "channel",
        true,
        &["報修方式", "登記方式", "渠道"],
        &["报修方式", "登记方式"],
        &["Channel", "Reported via"],
    ),
    column(
        "triage",
        false,
        &["電話處理結果", "處理結果", "分流結果"],
        &["电话处理结果", "处理结果", "分流结果"],
        &["Triage", "Triage outcome"],
    ),
    column(
        "tags",
        false,
        &["特殊群體", "上門資格"],
        &["特殊群体", "上门资格"],
        &["Eligibility", "Eligibility tags"],
    ),
    column("remark", false, &["備註"], &["备注"], &["Remark", "Remarks", "Notes"]),
];
