//! One indicator, as every voice sees it.

use askama::Template;

use super::{Cell, Page, VoiceChart, Words};

/// A share of answers, as exactly as may be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Share {
    /// 0 to 1.
    Exactly(f64),
    /// At least this, 0 to 1.
    AtLeast(f64),
    /// At most this, 0 to 1.
    AtMost(f64),
}

impl Share {
    /// `83%`, `at least 95%`, `at most 5%`.
    #[must_use]
    pub fn text(self, page: &Page) -> String {
        let percentage = |share| page.translator().percentage(share);
        match self {
            Self::Exactly(share) => percentage(share),
            Self::AtLeast(share) => page.one("share-at-least", "share", percentage(share)),
            Self::AtMost(share) => page.one("share-at-most", "share", percentage(share)),
        }
    }

    /// The share as a whole number of 0 to 100, for the length of a bar.
    #[must_use]
    pub fn length(self) -> f64 {
        let (Self::Exactly(share) | Self::AtLeast(share) | Self::AtMost(share)) = self;
        (share.clamp(0.0, 1.0) * 100.0).round()
    }
}

/// One voice on the indicator.
#[derive(Debug, Clone)]
pub struct VoiceDetail {
    /// The group, in words.
    pub group: String,
    /// Questionnaires sent out.
    pub invited: usize,
    /// The score.
    pub cell: Cell,
    /// The questions asked, in the reader's language.
    pub questions: Vec<Words>,
    /// How the answers are spread, from least to most favourable: name and share; empty if withheld.
    pub distribution: Vec<(Words, Share)>,
    /// The answer that nearly everyone gave, where no more than that is told.
    pub concentrated: Option<Words>,
    /// Whether counts are left out because the favourable share is told as a bound only.
    pub is_bounded: bool,
    /// Cronbach's alpha of the scale, if it may be told and can be computed.
    pub alpha: Option<f64>,
    /// Answers that are missing, by the reason in words.
    pub missing: Vec<(String, usize)>,
}

impl VoiceDetail {
    /// Cronbach's alpha in a sentence.
    #[must_use]
    pub fn alpha_text(&self, page: &Page) -> Option<String> {
        self.alpha.map(|alpha| {
            page.one(
                "indicator-alpha",
                "alpha",
                page.translator().number(alpha, 2),
            )
        })
    }
}

/// `GET /organisations/{code}/indicators/{indicator}?round=`.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/indicator.html")]
pub struct IndicatorPage {
    /// The frame.
    pub page: Page,
    /// The organisation's name.
    pub organisation: String,
    /// What the round is called.
    pub round: String,
    /// The way back to all indicators.
    pub back: String,
    /// The indicator's code.
    pub code: String,
    /// The indicator's title.
    pub title: Words,
    /// What the indicator is about.
    pub description: Words,
    /// The area it belongs to.
    pub area: Words,
    /// `input`, `process` or `outcome`.
    pub kind: &'static str,
    /// The voices, in order.
    pub voices: Vec<VoiceDetail>,
    /// The same figures as data.
    pub data_address: String,
}

impl IndicatorPage {
    /// What the indicator watches, in words.
    #[must_use]
    pub fn kind_name(&self) -> String {
        self.page.text(&format!("kind-{}", self.kind))
    }

    /// The chart of all voices.
    #[must_use]
    pub fn chart(&self) -> VoiceChart {
        VoiceChart::of(&self.page, &self.title, &self.voices)
    }
}
