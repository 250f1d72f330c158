//! The indicators of one round at one organisation: areas down, voices across.

use askama::Template;

use super::{Page, Share, Words};

/// How many of a group took part.
#[derive(Debug, Clone)]
pub struct Participation {
    /// The group, in words.
    pub group: String,
    /// Questionnaires sent out.
    pub invited: usize,
    /// Questionnaires that came back.
    pub answered: usize,
}

impl Participation {
    /// Whether all, or all but one, took part: then no more than that is told, since with *all answered*
    /// everybody knows of everybody.
    fn is_nearly_all(&self) -> bool {
        self.answered > 0 && self.answered + 1 >= self.invited
    }

    /// How many took part, in words.
    #[must_use]
    pub fn answered_text(&self, page: &Page) -> String {
        if self.is_nearly_all() {
            page.text("participation-nearly-all")
        } else {
            self.answered.to_string()
        }
    }

    /// The response rate as a whole percentage; an en dash if nobody was invited or nearly
    /// everybody answered.
    #[must_use]
    pub fn rate(&self, page: &Page) -> String {
        if self.invited == 0 || self.is_nearly_all() {
            return "–".to_owned();
        }
        page.translator()
            .percentage(self.answered as f64 / self.invited as f64)
    }
}

/// Why a figure is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// Nobody answered.
    Nobody,
    /// Fewer than the minimum answered, or have a score.
    TooFew {
        /// The smallest number of answers of which a figure is shown.
        minimum: usize,
    },
    /// Showing it would give away another figure that is withheld.
    Derivable,
    /// The ballots have not been opened.
    NotOpened,
    /// Fewer than three schools are behind it.
    FewSchools,
    /// One school is most of it.
    OneSchool,
    /// Nearly everyone answered the same.
    Alike,
}

impl Withheld {
    /// The reason in a few words.
    #[must_use]
    pub fn reason(self, page: &Page) -> String {
        match self {
            Self::TooFew { minimum } => page.count("withheld-too-few", minimum),
            Self::Derivable => page.text("withheld-derivable"),
            Self::NotOpened => page.text("withheld-not-opened"),
            Self::Nobody => page.text("withheld-nobody"),
            Self::FewSchools => page.text("withheld-few-schools"),
            Self::OneSchool => page.text("withheld-one-school"),
            Self::Alike => page.text("withheld-alike"),
        }
    }
}

/// The score of one indicator by one voice.
#[derive(Debug, Clone)]
pub struct Figure {
    /// 0 to 100.
    pub mean: f64,
    /// Lower and upper end of the 95% interval, 0 to 100.
    pub interval: Option<(f64, f64)>,
    /// People whose answers made the score.
    pub n: usize,
    /// Share of favourable answers.
    pub favourable: Option<Share>,
}

impl Figure {
    /// The mean as a whole number.
    #[must_use]
    pub fn mean_text(&self, page: &Page) -> String {
        page.translator().number(self.mean, 0)
    }

    /// The interval: `68 to 76`.
    #[must_use]
    pub fn interval_text(&self, page: &Page) -> Option<String> {
        let (low, high) = self.interval?;
        let number = |value| page.translator().number(value, 0);
        Some(page.with(
            "figure-interval",
            &[("low", number(low).into()), ("high", number(high).into())],
        ))
    }

    /// Left end and width of the interval as shares of 100, for the small chart; the mean alone is a
    /// point.
    #[must_use]
    pub fn span(&self) -> (f64, f64) {
        let (low, high) = self.interval.unwrap_or((self.mean, self.mean));
        let (low, high) = (low.clamp(0.0, 100.0), high.clamp(0.0, 100.0));
        (
            (low * 10.0).round() / 10.0,
            ((high - low).max(0.0) * 10.0).round() / 10.0,
        )
    }

    /// The mean for the small chart, to one decimal.
    #[must_use]
    pub fn position(&self) -> f64 {
        (self.mean.clamp(0.0, 100.0) * 10.0).round() / 10.0
    }
}

/// One cell of the table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// This group is not asked about the indicator.
    NotAsked,
    /// There is a reason not to show a figure.
    Withheld(Withheld),
    /// The figure.
    Figure(Figure),
}

/// One indicator.
#[derive(Debug, Clone)]
pub struct IndicatorRow {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: Words,
    /// The address of its own page.
    pub address: String,
    /// One cell per voice.
    pub cells: Vec<Cell>,
}

/// One area with its indicators.
#[derive(Debug, Clone)]
pub struct AreaTable {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: Words,
    /// Its indicators.
    pub rows: Vec<IndicatorRow>,
}

/// `GET /organisations/{code}?round=`: all indicators of a round.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/results.html")]
pub struct ResultsPage {
    /// The frame.
    pub page: Page,
    /// The organisation's name.
    pub organisation: String,
    /// What the round is called.
    pub round: String,
    /// Its dates, in words.
    pub dates: String,
    /// Whether the ballots have been opened; before, only participation is shown.
    pub opened: bool,
    /// Participation per group.
    pub participation: Vec<Participation>,
    /// The groups, in words, in the order of the cells.
    pub voices: Vec<String>,
    /// The areas.
    pub areas: Vec<AreaTable>,
    /// The same figures as data.
    pub data_address: String,
}
