//! Languages, texts in several of them, and the order in which a reader's languages are tried.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// A BCP 47 language tag in its usual case: `nl`, `nl-BE`, `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// Reads a tag in any case; `None` if it is not of the form `xx[-subtag]...`.
    ///
    /// ```
    /// use survey_engine::questionnaire::Language;
    ///
    /// assert_eq!(Language::parse("NL-be").unwrap().as_str(), "nl-BE");
    /// assert_eq!(Language::parse("zh-hant").unwrap().as_str(), "zh-Hant");
    /// assert!(Language::parse("Dutch, please").is_none());
    /// ```
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        const LONGEST: usize = 35;
        let mut subtags = tag.split('-');
        let primary = subtags.next()?;
        let sound = tag.len() <= LONGEST
            && matches!(primary.len(), 2 | 3)
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !sound {
            return None;
        }
        let mut usual = primary.to_ascii_lowercase();
        for subtag in subtags {
            if !matches!(subtag.len(), 2..=8)
                || !subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
            {
                return None;
            }
            usual.push('-');
            usual.push_str(&in_usual_case(subtag));
        }
        Some(Self(usual))
    }

    /// The tag as text.
    ///
    /// ```
    /// use survey_engine::questionnaire::Language;
    /// assert_eq!(Language::parse("NL-be").map(|tag| tag.as_str().to_owned()).as_deref(), Some("nl-BE"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `und`, the tag for a language that is not known.
    fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The tag without its last subtag: `zh-Hant-TW`, `zh-Hant`, `zh`, then nothing.
    fn parent(&self) -> Option<Self> {
        self.0
            .rsplit_once('-')
            .map(|(rest, _)| Self(rest.to_owned()))
    }
}

/// Scripts have a capital (`Hant`), countries are capitals (`BE`), all else is lower case.
fn in_usual_case(subtag: &str) -> String {
    let letters = subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
    match (letters, subtag.len()) {
        (true, 2) => subtag.to_ascii_uppercase(),
        (true, 4) => {
            let (first, rest) = subtag.split_at(1);
            first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
        }
        _ => subtag.to_ascii_lowercase(),
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One text in every language of its document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LocalizedText(BTreeMap<Language, String>);

impl LocalizedText {
    pub(super) fn new(texts: BTreeMap<Language, String>) -> Self {
        Self(texts)
    }

    /// The text in the first language of the chain that it has; failing all of them, in any it has.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// let title = framework.title();
    /// assert_eq!(title.resolve(&framework.chain("nl-BE")), "Inclusieve kwaliteit");
    /// assert_eq!(title.resolve(&framework.chain("fr")), "Inclusive quality");
    /// ```
    #[must_use]
    pub fn resolve(&self, chain: &LanguageChain) -> &str {
        chain
            .languages()
            .iter()
            .find_map(|language| self.0.get(language))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// The text in exactly this language.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Language, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// let title = framework.title();
    /// let language = |tag| Language::parse(tag).expect("a tag");
    /// assert_eq!(title.get(&language("nl")), Some("Inclusieve kwaliteit"));
    /// // No other language stands in.
    /// assert_eq!(title.get(&language("nl-BE")), None);
    /// ```
    #[must_use]
    pub fn get(&self, language: &Language) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The languages it is written in, sorted by tag.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// let title = framework.title();
    /// let tags: Vec<&str> = title.languages().map(|language| language.as_str()).collect();
    /// assert_eq!(tags, ["en", "nl"]);
    /// ```
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.0.keys()
    }
}

/// The languages to try for one reader, best first; never empty.
///
/// Made by [`Questionnaire::chain`](super::Questionnaire::chain) or
/// [`Framework::chain`](super::Framework::chain), it holds only languages their document is written
/// in, so one page is in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageChain {
    chosen: Language,
    /// All of them, the chosen one first.
    order: Vec<Language>,
}

impl LanguageChain {
    /// `requested`, its shorter forms, what is declared to stand in for any of these, then the first
    /// of the `available` languages.
    pub(super) fn new(
        requested: &str,
        available: &[Language],
        stand_ins: &BTreeMap<Language, Vec<Language>>,
    ) -> Self {
        let asked: Vec<Language> =
            std::iter::successors(Language::parse(requested), Language::parent).collect();
        let declared = asked
            .iter()
            .filter_map(|language| stand_ins.get(language))
            .flatten();
        let mut order: Vec<Language> = Vec::new();
        for language in asked.iter().chain(declared).chain(available.first()) {
            if available.contains(language) && !order.contains(language) {
                order.push(language.clone());
            }
        }
        let chosen = order
            .first()
            .cloned()
            .unwrap_or_else(Language::undetermined);
        Self { chosen, order }
    }

    /// The language the reader gets.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.chain("nl-BE").chosen().as_str(), "nl");
    /// ```
    #[must_use]
    pub fn chosen(&self) -> &Language {
        &self.chosen
    }

    /// All languages of the chain, the chosen one first.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// let chain = framework.chain("nl-BE");
    /// let tags: Vec<&str> = chain.languages().iter().map(|language| language.as_str()).collect();
    /// assert_eq!(tags, ["nl", "en"]);
    /// ```
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.order
    }
}
