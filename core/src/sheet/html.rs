//! The blocks as HTML: one document without script, font or picture from elsewhere. Every text is escaped where it is
//! written, so a name with markup in it stays a name.

use std::fmt::Write as _;

use base64::Engine as _;

use super::Layout;
use super::block::{
    Block, Code, Finding, Foot, Head, Item, Lines, Pair, PhotoPair, Picture, Section, Sheet, Signature,
    Standing,
};
use super::style;
use super::texts::sheet_texts;
use crate::evidence::signature::{Shown, svg};
use crate::words::terms::terms;

/// The room of a signature in CSS pixels: on A4, and on a receipt.
const INK_A4: (u32, u32) = (300, 90);
const INK_RECEIPT: (u32, u32) = (240, 80);

/// What is written to, and what its pieces need to know.
struct Page<'a> {
    out: String,
    sheet: &'a Sheet<'a>,
    layout: Layout,
}

/// The document.
pub(super) fn render(sheet: &Sheet<'_>, layout: Layout) -> String {
    let mut page = Page { out: String::with_capacity(32 * 1024), sheet, layout };
    page.document();
    page.out
}

impl Page<'_> {
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A text between tags or in a quoted attribute.
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                '\n' => self.raw("<br>"),
                // No control character changes how a line reads, and none hides in a name.
                c if c.is_control() || is_direction(c) => {}
                c => self.out.push(c),
            }
        }
    }

    /// An element with a text in it; nothing when there is no text.
    fn element(&mut self, open: &str, text: &str, close: &str) {
        if !text.trim().is_empty() {
            self.raw(open);
            self.text(text);
            self.raw(close);
        }
    }

    fn document(&mut self) {
        let tag = self.sheet.lang.tag();
        let policy = style::content_policy(self.layout);
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"content-security-policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"format-detection\" content=\"telephone=no\">\n<title>"
        );
        let head = &self.sheet.head;
        self.text(&format!("{} {}", head.title, head.number));
        self.raw("</title>\n<style>");
        self.raw(style::of(self.layout));
        let _ =
            write!(self.out, "</style>\n</head>\n<body class=\"{}\">\n<main>\n", style::class(self.layout));
        self.head(head);
        for section in &self.sheet.sections {
            self.section(section);
        }
        self.foot(&self.sheet.foot);
        self.raw("</main>\n</body>\n</html>\n");
    }

    fn head(&mut self, head: &Head) {
        self.raw("<header>\n<div class=\"firm\">");
        self.text(&head.firm);
        self.raw("</div>\n<h1>");
        self.text(head.title);
        self.raw("</h1>\n<div class=\"copy\">");
        self.text(head.copy);
        self.raw("</div>\n<div class=\"number\">");
        self.text(head.number_name);
        self.raw(" <b>");
        self.text(&head.number);
        self.raw("</b></div>\n</header>\n");
        if let Some(banner) = &head.banner {
            self.element("<p class=\"banner\" role=\"note\">", banner, "</p>\n");
        }
    }

    fn section(&mut self, section: &Section<'_>) {
        self.raw(if section.together { "<section class=\"together\">\n" } else { "<section>\n" });
        self.element("<h2>", &section.title, "</h2>\n");
        for block in &section.blocks {
            self.block(block);
        }
        self.raw("</section>\n");
    }

    fn block(&mut self, block: &Block<'_>) {
        match block {
            Block::Pairs(pairs) => self.pairs("pairs", pairs),
            Block::Lines(lines) => self.lines(lines),
            Block::Checklist { title, items } => self.checklist(title, items),
            Block::Photos(pairs) => self.photos(pairs),
            Block::Signatures(all) => {
                self.raw("<div class=\"signatures\">\n");
                for signature in all {
                    self.signature(signature);
                }
                self.raw("</div>\n");
            }
            Block::Note { loud: true, text } => self.element("<p class=\"note loud\">", text, "</p>\n"),
            Block::Note { loud: false, text } => self.element("<p class=\"note\">", text, "</p>\n"),
            Block::Boxes(names) => {
                self.raw("<div class=\"boxes\">");
                for name in names {
                    self.element("<div>", name, "</div>");
                }
                self.raw("</div>\n");
            }
        }
    }

    fn pairs(&mut self, class: &str, pairs: &[Pair]) {
        let _ = writeln!(self.out, "<dl class=\"{class}\">");
        for pair in pairs {
            self.raw(if pair.wide { "<div class=\"wide\"><dt>" } else { "<div><dt>" });
            self.text(pair.term);
            self.raw("</dt><dd>");
            self.text(&pair.text);
            self.raw("</dd></div>\n");
        }
        self.raw("</dl>\n");
    }

    fn lines(&mut self, lines: &Lines) {
        self.raw("<table>\n<thead><tr>");
        for column in &lines.columns {
            self.raw(if column.numeric { "<th scope=\"col\" class=\"n\">" } else { "<th scope=\"col\">" });
            self.text(column.name);
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &lines.rows {
            self.raw("<tr>");
            for (cell, column) in row.iter().zip(&lines.columns) {
                self.raw(if column.numeric { "<td class=\"n\">" } else { "<td>" });
                self.text(cell);
                self.raw("</td>");
            }
            self.raw("</tr>\n");
        }
        // Sums are rows of the body: a table foot would be printed again on every page.
        let span = lines.columns.len().saturating_sub(1).max(1);
        for sum in &lines.sums {
            let class = if sum.total { " class=\"sum total\"" } else { " class=\"sum\"" };
            let _ = write!(self.out, "<tr{class}><th scope=\"row\" colspan=\"{span}\">");
            self.text(sum.name);
            self.raw("</th><td class=\"n\">");
            self.text(&sum.text);
            self.raw("</td></tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn checklist(&mut self, title: &str, items: &[Item]) {
        self.element("<h3>", title, "</h3>\n");
        self.raw("<ul class=\"checks\">\n");
        for item in items {
            self.raw(if item.finding == Finding::Right {
                "<li><span>"
            } else {
                "<li class=\"wrong\"><span>"
            });
            self.text(&item.label);
            self.raw("</span> <b>");
            self.text(&item.value);
            self.raw("</b>");
            if item.finding == Finding::Differs {
                self.element(" <em>", terms(self.sheet.lang).mismatch, "</em>");
            }
            self.element(" <small>", &item.remark, "</small>");
            self.raw("</li>\n");
        }
        self.raw("</ul>\n");
    }

    fn photos(&mut self, pairs: &[PhotoPair<'_>]) {
        for pair in pairs {
            self.raw("<div class=\"photos\">\n");
            self.element("<h3>", &pair.label, "</h3>\n");
            for picture in [&pair.before, &pair.after] {
                match picture {
                    Some(picture) => self.picture(picture),
                    None => self.raw("<figure class=\"none\"></figure>\n"),
                }
            }
            self.raw("</div>\n");
        }
    }

    fn picture(&mut self, picture: &Picture<'_>) {
        self.raw("<figure>");
        match picture.jpeg {
            Some(jpeg) => {
                self.raw("<img alt=\"");
                self.text(&picture.caption);
                self.raw("\" src=\"data:image/jpeg;base64,");
                base64::engine::general_purpose::STANDARD.encode_string(jpeg, &mut self.out);
                self.raw("\">");
            }
            None => {
                let absent = sheet_texts(self.sheet.lang).photo_not_here;
                self.element("<div class=\"absent\">", absent, "</div>");
            }
        }
        self.raw("<figcaption>");
        self.text(&picture.caption);
        self.element(" <small>", &picture.mark, "</small>");
        self.raw("</figcaption></figure>\n");
    }

    fn signature(&mut self, signature: &Signature<'_>) {
        let class = match signature.standing {
            Standing::Signed => "signed",
            Standing::Objection => "objection",
            Standing::Refused => "refused",
            Standing::Absent => "absent",
            Standing::Open => "open",
        };
        let _ = write!(self.out, "<figure class=\"signature {class}\"><h3>");
        self.text(&signature.title);
        self.raw("</h3><div class=\"pad\">");
        self.pad(signature);
        self.raw("</div><figcaption>");
        // An outcome without strokes stands in the pad itself, as large as a signature would.
        if signature.ink_digest.is_some() {
            self.element("<b class=\"outcome\">", signature.outcome, "</b>");
        }
        self.element("<p class=\"reason\">", &signature.reason, "</p>");
        self.element("<p>", &signature.signer, "</p>");
        self.element("<p>", &signature.at, "</p>");
        self.element("<p class=\"seal\">", &signature.seal, "</p>");
        self.raw("</figcaption></figure>\n");
    }

    fn pad(&mut self, signature: &Signature<'_>) {
        if signature.ink_digest.is_none() {
            return self.element("<b>", signature.outcome, "</b>");
        }
        let (width, height) = if self.layout == Layout::A4 { INK_A4 } else { INK_RECEIPT };
        let label = format!("{} {}", signature.title, signature.signer);
        let drawn = signature.ink.and_then(|ink| svg(ink, Shown { label: &label, width, height }).ok());
        match drawn {
            Some(drawn) => self.raw(&drawn),
            None => self.element("<i>", terms(self.sheet.lang).no_ink, "</i>"),
        }
    }

    /// The code with the quiet zone of four modules that readers need.
    fn code(&mut self, code: &Code) {
        let side = code.side + 8;
        let _ = write!(
            self.out,
            "<div class=\"code\"><svg role=\"img\" aria-label=\"{}\" viewBox=\"-4 -4 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path d=\"",
            sheet_texts(self.sheet.lang).scan_code
        );
        for (column, row, length) in code.bars() {
            let _ = write!(self.out, "M{column} {row}h{length}v1h-{length}z");
        }
        self.raw("\"/></svg></div>\n");
    }

    fn foot(&mut self, foot: &Foot<'_>) {
        self.raw("<footer>\n");
        if let Some(code) = foot.code {
            self.code(code);
        }
        self.raw("<div>");
        self.pairs("contacts", &foot.contacts);
        for note in &foot.notes {
            self.element("<p>", note, "</p>\n");
        }
        self.element("<p class=\"mark\">", &foot.print_mark, "</p>\n");
        self.raw("</div>\n</footer>\n");
    }
}

/// Characters that turn the direction of the text after them: in a name they could make a sum read backwards.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
