//! What the documents of indicators look like.

use super::super::framework::VersionView;
use super::super::organisation::OrganisationView;
use super::super::round::{ModeView, StatusView};
use serde::Serialize;
use survey_engine::stats::Interval;
use utoipa::ToSchema;

/// A 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Its lower end.
    #[schema(examples(58.2))]
    pub lower: f64,
    /// Its upper end.
    #[schema(examples(66.9))]
    pub upper: f64,
}

impl IntervalView {
    pub(super) fn of<T: Into<f64>>(interval: Interval<T>) -> Self {
        Self {
            lower: interval.lower.into(),
            upper: interval.upper.into(),
        }
    }
}

/// What may be told of a share that is not told exactly.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BoundView {
    /// It is at most this.
    AtMost {
        /// In percent.
        #[schema(examples(5.0))]
        percent: f64,
    },
    /// It is at least this.
    AtLeast {
        /// In percent.
        #[schema(examples(95.0))]
        percent: f64,
    },
}

impl std::fmt::Display for BoundView {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost { percent } => write!(out, "<={percent}"),
            Self::AtLeast { percent } => write!(out, ">={percent}"),
        }
    }
}

/// How often a category was chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    /// The category's value, after turning reversed items round.
    #[schema(examples(4))]
    pub value: u8,
    /// Valid answers in it.
    #[schema(examples(31))]
    pub count: u64,
    /// Share of all valid answers, in percent.
    #[schema(examples(41.3))]
    pub percent: f64,
}

/// Valid answers by category, over all items.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DistributionView {
    /// Every category.
    Categories {
        /// The categories, lowest first.
        categories: Vec<CategoryView>,
    },
    /// Nearly all answers are in one category; how many are not is too few to be told.
    #[serde(rename_all = "camelCase")]
    Concentrated {
        /// The value of the one category.
        value: u8,
        /// Fewer answers than this lie outside it.
        others_below: u64,
    },
    /// Only a bound of the favourable share may be told (`favourableBound`), and the counts would tell it exactly.
    Bounded {},
}

/// Answers that are no category, over all items.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingView {
    /// Left blank.
    pub blank: u64,
    /// “I don't know”.
    pub dont_know: u64,
    /// “Does not apply”.
    pub not_applicable: u64,
    /// “I'd rather not say”.
    pub prefer_not_to_say: u64,
    /// Not shown to the person.
    pub not_shown: u64,
}

/// Cronbach's alpha.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlphaView {
    /// The coefficient; `null` where it is not defined.
    #[schema(examples(0.84))]
    pub value: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<IntervalView>,
    /// People who answered every item.
    pub n: Option<u64>,
    /// Why there is none: `too_few_items`, `too_few_answers`, `no_variance`, or `nearly_unanimous` where it is withheld.
    pub undefined: Option<&'static str>,
}

/// What is known of one item.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemView {
    /// The item.
    #[schema(examples("P.PED1a"))]
    pub id: String,
    /// What the respondent read.
    pub text: String,
    /// Whether a high answer means a low value.
    pub reversed: bool,
    /// Its figures; `null` where they are withheld.
    pub figures: Option<ItemFiguresView>,
    /// Why they are withheld.
    pub withheld: Option<WithheldView>,
}

/// The figures of one item.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemFiguresView {
    /// People with a valid answer.
    pub n_valid: u64,
    /// Mean, 0 to 100, after turning a reversed item round; `null` where fewer than 40 people nearly all answered the same, and for one
    /// more item from which such a one would follow.
    pub mean: Option<f64>,
    /// Share of favourable answers, in percent; `null` where it may not be told exactly.
    pub favourable: Option<f64>,
    /// Its 95 % interval; `null` without the share.
    pub favourable_interval: Option<IntervalView>,
    /// What may be told of the share where it is too near 0 or 100 percent to be told exactly.
    pub favourable_bound: Option<BoundView>,
}

