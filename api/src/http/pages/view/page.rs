//! What every page has: its language, its frame, and who is signed in.

use fluent_bundle::FluentValue;

use crate::http::pages::asset;
use crate::i18n::{self, Translator};

/// The frame of a page. Templates take every word of the interface through it.
#[derive(Debug, Clone)]
pub struct Page {
    translator: Translator,
    easy: bool,
    informal: bool,
    signed_in: Option<String>,
}

impl Page {
    /// A page in the shipped language closest to a BCP 47 tag.
    #[must_use]
    pub fn new(language: &str) -> Self {
        Self {
            translator: Translator::for_language(language),
            easy: false,
            informal: false,
            signed_in: None,
        }
    }

    /// The same page in larger type and with more air, for the easy-to-read forms.
    #[must_use]
    pub fn easy(mut self, easy: bool) -> Self {
        self.easy = easy;
        self
    }

    /// The same page in the words that one uses to children.
    #[must_use]
    pub fn informal(mut self, informal: bool) -> Self {
        if informal {
            self.translator = self.translator.informal();
        }
        self.informal = informal;
        self
    }

    /// What the address of another page says so that it speaks like this one: its language, and whether to children.
    #[must_use]
    pub fn manner(&self, language: &str) -> String {
        let words = if self.informal { "&words=informal" } else { "" };
        format!("language={language}{words}")
    }

    /// The same page with the name of the officer who is signed in, and a way to sign out.
    #[must_use]
    pub fn signed_in(mut self, name: impl Into<String>) -> Self {
        self.signed_in = Some(name.into());
        self
    }

    /// The name of the officer who is signed in.
    #[must_use]
    pub fn officer(&self) -> Option<&str> {
        self.signed_in.as_deref()
    }

    /// The language of the page's own words.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.translator.language()
    }

    /// `"ltr"` or `"rtl"`.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        self.translator.direction()
    }

    /// The class of the body.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match (self.easy, &self.signed_in) {
            (true, _) => "easy",
            (false, Some(_)) => "wide",
            (false, None) => "plain",
        }
    }

    /// The address of the stylesheet.
    #[must_use]
    pub fn stylesheet(&self) -> &'static str {
        asset::path("klankbord.css")
    }

    /// The address of a script by its plain name.
    #[must_use]
    pub fn script(&self, name: &str) -> &'static str {
        asset::path(name)
    }

    /// The address of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        asset::path("mark.svg")
    }

    /// The translator, for numbers and dates.
    #[must_use]
    pub fn translator(&self) -> Translator {
        self.translator
    }

    /// A text without variables.
    #[must_use]
    pub fn text(&self, id: &str) -> String {
        self.translator.text(id)
    }

    /// A text with one variable, `$count`.
    #[must_use]
    pub fn count(&self, id: &str, count: usize) -> String {
        self.translator.count(id, count)
    }

    /// A text with one variable.
    #[must_use]
    pub fn one<'a>(&self, id: &str, name: &str, value: impl Into<FluentValue<'a>>) -> String {
        self.translator.one(id, name, value)
    }

    /// A text with any number of variables.
    #[must_use]
    pub fn with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        self.translator.with(id, values)
    }
}

/// One language that the person may choose, under its own name.
#[derive(Debug, Clone)]
pub struct LanguageChoice {
    /// BCP 47 tag.
    pub tag: String,
    /// The language's own name.
    pub name: String,
    /// `"ltr"` or `"rtl"`.
    pub direction: &'static str,
    /// Whether the page is in it.
    pub current: bool,
}

impl LanguageChoice {
    /// The choices that a questionnaire in several languages offers; none where there is only one.
    #[must_use]
    pub fn among<T: AsRef<str>>(languages: &[T], current: &str) -> Vec<Self> {
        if languages.len() < 2 {
            return Vec::new();
        }
        languages
            .iter()
            .map(|tag| Self {
                tag: tag.as_ref().to_owned(),
                name: i18n::autonym(tag.as_ref()),
                direction: i18n::direction(tag.as_ref()),
                current: tag.as_ref() == current,
            })
            .collect()
    }
}
