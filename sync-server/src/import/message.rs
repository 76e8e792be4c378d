//! The words for faults and notes, in the three languages: what is wrong, and what would be right.

use doorstep_core::domain::lang::{Lang, Text};

use super::fault::{Column, Problem, Remark};

/// Where something is, as a person would say it with the spreadsheet open.
pub(super) fn place(file: &str, line: u64, row: u64, column: Option<&Column>, lang: Lang) -> String {
    let mut place = file.to_owned();
    if line > 0 {
        place += &match lang {
            Lang::ZhHant | Lang::ZhHans => format!(" 第 {line} 行"),
            Lang::En => format!(" line {line}"),
        };
        if row > 0 && row != line {
            place += &match lang {
                Lang::ZhHant => format!("（Excel 第 {row} 行）"),
                Lang::ZhHans => format!("（Excel 第 {row} 行）"),
                Lang::En => format!(" (Excel row {row})"),
            };
        }
    }
    if let Some(Column { name, letter }) = column {
        place += &match lang {
            Lang::ZhHant => format!(" {letter} 欄「{name}」"),
            Lang::ZhHans => format!(" {letter} 列“{name}”"),
            Lang::En => format!(", column {letter} \"{name}\""),
        };
    }
    place
}

fn text(zh_hant: String, zh_hans: String, en: String) -> Text {
    Text { zh_hant, zh_hans, en }
}