/// The figures of one voice. `definitions` of the document says what each of them is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FiguresView {
    /// People with a score: those who answered at least half of the items.
    #[schema(examples(58))]
    pub n: u64,
    /// Mean score, 0 to 100; `null` where fewer than 40 people nearly all answered the same: `distribution` then says what.
    #[schema(examples(62.5))]
    pub mean: Option<f64>,
    /// Its 95 % interval, with the correction for a finite population; `null` without the mean.
    pub mean_interval: Option<IntervalView>,
    /// Whether everyone invited has a score, so that the mean carries no sampling error.
    pub complete_count: bool,
    /// Standard deviation of the scores; `null` for fewer than 20 people, and without the mean.
    pub sd: Option<f64>,
    /// Whose answers are in `favourable`, `distribution` and `items`: `everyone` with a valid answer; or `scored`, people with a score, where
    /// those without one are so few that their answers would follow.
    #[schema(examples("everyone"))]
    pub pooled_over: &'static str,
    /// Share of favourable answers among all valid answers to the items, in percent; `null` where it may not be told exactly, near 0 and
    /// 100 percent.
    #[schema(examples(71.2))]
    pub favourable: Option<f64>,
    /// Its 95 % interval; `null` without the share.
    pub favourable_interval: Option<IntervalView>,
    /// What may be told of the share where it is too near 0 or 100 percent to be told exactly. With fewer than 10 people nothing is.
    pub favourable_bound: Option<BoundView>,
    /// Valid answers by category.
    pub distribution: DistributionView,
    /// Answers that are no category; `null` where some people left something out, and fewer than the minimum.
    pub missing: Option<MissingView>,
    /// Cronbach's alpha.
    pub alpha: AlphaView,
    /// The items.
    pub items: Vec<ItemView>,
}

/// Why there are no figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithheldView {
    /// `round_open`, `no_responses`, `below_minimum`, `complementary`, `too_few_schools` or `dominance`.
    #[schema(examples("below_minimum"))]
    pub reason: &'static str,
    /// From how many people on figures are shown.
    #[schema(examples(10))]
    pub minimum: Option<u32>,
    /// The reason in a sentence.
    #[schema(examples("Fewer than 10 people answered."))]
    pub detail: String,
}

/// What one group says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VoiceView {
    /// The group.
    #[schema(examples("parent"))]
    pub group: String,
    /// The form through which it was asked.
    #[schema(examples("parent"))]
    pub form: String,
    /// People invited.
    #[schema(examples(90))]
    pub invited: u64,
    /// People who answered the form; `null` where that may not be told.
    #[schema(examples(60))]
    pub responses: Option<u64>,
    /// `responses / invited`, 0 to 1; `null` where it is not known or may not be told.
    #[schema(examples(0.667))]
    pub response_rate: Option<f64>,
    /// The figures; `null` where they are withheld.
    pub figures: Option<FiguresView>,
    /// Why they are withheld.
    pub withheld: Option<WithheldView>,
}

/// One indicator with its voices.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorView {
    /// The indicator.
    #[schema(examples("PED.1"))]
    pub code: String,
    /// The area it belongs to.
    #[schema(examples("PED"))]
    pub area: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// `input`, `process` or `outcome`.
    #[schema(examples("process"))]
    pub kind: &'static str,
    /// One voice for every form that asks about it.
    pub voices: Vec<VoiceView>,
}

/// How a form stands at the organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationView {
    /// The group.
    #[schema(examples("parent"))]
    pub group: String,
    /// The form.
    #[schema(examples("parent"))]
    pub form: String,
    /// People invited.
    #[schema(examples(90))]
    pub invited: u64,
    /// People flagged as having answered.
    #[schema(examples(60))]
    pub answered: u64,
}

/// The round that figures come from.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundSummary {
    /// Its code.
    #[schema(examples("autumn-2025"))]
    pub code: String,
    /// Where it stands.
    pub status: StatusView,
    /// What its respondents were promised.
    pub mode: ModeView,
    /// The earlier round that it repeats.
    pub baseline: Option<String>,
}

/// What a figure is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionView {
    /// The figure.
    #[schema(examples("mean"))]
    pub name: String,
    /// Unit and range.
    pub unit: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
    /// What to know when reading it.
    pub note: &'static str,
}

/// The indicators of an organisation in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorDocument {
    /// The organisation.
    pub organisation: OrganisationView,
    /// The round.
    pub round: RoundSummary,
    /// The framework in the version that was used.
    pub framework: VersionView,
    /// The questionnaire in the version that was used.
    pub questionnaire: VersionView,
    /// How each form stands.
    pub participation: Vec<ParticipationView>,
    /// The indicators, in the order of the framework.
    pub indicators: Vec<IndicatorView>,
    /// What every figure is.
    pub definitions: Vec<DefinitionView>,
}
