//! Indicators.

use super::failures::Checking;
use super::framework::VersionView;
use super::organisation::OrganisationView;
use super::round::{ModeView, StatusView};
use crate::error::Error;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::definition::Instrument;
use crate::service::indicator::{self, Report, Reported, Silence, Voice, Wanted};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use survey_engine::indicator::{Distribution, Estimate, ItemEstimate, Reliability, definitions};
use survey_engine::questionnaire::IndicatorKind;
use survey_engine::stats::{AlphaUndefined, Interval};
use utoipa::{IntoParams, ToSchema};

/// Which indicators.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndicatorQuery {
    /// Code of the round.
    #[param(example = "autumn-2025")]
    round: String,
    /// Only this group.
    #[param(example = "parent")]
    group: Option<String>,
    /// Language of titles, as a BCP 47 tag.
    #[param(example = "en")]
    language: Option<String>,
}

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
    fn of<T: Into<f64>>(interval: Interval<T>) -> Self {
        Self {
            lower: interval.lower.into(),
            upper: interval.upper.into(),
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
    /// Why it is not defined: `too_few_items`, `too_few_answers` or `no_variance`.
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
    /// Mean, 0 to 100, after turning a reversed item round.
    pub mean: f64,
    /// Share of favourable answers, in percent.
    pub favourable: f64,
    /// Its 95 % interval.
    pub favourable_interval: Option<IntervalView>,
}

/// The figures of one voice. `definitions` of the document says what each of them is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FiguresView {
    /// People with a score: those who answered at least half of the items.
    #[schema(examples(58))]
    pub n: u64,
    /// Mean score, 0 to 100.
    #[schema(examples(62.5))]
    pub mean: f64,
    /// Its 95 % interval, with the correction for a finite population.
    pub mean_interval: Option<IntervalView>,
    /// Whether everyone invited has a score, so that the mean carries no sampling error.
    pub complete_count: bool,
    /// Standard deviation of the scores; `null` for fewer than 20 people.
    pub sd: Option<f64>,
    /// Share of favourable answers among all valid answers to the items, in percent.
    #[schema(examples(71.2))]
    pub favourable: f64,
    /// Its 95 % interval.
    pub favourable_interval: Option<IntervalView>,
    /// Valid answers by category.
    pub distribution: DistributionView,
    /// Answers that are no category.
    pub missing: MissingView,
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

/// The words for a reason, a code and a sentence.
fn withheld(silence: Silence, minimum: Option<u32>) -> WithheldView {
    let at_least = minimum.map_or_else(|| "enough".to_owned(), |minimum| minimum.to_string());
    let (reason, detail) = match silence {
        Silence::NotOpened => (
            "round_open",
            "The round is not closed. Its ballots are opened all at once when it is.".to_owned(),
        ),
        Silence::NoResponses => ("no_responses", "Nobody answered.".to_owned()),
        Silence::BelowMinimum => (
            "below_minimum",
            format!("Fewer than {at_least} people answered."),
        ),
        Silence::Complementary => (
            "complementary",
            "Together with other figures this one would reveal a group that is too small."
                .to_owned(),
        ),
        Silence::TooFewSchools => (
            "too_few_schools",
            "Fewer than three schools are behind it.".to_owned(),
        ),
        Silence::Dominance => (
            "dominance",
            "One school has more than 70 percent of the respondents.".to_owned(),
        ),
    };
    WithheldView {
        reason,
        minimum,
        detail,
    }
}

fn voice(voice: Voice, texts: &Texts<'_>) -> VoiceView {
    let rate = voice
        .responses
        .filter(|_| voice.invited > 0)
        .map(|responses| responses as f64 / voice.invited as f64)
        .filter(|rate| *rate <= 1.0);
    let (figures, silent) = match voice.figures {
        Ok(estimate) => (Some(figures(estimate, texts, &voice.form)), None),
        Err(silence) => (None, Some(withheld(silence, voice.minimum))),
    };
    VoiceView {
        group: voice.group,
        form: voice.form,
        invited: voice.invited,
        responses: voice.responses,
        response_rate: rate,
        figures,
        withheld: silent,
    }
}

/// Where the texts of items are found.
struct Texts<'t> {
    report: &'t Instrument,
    language: &'t str,
}

impl Texts<'_> {
    fn item(&self, form: &str, id: &str) -> String {
        let questionnaire = &self.report.questionnaire;
        questionnaire
            .form(form)
            .and_then(|form| form.item(id))
            .map(|item| {
                item.text()
                    .resolve(&questionnaire.chain(self.language))
                    .to_owned()
            })
            .unwrap_or_default()
    }
}

