//! From a step to the page that shows it.

use survey_engine::questionnaire::LanguageChain;

use super::question::{answer_in_words, question, words};
use super::{Course, given};
use crate::http::pages::view::{
    LanguageChoice, Page, ReviewLine, ReviewPage, ReviewPart, SectionPage, Wizard, Words,
};

/// What all pages of one questionnaire share.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The frame.
    pub page: Page,
    /// The languages to read the questionnaire in, best first.
    pub chain: LanguageChain,
    /// The languages on offer.
    pub languages: Vec<LanguageChoice>,
    /// The organisation that the questions are about.
    pub organisation: String,
    /// Whether the round is anonymous.
    pub anonymous: bool,
    /// The address of the page on which anyone can check what the round promises.
    pub check: String,
}

impl Paper {
    /// One part of the questionnaire.
    #[must_use]
    pub fn section(
        &self,
        course: &Course<'_>,
        section: usize,
        complain: bool,
        added: usize,
    ) -> SectionPage {
        let items = course.questions(section);
        let live = course.live();
        let module = course.sections().nth(section);
        let shown: Vec<&str> = items.iter().map(|item| item.id()).collect();
        SectionPage {
            wizard: self.wizard(course, section, &shown),
            title: module.map_or_else(
                || Words::new("", self.page.language()),
                |module| words(module.title(), &self.chain),
            ),
            description: module
                .and_then(|module| module.description())
                .map(|text| words(text, &self.chain)),
            part: live
                .iter()
                .position(|live| *live == section)
                .map_or(1, |at| at + 1),
            parts: live.len(),
            questions: items
                .iter()
                .zip(1..)
                .map(|(item, number)| {
                    question(&self.page, &self.chain, course, item, number, complain)
                })
                .collect(),
            added,
            page: self.page.clone(),
            organisation: self.organisation.clone(),
            languages: self.languages.clone(),
        }
    }

    /// All answers. `problem` says in words why they could not be sent, if that was tried.
    #[must_use]
    pub fn review(&self, course: &Course<'_>, problem: Option<String>) -> ReviewPage {
        let part = |(number, title): (usize, Words)| ReviewPart {
            section: number,
            title,
            lines: course
                .questions(number)
                .into_iter()
                .map(|item| ReviewLine {
                    question: words(item.text(), &self.chain),
                    answer: answer_in_words(&self.page, &self.chain, course, item),
                })
                .collect(),
        };
        let titles = course
            .sections()
            .map(|module| words(module.title(), &self.chain))
            .enumerate();
        ReviewPage {
            wizard: self.wizard(course, course.review(), &[]),
            parts: titles
                .map(part)
                .filter(|part| !part.lines.is_empty())
                .collect(),
            problem,
            page: self.page.clone(),
            organisation: self.organisation.clone(),
            anonymous: self.anonymous,
            check: self.check.clone(),
            languages: self.languages.clone(),
        }
    }

    /// The hidden fields: everything that was given, apart from what the page itself asks.
    fn wizard(&self, course: &Course<'_>, section: usize, shown: &[&str]) -> Wizard {
        let posted = course.posted();
        let elsewhere = course
            .all_questions()
            .filter(|item| !shown.contains(&item.id()));
        let bearer = posted.bearer.clone().unwrap_or_default();
        Wizard {
            portable: !self.anonymous || !bearer.is_token(),
            bearer,
            assignment: posted.assignment.clone(),
            language: self.chain.chosen().as_str().to_owned(),
            section,
            shown: shown.join(" "),
            carried: elsewhere
                .flat_map(|item| given::fields(item, posted))
                .collect(),
        }
    }
}
