//! What every page has around its content: language, who is signed in, the token of its forms, a message.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;

use super::assets;
use super::words::labels;
use super::words::ui::{Ui, ui};

/// Who is signed in, as the frame shows it.
#[derive(Clone, Debug)]
pub struct Me {
    /// The firm's name.
    pub org: String,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The token every form carries.
    pub csrf: String,
}

/// A message above the content.
#[derive(Clone, Debug)]
pub struct Message {
    /// `done` or `refused`: decides colour and role.
    pub kind: &'static str,
    /// The text.
    pub text: String,
}

impl Message {
    /// Something was done.
    #[must_use]
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: "done", text: text.into() }
    }

    /// Something was not done, and why.
    #[must_use]
    pub fn refused(text: impl Into<String>) -> Self {
        Self { kind: "refused", text: text.into() }
    }
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Its fixed texts.
    pub ui: &'static Ui,
    /// The page's title.
    pub title: String,
    /// Who is signed in; nobody on the sign-in page.
    pub me: Option<Me>,
    /// The path the language links lead back to.
    pub here: String,
    /// What to say first.
    pub message: Option<Message>,
    /// How the page hears of changes; a page that shows none does not listen.
    pub live: Option<Live>,
}

/// How a page shows what changed without a reload.
#[derive(Clone, Debug)]
pub struct Live {
    /// Where the firm stood before the page was read, as a stream says it.
    pub at: String,
    /// The address it fetches itself from; `None` when it can only say that there is something newer.
    pub address: Option<String>,
    /// Where the newer page is; `None` when its search has to be sent again.
    pub link: Option<String>,
}

/// A link that shows the page in another language.
pub struct LangLink {
    /// The language's tag.
    pub tag: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// Whether the page is in it.
    pub current: bool,
}

impl Frame {
    /// A frame for a page at `here`.
    #[must_use]
    pub fn new(lang: Lang, me: Option<Me>, here: impl Into<String>) -> Self {
        let ui = ui(lang);
        Self { lang, ui, title: ui.office.to_owned(), me, here: here.into(), message: None, live: None }
    }

    /// The frame with a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The frame with a message.
    #[must_use]
    pub fn saying(mut self, message: Option<Message>) -> Self {
        self.message = message;
        self
    }

    /// The frame of a page that shows what changed.
    #[must_use]
    pub fn live(mut self, live: Live) -> Self {
        self.live = Some(live);
        self
    }

    /// The script of live pages, which changes its address with its content.
    #[must_use]
    pub fn live_script(&self) -> &'static str {
        assets::live_address()
    }

    /// The language's tag.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.lang.tag()
    }

    /// Links to the page in all languages.
    #[must_use]
    pub fn languages(&self) -> Vec<LangLink> {
        let link = |lang: Lang| LangLink {
            tag: lang.tag(),
            name: labels::language(lang),
            current: lang == self.lang,
        };
        Lang::ALL.into_iter().map(link).collect()
    }

    /// The token of this page's forms.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.me.as_ref().map_or("", |me| &me.csrf)
    }

    /// The signed-in person's role in words.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.me.as_ref().map_or("", |me| labels::role(me.role, self.lang))
    }

    /// The style sheet's address, which changes with its content.
    #[must_use]
    pub fn style(&self) -> &'static str {
        assets::style_address()
    }
}