fn figures(estimate: Estimate, texts: &Texts<'_>, form: &str) -> FiguresView {
    FiguresView {
        n: estimate.n,
        mean: estimate.mean.value(),
        mean_interval: estimate.mean_interval.map(IntervalView::of),
        complete_count: estimate.complete_count,
        sd: estimate.sd,
        favourable: estimate.favourable.value(),
        favourable_interval: estimate.favourable_interval.map(IntervalView::of),
        distribution: match estimate.distribution {
            Distribution::Categories(categories) => DistributionView::Categories {
                categories: categories
                    .into_iter()
                    .map(|category| CategoryView {
                        value: category.value,
                        count: category.count,
                        percent: category.percent.value(),
                    })
                    .collect(),
            },
            Distribution::Concentrated {
                value,
                others_below,
            } => DistributionView::Concentrated {
                value,
                others_below,
            },
        },
        missing: MissingView {
            blank: estimate.missing.blank,
            dont_know: estimate.missing.dont_know,
            not_applicable: estimate.missing.not_applicable,
            prefer_not_to_say: estimate.missing.prefer_not_to_say,
            not_shown: estimate.missing.not_shown,
        },
        alpha: alpha(estimate.alpha),
        items: estimate
            .items
            .into_iter()
            .map(|item| item_view(item, texts, form))
            .collect(),
    }
}

fn alpha(reliability: Reliability) -> AlphaView {
    match reliability {
        Reliability::Alpha { value, interval, n } => AlphaView {
            value: Some(value),
            interval: interval.map(IntervalView::of),
            n: Some(n),
            undefined: None,
        },
        Reliability::Undefined { reason } => AlphaView {
            value: None,
            interval: None,
            n: None,
            undefined: Some(match reason {
                AlphaUndefined::TooFewItems => "too_few_items",
                AlphaUndefined::TooFewAnswers => "too_few_answers",
                // The last one, and what later kinds of reason come down to.
                _ => "no_variance",
            }),
        },
    }
}

fn item_view(item: ItemEstimate, texts: &Texts<'_>, form: &str) -> ItemView {
    let text = texts.item(form, &item.id);
    let (figures, silent) = match item.figures.into_result() {
        Ok(figures) => (
            Some(ItemFiguresView {
                n_valid: figures.n_valid,
                mean: figures.mean.value(),
                favourable: figures.favourable.value(),
                favourable_interval: figures.favourable_interval.map(IntervalView::of),
            }),
            None,
        ),
        Err(held) => (None, Some(withheld(held.reason.into(), Some(held.minimum)))),
    };
    ItemView {
        id: item.id,
        text,
        reversed: item.reversed,
        figures,
        withheld: silent,
    }
}

fn reported(reported: Reported, texts: &Texts<'_>) -> IndicatorView {
    let chain = texts.report.framework.chain(texts.language);
    IndicatorView {
        code: reported.indicator.code().to_owned(),
        area: reported.indicator.area().to_owned(),
        title: reported.indicator.title().resolve(&chain).to_owned(),
        description: reported.indicator.description().resolve(&chain).to_owned(),
        kind: match reported.indicator.kind() {
            IndicatorKind::Input => "input",
            IndicatorKind::Process => "process",
            IndicatorKind::Outcome => "outcome",
        },
        voices: reported
            .voices
            .into_iter()
            .map(|one| voice(one, texts))
            .collect(),
    }
}

/// The document of a report, as the API gives it.
#[must_use]
pub fn document(report: Report, language: &str) -> IndicatorDocument {
    let texts = Texts {
        report: &report.instrument,
        language,
    };
    IndicatorDocument {
        organisation: report.organisation.into(),
        framework: report.instrument.questionnaire.framework().clone().into(),
        questionnaire: report.round.questionnaire.clone().into(),
        round: RoundSummary {
            status: report.round.status.into(),
            mode: report.round.mode.into(),
            code: report.round.code,
            baseline: report.round.baseline,
        },
        participation: report
            .participation
            .into_iter()
            .map(|one| ParticipationView {
                group: one.group,
                form: one.form,
                invited: one.invited,
                answered: one.answered,
            })
            .collect(),
        indicators: report
            .indicators
            .into_iter()
            .map(|one| reported(one, &texts))
            .collect(),
        definitions: definitions()
            .iter()
            .filter(|definition| !definition.name.ends_with("_bound"))
            .map(|definition| DefinitionView {
                name: camel(definition.name),
                unit: definition.unit,
                formula: definition.formula,
                source: definition.source,
                note: definition.note,
            })
            .collect(),
    }
}

