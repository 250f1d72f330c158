//! From a report to the document that shows it.

use super::view::{
    AlphaView, BoundView, CategoryView, DefinitionView, DistributionView, FiguresView,
    IndicatorDocument, IndicatorView, IntervalView, ItemFiguresView, ItemView, MissingView,
    ParticipationView, RoundSummary, VoiceView, WithheldView,
};
use crate::service::definition::Instrument;
use crate::service::indicator::{Report, Reported, Silence, Voice};
use survey_engine::disclosure::Bound;
use survey_engine::indicator::{
    Distribution, Estimate, ItemEstimate, PooledOver, Reliability, definitions,
};
use survey_engine::questionnaire::IndicatorKind;
use survey_engine::reliability::AlphaUndefined;

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
    instrument: &'t Instrument,
    language: &'t str,
}

impl Texts<'_> {
    fn item(&self, form: &str, id: &str) -> String {
        let questionnaire = &self.instrument.questionnaire;
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

/// A share as it may be told: exactly, or as a bound.
fn told(share: Option<Bound>) -> (Option<f64>, Option<BoundView>) {
    match share {
        None => (None, None),
        Some(Bound::Exactly(share)) => (Some(share.value()), None),
        Some(Bound::AtMost(limit)) => (
            None,
            Some(BoundView::AtMost {
                percent: limit.value(),
            }),
        ),
        Some(Bound::AtLeast(limit)) => (
            None,
            Some(BoundView::AtLeast {
                percent: limit.value(),
            }),
        ),
    }
}

fn figures(estimate: Estimate, texts: &Texts<'_>, form: &str) -> FiguresView {
    let (favourable, favourable_bound) = told(estimate.told_favourable());
    FiguresView {
        n: estimate.n,
        mean: estimate.mean.map(f64::from),
        mean_interval: estimate.mean_interval.map(IntervalView::of),
        complete_count: estimate.complete_count,
        sd: estimate.sd,
        pooled_over: match estimate.pooled_over {
            PooledOver::Scored => "scored",
            _ => "everyone",
        },
        favourable,
        favourable_interval: estimate
            .favourable_interval
            .filter(|_| favourable.is_some())
            .map(IntervalView::of),
        favourable_bound,
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
            Distribution::Bounded => DistributionView::Bounded {},
        },
        missing: estimate.missing.value().map(|missing| MissingView {
            blank: missing.blank,
            dont_know: missing.dont_know,
            not_applicable: missing.not_applicable,
            prefer_not_to_say: missing.prefer_not_to_say,
            not_shown: missing.not_shown,
        }),
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
        Reliability::Withheld => AlphaView {
            value: None,
            interval: None,
            n: None,
            undefined: Some("nearly_unanimous"),
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
        Ok(figures) => {
            let (favourable, favourable_bound) = told(figures.told_favourable());
            let shown = ItemFiguresView {
                n_valid: figures.n_valid,
                mean: figures.mean.map(f64::from),
                favourable,
                favourable_interval: figures
                    .favourable_interval
                    .filter(|_| favourable.is_some())
                    .map(IntervalView::of),
                favourable_bound,
            };
            (Some(shown), None)
        }
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
    let chain = texts.instrument.framework.chain(texts.language);
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
        instrument: &report.instrument,
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
        definitions: definition_views(),
    }
}

/// Indicators as documents give them, in a language.
#[must_use]
pub fn indicator_views(
    indicators: Vec<Reported>,
    instrument: &Instrument,
    language: &str,
) -> Vec<IndicatorView> {
    let texts = Texts {
        instrument,
        language,
    };
    let views = indicators.into_iter().map(|one| reported(one, &texts));
    views.collect()
}

/// What every figure is, as documents say it.
#[must_use]
pub fn definition_views() -> Vec<DefinitionView> {
    definitions()
        .iter()
        .map(|definition| DefinitionView {
            name: camel(definition.name),
            unit: definition.unit,
            formula: definition.formula,
            source: definition.source,
            note: definition.note,
        })
        .collect()
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
