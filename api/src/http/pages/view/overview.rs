//! The organisations that an officer sees, with their rounds.

use askama::Template;

use super::Page;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundState {
    /// Not open yet.
    Draft,
    /// Answers come in.
    Open,
    /// Closed; the ballots are being opened.
    Closed,
    /// The results are there.
    Opened,
}

impl RoundState {
    /// The class of its badge.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Opened => "opened",
        }
    }

    /// Its name in words.
    #[must_use]
    pub fn name(self, page: &Page) -> String {
        page.text(&format!("round-{}", self.class()))
    }
}

/// One round in the list.
#[derive(Debug, Clone)]
pub struct RoundLine {
    /// The address of its results at this organisation.
    pub address: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub state: RoundState,
    /// Its dates, in words; empty if none are set, or if the round is run by an organisation above.
    pub dates: String,
    /// Questionnaires sent out and questionnaires that came back, once they are counted.
    pub participation: Option<(usize, usize)>,
}

/// One organisation with its rounds and all organisations below it.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/branch.html")]
pub struct OrganisationBranch {
    /// The frame.
    pub page: Page,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What kind of organisation: `system`, `region`, `community`, `school` or `unit`.
    pub level: String,
    /// Its rounds, newest first.
    pub rounds: Vec<RoundLine>,
    /// The organisations below it.
    pub children: Vec<OrganisationBranch>,
}

impl OrganisationBranch {
    /// The level in words; an unknown one as it is written.
    #[must_use]
    pub fn level_name(&self) -> String {
        match self.level.as_str() {
            "system" | "region" | "community" | "school" | "unit" => {
                self.page.text(&format!("level-{}", self.level))
            }
            other => other.to_owned(),
        }
    }

    /// Whether what lies below it is folded away: the classes and locations of a school.
    #[must_use]
    pub fn folds(&self) -> bool {
        self.children.len() > 1 && self.children.iter().all(|child| child.level == "unit")
    }

    /// Whether it or anything below it has a round.
    #[must_use]
    pub fn has_rounds(&self) -> bool {
        !self.rounds.is_empty() || self.children.iter().any(Self::has_rounds)
    }
}

/// `GET /` for an officer.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// The topmost organisations that the officer may see.
    pub organisations: Vec<OrganisationBranch>,
}

impl OverviewPage {
    /// Whether any organisation has a round.
    #[must_use]
    pub fn has_rounds(&self) -> bool {
        self.organisations
            .iter()
            .any(OrganisationBranch::has_rounds)
    }
}
