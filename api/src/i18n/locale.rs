//! The shipped languages, parsed once, and the view of one of them that pages and mails hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use super::language;

/// The language that every other one falls back to.
const ENGLISH: &str = "en";

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<BTreeMap<String, Bundle>> = LazyLock::new(|| {
    let languages: BTreeSet<String> = LocaleFiles::iter()
        .filter(|path| path.ends_with(".ftl"))
        .filter_map(|path| path.split_once('/').map(|(folder, _)| folder.to_owned()))
        .collect();
    languages
        .into_iter()
        .map(|tag| (tag.clone(), bundle_of(&tag)))
        .collect()
});

static SHIPPED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut tags: Vec<&str> = BUNDLES
        .keys()
        .map(String::as_str)
        .filter(|tag| !tag.contains(VARIANT))
        .collect();
    tags.sort_by_key(|tag| (*tag != ENGLISH, *tag));
    tags
});

/// The languages that the user interface speaks, English first, the rest in alphabetical order.
#[must_use]
pub fn shipped() -> &'static [&'static str] {
    &SHIPPED
}

/// Folders with this in their name hold a variant of a language, and only what differs in it.
const VARIANT: &str = "-x-";

/// One language of the user interface. Cheap to copy; every text that it lacks appears in English.
#[derive(Clone, Copy)]
pub struct Translator {
    language: &'static str,
    variant: Option<&'static Bundle>,
    bundle: Option<&'static Bundle>,
    english: Option<&'static Bundle>,
}

impl std::fmt::Debug for Translator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Translator")
            .field(&self.language)
            .finish()
    }
}

impl Translator {
    /// The shipped language closest to a BCP 47 tag (`nl` for `nl-BE`), English if there is none.
    #[must_use]
    pub fn for_language(tag: &str) -> Self {
        let language = language::closest(tag, shipped()).unwrap_or(ENGLISH);
        Self {
            language,
            variant: None,
            bundle: BUNDLES.get(language),
            english: BUNDLES.get(ENGLISH),
        }
    }

    /// The same language as one speaks it to children, where it has such a variant: Dutch with *je*
    /// instead of *u*. Every text that the variant lacks is that of the language.
    #[must_use]
    pub fn informal(mut self) -> Self {
        self.variant = BUNDLES.get(&format!("{}{VARIANT}informal", self.language));
        self
    }

    /// The tag of the language that this translator speaks, which may differ from the one asked for.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// `"ltr"` or `"rtl"`, as the `dir` attribute wants it.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        language::direction(self.language)
    }

    /// The text of a message without variables.
    #[must_use]
    pub fn text(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The text of a message whose variables have the given values.
    ///
    /// A message that no language has gives its own id, so that a page still renders; the tests keep
    /// this from happening.
    #[must_use]
    pub fn with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        [self.variant, self.bundle, self.english]
            .into_iter()
            .flatten()
            .find_map(|bundle| formatted(bundle, id, &arguments))
            .unwrap_or_else(|| {
                report_missing(self.language, id);
                id.to_owned()
            })
    }

    /// The text of a message with one variable, `$count`, by which it may choose its plural form.
    #[must_use]
    pub fn count(&self, id: &str, count: usize) -> String {
        self.with(id, &[("count", count.into())])
    }

    /// The text of a message with one variable.
    #[must_use]
    pub fn one<'a>(&self, id: &str, name: &str, value: impl Into<FluentValue<'a>>) -> String {
        self.with(id, &[(name, value.into())])
    }
}

#[cfg(not(test))]
fn report_missing(language: &str, id: &str) {
    tracing::error!(language, id, "no language has this text");
}

/// In tests a text that no language has is a failure.
#[cfg(test)]
fn report_missing(language: &str, id: &str) {
    panic!("no text {id} in {language} or English");
}

fn formatted(bundle: &Bundle, id: &str, arguments: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut problems = Vec::new();
    let text = bundle
        .format_pattern(pattern, Some(arguments), &mut problems)
        .into_owned();
    if !problems.is_empty() {
        tracing::error!(id, ?problems, "a text was formatted with problems");
    }
    Some(text)
}