impl Problem {
    /// The problem's stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingFile => "missing_file",
            Self::Unreadable { .. } => "unreadable",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Workbook => "workbook",
            Self::Utf16 => "utf16",
            Self::NotUtf8 => "not_utf8",
            Self::NulByte => "nul_byte",
            Self::OpenQuote => "open_quote",
            Self::NoHeader => "no_header",
            Self::MissingColumn { .. } => "missing_column",
            Self::RepeatedColumn { .. } => "repeated_column",
            Self::CellCount { .. } => "cell_count",
            Self::EmptyCell => "empty_cell",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::ControlCharacter { .. } => "control_character",
            Self::BadPhone { .. } => "bad_phone",
            Self::BadTime { .. } => "bad_time",
            Self::BadDate { .. } => "bad_date",
            Self::BadMoney { .. } => "bad_money",
            Self::BadNumber { .. } => "bad_number",
            Self::BadCode { .. } => "bad_code",
            Self::UnknownWord { .. } => "unknown_word",
            Self::Duplicate { .. } => "duplicate",
            Self::UnknownUnit { .. } => "unknown_unit",
            Self::CompanyWanted { .. } => "company_wanted",
            Self::BadToml { .. } => "bad_toml",
            Self::MissingKey { .. } => "missing_key",
        }
    }

    /// What is wrong and what would be right.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::MissingFile
            | Self::Unreadable { .. }
            | Self::TooLarge { .. }
            | Self::TooManyRows { .. }
            | Self::Workbook
            | Self::Utf16
            | Self::NotUtf8
            | Self::NulByte
            | Self::NoHeader
            | Self::BadToml { .. }
            | Self::MissingKey { .. } => self.of_file(),
            Self::OpenQuote
            | Self::MissingColumn { .. }
            | Self::RepeatedColumn { .. }
            | Self::CellCount { .. }
            | Self::Duplicate { .. }
            | Self::UnknownUnit { .. }
            | Self::CompanyWanted { .. } => self.of_shape(),
            _ => self.of_cell(),
        }
    }

    fn of_file(&self) -> Text {
        match self {
            Self::MissingFile => Text::new(
                "資料夾裡沒有這個檔案。請放入同名的檔案。",
                "文件夹里没有这个文件。请放入同名的文件。",
                "The folder has no such file. Put in a file of this name.",
            ),
            Self::Unreadable { detail } => text(
                format!("無法讀取這個檔案（{detail}）。請關閉正在使用它的程式，並檢查讀取權限。"),
                format!("无法读取这个文件（{detail}）。请关闭正在使用它的程序，并检查读取权限。"),
                format!(
                    "The file cannot be read ({detail}). Close the program that has it open and check its permissions."
                ),
            ),
            Self::TooLarge { limit } => text(
                format!("檔案太大，上限為 {limit} 位元組。請分成幾個檔案。"),
                format!("文件太大，上限为 {limit} 字节。请分成几个文件。"),
                format!("The file is too large; the limit is {limit} bytes. Split it into several files."),
            ),
            Self::TooManyRows { limit } => text(
                format!("行數太多，上限為 {limit} 行。請分成幾個檔案。"),
                format!("行数太多，上限为 {limit} 行。请分成几个文件。"),
                format!("Too many rows; the limit is {limit}. Split the file."),
            ),
            Self::Workbook => Text::new(
                "這是 Excel 活頁簿，不是 CSV。請在 Excel 選「另存新檔」，類型選「CSV UTF-8（逗號分隔）」。",
                "这是 Excel 工作簿，不是 CSV。请在 Excel 选“另存为”，类型选“CSV UTF-8（逗号分隔）”。",
                "This is an Excel workbook, not CSV. In Excel choose Save As and the type \"CSV UTF-8 (Comma delimited)\".",
            ),
            Self::Utf16 => Text::new(
                "檔案是 UTF-16（Excel 的「Unicode 文字」）。請另存新檔，類型選「CSV UTF-8（逗號分隔）」。",
                "文件是 UTF-16（Excel 的“Unicode 文本”）。请另存为“CSV UTF-8（逗号分隔）”。",
                "The file is UTF-16 (Excel's \"Unicode Text\"). Save it again as \"CSV UTF-8 (Comma delimited)\".",
            ),
            Self::NotUtf8 => Text::new(
                "檔案不是 UTF-8，多半是 GBK 或 Big5（Excel 普通的「CSV」）。請另存新檔，類型選「CSV UTF-8（逗號分隔）」；用記事本則編碼選 UTF-8。",
                "文件不是 UTF-8，多半是 GBK 或 Big5（Excel 普通的“CSV”）。请另存为“CSV UTF-8（逗号分隔）”；用记事本则编码选 UTF-8。",
                "The file is not UTF-8; most likely GBK or Big5 (Excel's plain \"CSV\"). Save it again as \"CSV UTF-8 (Comma delimited)\", or in Notepad with encoding UTF-8.",
            ),
            Self::NulByte => Text::new(
                "這一行有空位元組（NUL），檔案可能已損壞。請從原始表格重新另存為 CSV UTF-8。",
                "这一行有空字节（NUL），文件可能已损坏。请从原始表格重新另存为 CSV UTF-8。",
                "The line holds NUL bytes; the file may be damaged. Save it again as CSV UTF-8 from the original sheet.",
            ),
            Self::NoHeader => Text::new(
                "檔案是空的。第一行應是欄名，其後每行一筆。",
                "文件是空的。第一行应是列名，其后每行一条。",
                "The file is empty. The first line should hold the column names, each further line one record.",
            ),
            Self::BadToml { detail } => text(
                format!("設定檔寫法不對：{detail}。請對照說明檔的範例改正。"),
                format!("设置文件写法不对：{detail}。请对照说明文件的示例改正。"),
                format!(
                    "The settings file is not right: {detail}. Compare it with the example in the README."
                ),
            ),
            Self::MissingKey { key } => text(
                format!("缺少「{key}」。請加上一行 {key} = \"…\"。"),
                format!("缺少“{key}”。请加上一行 {key} = \"…\"。"),
                format!("\"{key}\" is missing. Add a line {key} = \"…\"."),
            ),
            _ => Text::default(),
        }
    }

    fn of_shape(&self) -> Text {
        match self {
            Self::OpenQuote => Text::new(
                "從這裡開始的引號 \" 沒有結束。請補上結尾的引號；儲存格內的引號要寫成兩個 \"\"。",
                "从这里开始的引号 \" 没有结束。请补上结尾的引号；单元格内的引号要写成两个 \"\"。",
                "A quotation mark opens here and never closes. Add the closing mark; a mark inside a cell is written twice \"\".",
            ),
            Self::MissingColumn { name } => text(
                format!("缺少必填欄「{}」。請在第一行加上這個欄名，並逐行填寫。", name.zh_hant),
                format!("缺少必填列“{}”。请在第一行加上这个列名，并逐行填写。", name.zh_hans),
                format!(
                    "The required column \"{}\" is missing. Add it to the first line and fill it on every line.",
                    name.en
                ),
            ),
            Self::RepeatedColumn { first } => text(
                format!("與 {first} 欄意思相同，不知該用哪一欄。請刪去其中一欄。"),
                format!("与 {first} 列意思相同，不知该用哪一列。请删去其中一列。"),
                format!(
                    "It means the same as column {first}; which one counts is unclear. Delete one of them."
                ),
            ),
            Self::CellCount { found, expected } => text(
                format!(
                    "這一行有 {found} 格，欄名有 {expected} 格。多半是文字裡的逗號沒有加引號，或少了一格；請改成 {expected} 格。"
                ),
                format!(
                    "这一行有 {found} 格，列名有 {expected} 格。多半是文字里的逗号没有加引号，或少了一格；请改成 {expected} 格。"
                ),
                format!(
                    "The line has {found} cells, the header has {expected}. Often a comma in a text is not quoted, or a cell is missing; make it {expected} cells."
                ),
            ),
            Self::Duplicate { found, first_line } => text(
                format!("「{found}」與第 {first_line} 行重複。每個只能有一行；請刪去或改正其中一行。"),
                format!("“{found}”与第 {first_line} 行重复。每个只能有一行；请删去或改正其中一行。"),
                format!(
                    "\"{found}\" stands on line {first_line} already. Each may have one line only; delete or correct one."
                ),
            ),
            Self::UnknownUnit { found } => text(
                format!("房號「{found}」不在房號表中。請改正房號，或先在房號表加上這一戶。"),
                format!("房号“{found}”不在房号表中。请改正房号，或先在房号表加上这一户。"),
                format!("Unit \"{found}\" is not in the unit file. Correct it, or add the unit there first."),
            ),
            Self::CompanyWanted { unit } => text(
                format!("「{unit}」是公司租用的單位，報修必須填公司名稱（R4）。"),
                format!("“{unit}”是公司租用的单元，报修必须填公司名称（R4）。"),
                format!("\"{unit}\" is let to a company, so a registration needs the company's name (R4)."),
            ),
            _ => Text::default(),
        }
    }

    fn of_cell(&self) -> Text {
        match self {
            Self::EmptyCell => Text::new(
                "必填，但這一格是空的。請填寫。",
                "必填，但这一格是空的。请填写。",
                "Required, but the cell is empty. Fill it in.",
            ),
            Self::CellTooLong { found, limit } => text(
                format!("這一格有 {found} 個字，上限為 {limit} 個字。請縮短。"),
                format!("这一格有 {found} 个字，上限为 {limit} 个字。请缩短。"),
                format!("The cell has {found} characters; the limit is {limit}. Shorten it."),
            ),
            Self::ControlCharacter { code } => text(
                format!("這一格有看不見的控制字元（U+{code:04X}）。請重新輸入這一格。"),
                format!("这一格有看不见的控制字符（U+{code:04X}）。请重新输入这一格。"),
                format!("The cell holds an invisible control character (U+{code:04X}). Type the cell again."),
            ),
            Self::BadPhone { found } => text(
                format!(
                    "「{found}」不是電話號碼。只填一個號碼，7 至 15 位數字，例如 020-0888 0100 或 +852 0555 0100；若 Excel 顯示成 1.42E+10，請先把這一欄設為「文字」。"
                ),
                format!(
                    "“{found}”不是电话号码。只填一个号码，7 至 15 位数字，例如 020-0888 0100 或 +852 0555 0100；若 Excel 显示成 1.42E+10，请先把这一列设为“文本”。"
                ),
                format!(
                    "\"{found}\" is not a phone number. Write one number of 7 to 15 digits, such as 020-0888 0100 or +852 0555 0100; if Excel shows 1.42E+10, format the column as Text first."
                ),
            ),
            Self::BadTime { found } => text(
                format!(
                    "「{found}」不是日期和時間。請寫成 2026-11-25 09:00、2026/11/25 9:00 或 2026年11月25日 09:00；時段寫成 2026-11-25 09:00-11:00。"
                ),
                format!(
                    "“{found}”不是日期和时间。请写成 2026-11-25 09:00、2026/11/25 9:00 或 2026年11月25日 09:00；时段写成 2026-11-25 09:00-11:00。"
                ),
                format!(
                    "\"{found}\" is not a date and time. Write 2026-11-25 09:00, 2026/11/25 9:00 or 2026年11月25日 09:00; a window is 2026-11-25 09:00-11:00."
                ),
            ),
            Self::BadDate { found } => text(
                format!("「{found}」不是日期。請寫成 2026-11-25、2026/11/25 或 2026年11月25日。"),
                format!("“{found}”不是日期。请写成 2026-11-25、2026/11/25 或 2026年11月25日。"),
                format!("\"{found}\" is not a date. Write 2026-11-25, 2026/11/25 or 2026年11月25日."),
            ),
            Self::BadMoney { found } => text(
                format!("「{found}」不是金額。請寫成 120、120.50 或 1,200.50，不可為負，最多兩位小數。"),
                format!("“{found}”不是金额。请写成 120、120.50 或 1,200.50，不可为负，最多两位小数。"),
                format!(
                    "\"{found}\" is not an amount. Write 120, 120.50 or 1,200.50; not negative, at most two decimals."
                ),
            ),
            Self::BadNumber { found, max } => text(
                format!("「{found}」不對。請填 0 至 {max} 的整數。"),
                format!("“{found}”不对。请填 0 至 {max} 的整数。"),
                format!("\"{found}\" is not right. Write a whole number from 0 to {max}."),
            ),
            Self::BadCode { found } => text(
                format!("「{found}」不能當編號。請只用英文字母、數字和 - _ .，最多 40 個字。"),
                format!("“{found}”不能当编号。请只用英文字母、数字和 - _ .，最多 40 个字。"),
                format!("\"{found}\" cannot be a code. Use only letters, digits and - _ . (at most 40)."),
            ),
            Self::UnknownWord { found, allowed } => text(
                format!("不認得「{found}」。可填：{}。", allowed.zh_hant),
                format!("不认得“{found}”。可填：{}。", allowed.zh_hans),
                format!("\"{found}\" is not known here. Allowed: {}.", allowed.en),
            ),
            _ => Text::default(),
        }
    }
}

impl Remark {
    /// What the note says.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownColumn => Text::new(
                "不認得這一欄，內容不會匯入。",
                "不认得这一列，内容不会导入。",
                "This column is not known; its cells are not imported.",
            ),
            Self::FormulaAsText { found } => text(
                format!("「{found}」看起來像公式，已照原文當作文字。"),
                format!("“{found}”看起来像公式，已照原文当作文字。"),
                format!("\"{found}\" looks like a formula and is kept as text."),
            ),
            Self::UnknownTag { found } => text(
                format!("不認得標籤「{found}」，已照原文保留。"),
                format!("不认得标签“{found}”，已照原文保留。"),
                format!("The tag \"{found}\" is not known and is kept as written."),
            ),
        }
    }
}