/// `mean_interval` as the document spells it: `meanInterval`.
fn camel(name: &str) -> String {
    let mut upper = false;
    name.chars()
        .filter_map(|character| {
            if character == '_' {
                upper = true;
                return None;
            }
            let character = if upper {
                character.to_ascii_uppercase()
            } else {
                character
            };
            upper = false;
            Some(character)
        })
        .collect()
}

async fn respond(
    request: &HttpRequest,
    caller: &Authenticated,
    organisation: &str,
    query: IndicatorQuery,
    indicator: Option<String>,
) -> Result<HttpResponse, ApiError> {
    let wanted = Wanted {
        group: query.group,
        indicator,
    };
    let report = indicator::report(
        &app(request)?,
        &caller.0,
        organisation,
        &query.round,
        wanted,
    )
    .await?;
    let document = document(report, query.language.as_deref().unwrap_or_default());
    let document = serde_json::to_string(&document).map_err(Error::internal)?;
    Ok(crate::http::cache::document(
        request,
        &document,
        "private, no-cache",
    ))
}

/// Get the indicators of an organisation.
///
/// What each group said in a round, over the organisation and everything below it. A figure that would expose a small group is withheld,
/// with the reason. Values carry their n, response rate and 95 % interval; `definitions` says how each is computed. The time this takes
/// depends on the number of indicators, not on the number of answers.
#[utoipa::path(
    tag = "Indicators",
    security(("clientCredentials" = ["indicators:read"])),
    params(
        ("organisation" = String, Path, description = "Code of the organisation.", example = "school-de-linde"),
        IndicatorQuery,
    ),
    responses(
        (status = 200, description = "The indicators.", body = IndicatorDocument,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"organisation": {"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"}, "round": {"code": "autumn-2025", "status": "closed", "mode": "anonymous", "baseline": null}, "framework": {"id": "inclusive-quality", "version": "1.0.0"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "participation": [{"group": "parent", "form": "parent", "invited": 90, "answered": 60}], "indicators": [{"code": "WEL.2", "area": "WEL", "title": "Safety and respect", "description": "Everyone is safe at school and treated with respect.", "kind": "outcome", "voices": [{"group": "employer", "form": "employer", "invited": 6, "responses": null, "responseRate": null, "figures": null, "withheld": {"reason": "below_minimum", "minimum": 5, "detail": "Fewer than 5 people answered."}}]}], "definitions": [{"name": "mean", "unit": "percent of the maximum possible score, 0 to 100", "formula": "100 (score - lo) / (hi - lo)", "source": "Cohen et al. (1999)", "note": "Over people with a score."}]})),
        (status = 304, description = "Nothing has changed (`If-None-Match`)."),
        Checking,
    )
)]
#[get("/organisations/{organisation}/indicators")]
pub async fn list_indicators(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    query: web::Query<IndicatorQuery>,
) -> Result<HttpResponse, ApiError> {
    respond(&request, &caller, &path, query.into_inner(), None).await
}

/// Get one indicator with all its voices.
///
/// The same document as for all indicators, with just this one in it.
#[utoipa::path(
    tag = "Indicators",
    security(("clientCredentials" = ["indicators:read"])),
    params(
        ("organisation" = String, Path, description = "Code of the organisation.", example = "school-de-linde"),
        ("indicator" = String, Path, description = "Code of the indicator.", example = "PED.1"),
        IndicatorQuery,
    ),
    responses(
        (status = 200, description = "The indicator.", body = IndicatorDocument,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"organisation": {"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"}, "round": {"code": "autumn-2025", "status": "closed", "mode": "anonymous", "baseline": null}, "framework": {"id": "inclusive-quality", "version": "1.0.0"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "participation": [{"group": "parent", "form": "parent", "invited": 90, "answered": 60}], "indicators": [{"code": "WEL.2", "area": "WEL", "title": "Safety and respect", "description": "Everyone is safe at school and treated with respect.", "kind": "outcome", "voices": [{"group": "employer", "form": "employer", "invited": 6, "responses": null, "responseRate": null, "figures": null, "withheld": {"reason": "below_minimum", "minimum": 5, "detail": "Fewer than 5 people answered."}}]}], "definitions": [{"name": "mean", "unit": "percent of the maximum possible score, 0 to 100", "formula": "100 (score - lo) / (hi - lo)", "source": "Cohen et al. (1999)", "note": "Over people with a score."}]})),
        (status = 304, description = "Nothing has changed (`If-None-Match`)."),
        Checking,
    )
)]
#[get("/organisations/{organisation}/indicators/{indicator}")]
pub async fn get_indicator(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
    query: web::Query<IndicatorQuery>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, indicator) = path.into_inner();
    respond(
        &request,
        &caller,
        &organisation,
        query.into_inner(),
        Some(indicator),
    )
    .await
}
