//! Which language a page is in: asked for just now, chosen before, the person's own, or the browser's.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use doorstep_core::domain::lang::Lang;

/// The cookie that keeps a choice.
pub const LANG_COOKIE: &str = "lang";

/// The language of a page. A choice made on the page counts before the person's own language, and that before the browser's.
#[must_use]
pub fn of(headers: &HeaderMap, own: Option<Lang>) -> Lang {
    chosen(headers).or(own).or_else(|| accepted(headers)).unwrap_or_default()
}

/// The language a tag names exactly; nothing for other tags.
#[must_use]
pub fn exact(tag: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag)
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The cookie line that keeps a choice for a year.
#[must_use]
pub fn keep(lang: Lang) -> String {
    format!("{LANG_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", lang.tag())
}

fn chosen(headers: &HeaderMap) -> Option<Lang> {
    cookie(headers, LANG_COOKIE).and_then(exact)
}

/// The first language of the browser's that we have. Its order is taken as its preference, which all browsers keep.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = line.split(',').filter_map(|part| part.split(';').next()).map(str::trim);
    let ours = tags.filter(|tag| {
        let tag = tag.to_ascii_lowercase();
        tag.starts_with("zh") || tag.starts_with("en")
    });
    ours.map(Lang::from_tag).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_choice_counts_before_the_person_and_the_person_before_the_browser() {
        let all =
            headers(&[("cookie", "session=x; lang=en"), ("accept-language", "zh-CN,zh;q=0.9,en;q=0.8")]);
        assert_eq!(of(&all, Some(Lang::ZhHant)), Lang::En);
        let browser = headers(&[("cookie", "lang=fr"), ("accept-language", "fr-FR, zh-CN;q=0.9, en;q=0.8")]);
        assert_eq!(of(&browser, Some(Lang::ZhHant)), Lang::ZhHant);
        assert_eq!(of(&browser, None), Lang::ZhHans);
        assert_eq!(of(&headers(&[("accept-language", "fr")]), None), Lang::ZhHant);
        assert_eq!(of(&HeaderMap::new(), None), Lang::ZhHant);
    }
}
