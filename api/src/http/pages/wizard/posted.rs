//! A posted page, taken apart.

use std::collections::BTreeMap;

use crate::http::pages::view::Bearer;

/// Which button was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Go {
    /// From the welcome page to the first part.
    Start,
    /// To the next part.
    Next,
    /// To the part before.
    Back,
    /// To the review.
    Review,
    /// To the part with this number, from 0.
    Section(usize),
    /// The same page in another language.
    Language(String),
    /// The same page without the answer to this item.
    Clear(String),
    /// Send the answers.
    Send,
}

impl Go {
    /// The button with this value; a value that no page of ours has counts as *Next*, which loses nothing.
    fn read(value: &str) -> Self {
        match value {
            "start" => Self::Start,
            "back" => Self::Back,
            "review" => Self::Review,
            "send" => Self::Send,
            _ => value
                .strip_prefix("section-")
                .and_then(|number| number.parse().ok().map(Self::Section))
                .or_else(|| {
                    value
                        .strip_prefix("language-")
                        .map(|tag| Self::Language(tag.to_owned()))
                })
                .or_else(|| {
                    value
                        .strip_prefix("clear-")
                        .map(|item| Self::Clear(item.to_owned()))
                })
                .unwrap_or(Self::Next),
        }
    }
}

/// What a page of the questionnaire sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What gives the right to answer; none where the page carried nothing, or both a link and a credential.
    pub bearer: Option<Bearer>,
    /// The questionnaire: code of the organisation, a colon, id of the form.
    pub assignment: String,
    /// The language of the questionnaire.
    pub language: String,
    /// The part that the page showed, from 0; the number of parts stands for the review.
    pub section: usize,
    /// The items that the page showed; none where the page does not say.
    pub shown: Vec<String>,
    /// The button.
    pub go: Go,
    /// Posted values by field name, without the `a.` in front; empty ones left out.
    answers: BTreeMap<String, Vec<String>>,
}

impl Posted {
    /// Takes the pairs of a posted form apart. Pairs that no page of ours sends are left out.
    #[must_use]
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut posted = Self {
            bearer: None,
            assignment: String::new(),
            language: String::new(),
            section: 0,
            shown: Vec::new(),
            go: Go::Next,
            answers: BTreeMap::new(),
        };
        let (mut token, mut credential) = (String::new(), String::new());
        for (name, value) in pairs {
            match name.as_str() {
                "token" => token = value,
                "credential" => credential = value,
                "assignment" => posted.assignment = value,
                "language" => posted.language = value,
                "section" => posted.section = value.parse().unwrap_or_default(),
                "shown" => posted.shown = value.split_whitespace().map(str::to_owned).collect(),
                "go" => posted.go = Go::read(&value),
                _ => {
                    if let Some(field) =
                        name.strip_prefix("a.").filter(|_| !value.trim().is_empty())
                    {
                        posted
                            .answers
                            .entry(field.to_owned())
                            .or_default()
                            .push(value);
                    }
                }
            }
        }
        posted.bearer = match (token.is_empty(), credential.is_empty()) {
            (false, true) => Some(Bearer::Token(token)),
            (true, false) => Some(Bearer::Credential(credential)),
            _ => None,
        };
        match posted.go.clone() {
            Go::Language(tag) => posted.language = tag,
            Go::Clear(item) => posted.clear(&item),
            _ => {}
        }
        posted
    }

    /// Organisation and form of the assignment.
    #[must_use]
    pub fn organisation_and_form(&self) -> (Option<&str>, Option<&str>) {
        match self.assignment.split_once(':') {
            Some((organisation, form)) => (Some(organisation), Some(form)),
            None => (None, None),
        }
    }

    /// The values posted under a field's name, in the order of the page.
    pub(super) fn values(&self, field: &str) -> &[String] {
        self.answers.get(field).map_or(&[], Vec::as_slice)
    }

    fn clear(&mut self, item: &str) {
        self.answers.remove(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(fields: &[(&str, &str)]) -> Option<Bearer> {
        let pairs = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Posted::read(pairs.collect()).bearer
    }

    #[test]
    fn a_page_comes_with_a_link_or_with_a_credential_and_never_with_both() {
        let token = Bearer::Token("1-ABC".to_owned());
        let credential = Bearer::Credential("1.spring.2.AAAA".to_owned());
        assert_eq!(bearer(&[("token", "1-ABC")]), Some(token));
        let with_empty = [("token", ""), ("credential", "1.spring.2.AAAA")];
        assert_eq!(bearer(&with_empty), Some(credential));
        let both = [("token", "1-ABC"), ("credential", "1.spring.2.AAAA")];
        assert_eq!(bearer(&both), None);
        assert_eq!(bearer(&[("assignment", "a:b")]), None);
    }
}
