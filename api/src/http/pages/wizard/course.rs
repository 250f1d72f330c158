//! Where a person is in a questionnaire, and where the button that they pressed takes them.

use std::collections::BTreeMap;

use survey_engine::answers::{RawAnswers, ValidAnswers, visible};
use survey_engine::questionnaire::{Form, Item, Module, ModuleSelection};

use super::{Complaint, Go, Posted, given};

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A part of the questionnaire.
    Section {
        /// Its number among the chosen modules, from 0.
        section: usize,
        /// Whether to say what is wrong with the answers on it.
        complain: bool,
        /// How many questions the answers on it have just added.
        added: usize,
    },
    /// The review of all answers.
    Review {
        /// Whether there is nothing to send: no question has an answer.
        is_empty: bool,
    },
    /// The answers are sound and may be sent.
    Submit,
}

/// Posted answers, held against their form.
#[derive(Debug)]
pub struct Course<'f> {
    form: &'f Form,
    selection: &'f ModuleSelection,
    posted: Posted,
    raw: RawAnswers,
    complaints: BTreeMap<String, Complaint>,
    /// Indexes of the items to ask, ascending.
    visible: Vec<usize>,
}

impl<'f> Course<'f> {
    /// Reads the answers. Those to questions that are not to be asked, given the others, are dropped.
    #[must_use]
    pub fn new(form: &'f Form, selection: &'f ModuleSelection, posted: Posted) -> Self {
        let mut raw = RawAnswers::new();
        let mut complaints = BTreeMap::new();
        for (_, item) in form.items() {
            match given::answer(item, &posted) {
                Ok(Some(answer)) => {
                    raw.insert(item.id(), answer);
                }
                Ok(None) => {}
                Err(complaint) => {
                    complaints.insert(item.id().to_owned(), complaint);
                }
            }
        }
        raw.retain_visible(form, selection);
        let visible = visible(form, selection, &raw);
        complaints.retain(|id, _| {
            form.item(id)
                .is_some_and(|item| visible.binary_search(&item.index()).is_ok())
        });
        if let Err(problems) = ValidAnswers::check(form, selection, &raw) {
            for problem in problems {
                complaints
                    .entry(problem.item)
                    .or_insert(Complaint::Refused(problem.code));
            }
        }
        Self {
            form,
            selection,
            posted,
            raw,
            complaints,
            visible,
        }
    }

    /// What was posted.
    #[must_use]
    pub fn posted(&self) -> &Posted {
        &self.posted
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &'f Form {
        self.form
    }

    /// The answers, as far as they could be read.
    #[must_use]
    pub fn answers(&self) -> &RawAnswers {
        &self.raw
    }

    /// What is wrong with the answer to an item.
    #[must_use]
    pub fn complaint(&self, item: &str) -> Option<&Complaint> {
        self.complaints.get(item)
    }

    /// The chosen modules in order; a part's number is its place among them.
    pub fn sections(&self) -> impl Iterator<Item = &'f Module> {
        let selection = self.selection;
        self.form
            .modules()
            .iter()
            .filter(move |module| selection.includes(module.code()))
    }

    /// The questions of a part that are to be asked now.
    #[must_use]
    pub fn questions(&self, section: usize) -> Vec<&'f Item> {
        let items = self.sections().nth(section).map_or(&[][..], Module::items);
        items
            .iter()
            .filter(|item| self.visible.binary_search(&item.index()).is_ok())
            .collect()
    }

    /// All questions that are to be asked now, over all parts.
    pub fn all_questions(&self) -> impl Iterator<Item = &'f Item> {
        self.visible
            .iter()
            .filter_map(|index| self.form.item_at(*index))
    }

    /// The parts that have questions, by number.
    #[must_use]
    pub fn live(&self) -> Vec<usize> {
        (0..self.sections().count())
            .filter(|section| !self.questions(*section).is_empty())
            .collect()
    }

    /// The number that stands for the review.
    #[must_use]
    pub fn review(&self) -> usize {
        self.sections().count()
    }

    /// Where the button leads.
    #[must_use]
    pub fn step(&self) -> Step {
        let live = self.live();
        let here = self.posted.section;
        match &self.posted.go {
            Go::Start => Self::show(live.first().copied()),
            Go::Next => self.next(here, &live),
            Go::Back => {
                let before = live.iter().rev().find(|section| **section < here);
                Self::show(before.or(live.first()).copied())
            }
            Go::Section(wanted) => {
                Self::show(live.iter().find(|section| *section >= wanted).copied())
            }
            Go::Language(_) | Go::Clear(_) => Self::show(live.contains(&here).then_some(here)),
            Go::Review => Self::show(None),
            Go::Send => self.send(&live),
        }
    }

    /// A part, or the review where there is none.
    fn show(section: Option<usize>) -> Step {
        match section {
            Some(section) => Step::Section {
                section,
                complain: false,
                added: 0,
            },
            None => Step::Review { is_empty: false },
        }
    }

    fn next(&self, here: usize, live: &[usize]) -> Step {
        if self.has_complaint(here) {
            return Step::Section {
                section: here,
                complain: true,
                added: 0,
            };
        }
        let added = self.added(here);
        if added > 0 {
            return Step::Section {
                section: here,
                complain: false,
                added,
            };
        }
        Self::show(live.iter().find(|section| **section > here).copied())
    }

    fn send(&self, live: &[usize]) -> Step {
        if let Some(section) = live.iter().find(|section| self.has_complaint(**section)) {
            return Step::Section {
                section: *section,
                complain: true,
                added: 0,
            };
        }
        let is_empty = !self.all_questions().any(|item| {
            let answer = self.raw.get(item.id());
            answer.is_some() && given::way_out(item, &self.posted).is_none()
        });
        if is_empty {
            Step::Review { is_empty }
        } else {
            Step::Submit
        }
    }

    fn has_complaint(&self, section: usize) -> bool {
        self.questions(section)
            .iter()
            .any(|item| self.complaints.contains_key(item.id()))
    }

    /// Questions of this part that its page did not show yet and that have no answer.
    fn added(&self, section: usize) -> usize {
        if self.posted.shown.is_empty() {
            return 0;
        }
        let is_new = |item: &&&Item| {
            !self.posted.shown.iter().any(|shown| shown == item.id())
                && self.raw.get(item.id()).is_none()
        };
        self.questions(section).iter().filter(is_new).count()
    }
}