/// All files of one language's folder. What cannot be parsed is left out and logged: English takes its
/// place on the page, and a test refuses to let it ship.
fn bundle_of(tag: &str) -> Bundle {
    let identifier: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(language::direction(tag) == "rtl");
    for path in LocaleFiles::iter().filter(|path| path.split('/').next() == Some(tag)) {
        let Some(file) = LocaleFiles::get(&path) else {
            continue;
        };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(partial, problems)| {
            tracing::error!(%path, ?problems, "a file of texts has errors");
            partial
        });
        if let Err(problems) = bundle.add_resource(resource) {
            tracing::error!(%path, ?problems, "a text is defined twice");
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of one language: id to the variables that occur in it.
    fn messages(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in LocaleFiles::iter().filter(|path| path.starts_with(&format!("{tag}/"))) {
            let file = LocaleFiles::get(&path).unwrap();
            let source = std::str::from_utf8(&file.data).unwrap().to_owned();
            FluentResource::try_new(source.clone())
                .unwrap_or_else(|(_, problems)| panic!("{path}: {problems:?}"));
            let mut current = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((id, _)) = line
                    .split_once(" =")
                    .filter(|(id, _)| !id.contains(char::is_whitespace))
                {
                    current = id.to_owned();
                    let twice = found.insert(current.clone(), BTreeSet::new());
                    assert!(twice.is_none(), "{path}: {current} is defined twice");
                }
                for part in line.split('$').skip(1) {
                    let name = part
                        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
                        .next()
                        .unwrap();
                    found
                        .entry(current.clone())
                        .or_default()
                        .insert(name.to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_language_has_the_same_messages_with_the_same_variables() {
        let english = messages(ENGLISH);
        assert!(!english.is_empty());
        for tag in shipped() {
            let other = messages(tag);
            for (id, variables) in &english {
                assert_eq!(other.get(id), Some(variables), "{tag}: {id}");
            }
            for id in other.keys() {
                assert!(english.contains_key(id), "{tag}: {id} is not in English");
            }
        }
    }

    #[test]
    fn a_variant_changes_only_what_its_language_has() {
        let variants: Vec<&String> = BUNDLES.keys().filter(|tag| tag.contains(VARIANT)).collect();
        assert!(!variants.is_empty());
        for tag in variants {
            let (language, _) = tag.split_once(VARIANT).unwrap();
            let usual = messages(language);
            for (id, variables) in messages(tag) {
                assert_eq!(usual.get(&id), Some(&variables), "{tag}: {id}");
            }
        }
    }

    #[test]
    fn children_are_addressed_as_children() {
        let dutch = Translator::for_language("nl");
        assert_eq!(dutch.text("thanks-title"), "Dank u wel!");
        assert_eq!(dutch.informal().text("thanks-title"), "Dank je wel!");
        assert_eq!(dutch.informal().text("next"), "Volgende");
        assert_eq!(dutch.informal().language(), "nl");
        let formal = |text: &str| {
            text.split(|c: char| !c.is_alphabetic())
                .any(|word| ["u", "uw"].contains(&word.to_lowercase().as_str()))
        };
        let prefixes = [
            "welcome-",
            "promise-",
            "start-",
            "draft-",
            "section-",
            "hint-",
            "problem-",
            "review-",
            "thanks-",
            "ranking-",
            "mail-",
            "check-",
            "notice-",
            "sent-",
            "unsubscribe",
        ];
        for (id, variables) in messages("nl")
            .into_iter()
            .filter(|(id, _)| prefixes.iter().any(|prefix| id.starts_with(prefix)))
        {
            let values: Vec<(&str, FluentValue<'_>)> = variables
                .iter()
                .map(|name| (name.as_str(), 2.into()))
                .collect();
            let text = dutch.informal().with(&id, &values);
            assert!(!formal(&text), "{id}: {text}");
        }
    }

    #[test]
    fn every_message_formats_in_every_language() {
        for tag in shipped() {
            let translator = Translator::for_language(tag);
            for (id, variables) in messages(tag)
                .into_iter()
                .filter(|(id, _)| !id.starts_with('-'))
            {
                let bundle = translator.bundle.unwrap();
                for sample in [1, 2] {
                    let arguments: FluentArgs<'_> = variables
                        .iter()
                        .map(|name| (name.clone(), sample))
                        .collect();
                    let message = bundle
                        .get_message(&id)
                        .unwrap_or_else(|| panic!("{tag}: {id}"));
                    let mut problems = Vec::new();
                    bundle.format_pattern(
                        message.value().unwrap(),
                        Some(&arguments),
                        &mut problems,
                    );
                    assert!(problems.is_empty(), "{tag}: {id}: {problems:?}");
                }
            }
        }
    }

    #[test]
    fn english_and_dutch_are_shipped_and_an_unknown_language_reads_english() {
        assert_eq!(shipped().first(), Some(&"en"));
        assert!(shipped().contains(&"nl"));
        assert_eq!(Translator::for_language("nl-BE").language(), "nl");
        assert_eq!(Translator::for_language("tlh").language(), "en");
        assert_eq!(Translator::for_language("nl").direction(), "ltr");
    }

    #[test]
    fn plurals_follow_the_number_and_carry_no_invisible_characters() {
        let translator = Translator::for_language("nl");
        assert_eq!(translator.count("minutes", 1), "1 minuut");
        assert_eq!(translator.count("minutes", 7), "7 minuten");
    }
}
