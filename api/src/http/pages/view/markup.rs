//! Every page in every language with every sample: no text is missing, and the markup is one that a
//! screen reader can use.
//!
//! To look at the pages, name a folder in `KLANKBORD_PAGE_SAMPLES` and run this test.

use std::collections::{BTreeMap, BTreeSet};

use super::samples;
use crate::i18n;

/// One start tag: its name, its attributes, and the text up to the next tag.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Tag {
    fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }
}

/// The start tags of markup of our own: attributes in double quotes, no comments, no scripts.
fn tags(html: &str) -> Vec<Tag> {
    html.split('<')
        .skip(1)
        .filter(|part| !part.starts_with(['/', '!']))
        .map(|part| {
            let (inside, text) = part.split_once('>').unwrap();
            let (name, mut rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
            let mut attributes = BTreeMap::new();
            while !rest.trim_matches(['/', ' ', '\n']).is_empty() {
                rest = rest.trim_start();
                let end = rest.find(['=', ' ']).unwrap_or(rest.len());
                let (attribute, after) = rest.split_at(end);
                let value = after
                    .strip_prefix("=\"")
                    .map(|quoted| quoted.split_once('"').unwrap());
                rest = value.map_or(after, |(_, after)| after);
                let earlier = attributes.insert(
                    attribute.to_owned(),
                    value.map_or("", |(value, _)| value).to_owned(),
                );
                assert!(earlier.is_none(), "{attribute} twice in <{inside}>");
            }
            Tag {
                name: name.trim_end_matches('/').to_owned(),
                attributes,
                text: text.to_owned(),
            }
        })
        .collect()
}

/// Inputs that stand inside a label, by the text that the label has.
fn is_inside_label(html: &str, tag: &Tag) -> bool {
    let value = tag.get("value").unwrap_or_default();
    let named = format!(
        "name=\"{}\" value=\"{value}\"",
        tag.get("name").unwrap_or_default()
    );
    html.split("<label").skip(1).any(|label| {
        let label = label.split("</label>").next().unwrap_or_default();
        label.contains(&named) && label.contains("<span>")
    })
}

fn check(name: &str, language: &str, html: &str) {
    let all = tags(html);
    let page = all.iter().find(|tag| tag.name == "html").unwrap();
    assert_eq!(page.get("lang"), Some(language), "{name}");
    assert_eq!(page.get("dir"), Some(i18n::direction(language)), "{name}");
    assert_eq!(
        all.iter().filter(|tag| tag.name == "h1").count(),
        1,
        "{name}: one h1"
    );
    assert_eq!(
        all.iter().filter(|tag| tag.name == "main").count(),
        1,
        "{name}: one main"
    );
    let title = all.iter().find(|tag| tag.name == "title").unwrap();
    assert!(
        title.text.len() > " – Klankbord".len() && !title.text.starts_with(" –"),
        "{name}: {}",
        title.text
    );

    let mut ids = BTreeSet::new();
    for id in all.iter().filter_map(|tag| tag.get("id")) {
        assert!(ids.insert(id), "{name}: id {id} occurs twice");
    }
    for tag in &all {
        for attribute in ["aria-describedby", "aria-labelledby", "for"] {
            for id in tag.get(attribute).unwrap_or_default().split_whitespace() {
                assert!(
                    ids.contains(id),
                    "{name}: {attribute} names {id}, which is not there"
                );
            }
        }
        for attribute in ["href", "action", "formaction", "src"] {
            let Some(address) = tag.get(attribute) else {
                continue;
            };
            assert!(
                address.starts_with(['/', '#', '?']) && !address.starts_with("//"),
                "{name}: {attribute}={address}"
            );
            if let Some(id) = address.strip_prefix('#') {
                assert!(
                    ids.contains(id),
                    "{name}: a link to {id}, which is not there"
                );
            }
        }
        assert!(
            !tag.attributes
                .keys()
                .any(|key| key == "style" || key.starts_with("on")),
            "{name}: <{}>",
            tag.name
        );
        assert!(
            !matches!(tag.name.as_str(), "style" | "iframe" | "b"),
            "{name}: <{}>",
            tag.name
        );
        let inside =
            tag.name == "script" && !(tag.get("src").is_some() && tag.text.trim().is_empty());
        assert!(!inside, "{name}: a script inside the page");
        if tag.name == "img" {
            assert!(tag.get("alt").is_some(), "{name}: an image without alt");
        }
        if matches!(tag.name.as_str(), "input" | "select" | "textarea")
            && tag.get("type") != Some("hidden")
        {
            let labelled = tag
                .get("id")
                .is_some_and(|id| html.contains(&format!("for=\"{id}\"")));
            assert!(
                labelled || is_inside_label(html, tag),
                "{name}: <{} name={:?}> has no label",
                tag.name,
                tag.get("name")
            );
        }
    }

    check_headings(name, &all);
    check_words(name, html);
}

/// No heading leaves a level out.
fn check_headings(name: &str, all: &[Tag]) {
    let mut level = 1;
    for tag in all
        .iter()
        .filter(|tag| matches!(tag.name.as_str(), "h1" | "h2" | "h3" | "h4"))
    {
        let next: usize = tag.name.trim_start_matches('h').parse().unwrap();
        assert!(
            next <= level + 1,
            "{name}: <{}> after a heading of level {level}",
            tag.name
        );
        level = next;
    }
}

/// Nothing of how the page is made can be read on it.
fn check_words(name: &str, html: &str) {
    assert!(
        !html.contains("{ $") && !html.contains("{$"),
        "{name}: a variable without a value"
    );
    for forbidden in ["\u{2068}", "\u{2069}", "<b>", "Some(", "None", "Words {"] {
        assert!(!html.contains(forbidden), "{name}: {forbidden:?}");
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says where to put the pages"
)]
fn every_page_says_everything_and_can_be_used_without_seeing_it() {
    let folder = std::env::var_os("KLANKBORD_PAGE_SAMPLES").map(std::path::PathBuf::from);
    for language in i18n::shipped() {
        for (name, html) in samples::rendered(language) {
            if let Some(folder) = &folder {
                std::fs::create_dir_all(folder.join(language)).unwrap();
                std::fs::write(folder.join(language).join(format!("{name}.html")), &html).unwrap();
            }
            check(&name, language, &html);
            assert!(html.len() < 30_000, "{name} weighs {} bytes", html.len());
        }
    }
}
