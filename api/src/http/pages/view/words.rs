//! Text that comes from a questionnaire, in the language in which it was found.

use std::fmt;

use askama::filters::HtmlSafe;

use super::Page;
use crate::i18n;

/// A text and the BCP 47 tag of the language it is in, so that a screen reader pronounces it rightly
/// when it stands on a page in another language (WCAG 3.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The text, unescaped.
    pub text: String,
    /// The language of the text.
    pub language: String,
}

impl Words {
    /// A text in a language.
    #[must_use]
    pub fn new(text: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            language: language.into(),
        }
    }

    /// The `lang` and `dir` attributes, with a leading space; nothing where the page says the same.
    #[must_use]
    pub fn attributes(&self, page: &Page) -> LanguageAttributes<'_> {
        LanguageAttributes((self.language != page.language()).then_some(self.language.as_str()))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The `lang` and `dir` attributes of an element, or nothing.
#[derive(Debug, Clone, Copy)]
pub struct LanguageAttributes<'a>(Option<&'a str>);

impl fmt::Display for LanguageAttributes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(tag) = self.0 else { return Ok(()) };
        let tag: String = tag
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        write!(
            formatter,
            " lang=\"{tag}\" dir=\"{}\"",
            i18n::direction(&tag)
        )
    }
}

/// The tag is reduced to letters, digits and hyphens before it is written.
impl HtmlSafe for LanguageAttributes<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_in_another_language_says_so_and_a_tag_cannot_break_out() {
        let page = Page::new("nl");
        assert_eq!(Words::new("Ja", "nl").attributes(&page).to_string(), "");
        assert_eq!(
            Words::new("نعم", "ar").attributes(&page).to_string(),
            " lang=\"ar\" dir=\"rtl\""
        );
        assert_eq!(
            Words::new("x", "en\"><b>").attributes(&page).to_string(),
            " lang=\"enb\" dir=\"ltr\""
        );
    }
}
