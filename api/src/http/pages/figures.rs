//! From a report of indicators to the pages that show it.

use std::collections::BTreeSet;

use survey_engine::disclosure::Bound;
use survey_engine::indicator::{Distribution, Estimate, MissingCounts, Reliability};
use survey_engine::questionnaire::{IndicatorKind, Item, LanguageChain, LocalizedText, Module};

use super::officer::dates;
use super::view::{
    AreaTable, Cell, Figure, IndicatorPage, IndicatorRow, Page, Participation, ResultsPage, Share,
    VoiceDetail, Withheld, Words,
};
use crate::service::indicator::{
    Participation as FormParticipation, Report, Reported, Silence, Voice, may_show,
};
use crate::service::localized;
use crate::service::organisation::Group;

/// A report and the names of the groups in it.
pub(super) struct ReportView {
    pub(super) report: Report,
    pub(super) groups: Vec<Group>,
}

impl ReportView {
    /// The forms that anybody was asked to fill in; all of them, if nobody was.
    fn asked(&self) -> Vec<&FormParticipation> {
        let all = &self.report.participation;
        let asked: Vec<_> = all.iter().filter(|form| form.invited > 0).collect();
        if asked.is_empty() {
            all.iter().collect()
        } else {
            asked
        }
    }

    /// The name of a form's voice: the group, and in brackets the form where it is not the group's first.
    fn voice(&self, page: &Page, group: &str, form: &str) -> String {
        let known = self.groups.iter().find(|known| known.code == group);
        let name = known.map_or(group, |known| localized(&known.title, page.language()));
        let first = self
            .report
            .participation
            .iter()
            .find(|voice| voice.group == group);
        let is_first = first.is_none_or(|first| first.form == form);
        let title = self
            .report
            .instrument
            .questionnaire
            .form(form)
            .map(|form| form.title().resolve(&self.asked_in(page)));
        match title {
            Some(title) if !is_first => format!("{name} ({title})"),
            _ => name.to_owned(),
        }
    }

    /// The languages for the words of the questionnaire.
    fn asked_in(&self, page: &Page) -> LanguageChain {
        self.report.instrument.questionnaire.chain(page.language())
    }

    /// A word of the framework.
    fn framework_words(&self, page: &Page, text: &LocalizedText) -> Words {
        let chain = self.report.instrument.framework.chain(page.language());
        Words::new(text.resolve(&chain), chain.chosen().as_str())
    }

    fn address(&self, indicator: Option<&str>) -> String {
        let (organisation, round) = (&self.report.organisation.code, &self.report.round.code);
        match indicator {
            Some(indicator) => {
                format!("/organisations/{organisation}/indicators/{indicator}?round={round}")
            }
            None => format!("/organisations/{organisation}?round={round}"),
        }
    }

    fn is_opened(&self) -> bool {
        may_show(&self.report.round)
    }

    fn title(&self, page: &Page) -> String {
        localized(&self.report.round.title, page.language()).to_owned()
    }
}

/// All indicators.
pub(super) fn results_page(page: Page, view: &ReportView) -> ResultsPage {
    let report = &view.report;
    let is_opened = view.is_opened();
    let areas = report.instrument.framework.areas().iter();
    let table = |area: &survey_engine::questionnaire::Area| AreaTable {
        code: area.code().to_owned(),
        title: view.framework_words(&page, area.title()),
        rows: report
            .indicators
            .iter()
            .filter(|reported| reported.indicator.area() == area.code())
            .map(|reported| row(&page, view, reported))
            .collect(),
    };
    ResultsPage {
        organisation: report.organisation.name.clone(),
        round: view.title(&page),
        dates: dates(&page, &report.round),
        opened: is_opened,
        participation: view
            .asked()
            .into_iter()
            .map(|form| Participation {
                group: view.voice(&page, &form.group, &form.form),
                invited: whole(form.invited),
                answered: whole(form.answered),
            })
            .collect(),
        voices: view
            .asked()
            .into_iter()
            .map(|form| view.voice(&page, &form.group, &form.form))
            .collect(),
        areas: if is_opened {
            areas
                .map(table)
                .filter(|area| !area.rows.is_empty())
                .collect()
        } else {
            Vec::new()
        },
        data_address: format!(
            "/api/v1{}",
            view.address(None).replacen('?', "/indicators?", 1)
        ),
        page,
    }
}

fn row(page: &Page, view: &ReportView, reported: &Reported) -> IndicatorRow {
    let cells = view.asked().into_iter().map(|form| {
        let voice = reported.voices.iter().find(|voice| voice.form == form.form);
        voice.map_or(Cell::NotAsked, cell)
    });
    IndicatorRow {
        code: reported.indicator.code().to_owned(),
        title: view.framework_words(page, reported.indicator.title()),
        address: view.address(Some(reported.indicator.code())),
        cells: cells.collect(),
    }
}

/// One indicator; `None` where the report has none.
pub(super) fn indicator_page(page: Page, view: &ReportView) -> Option<IndicatorPage> {
    let report = &view.report;
    let reported = report.indicators.first()?;
    let area = report
        .instrument
        .framework
        .area(reported.indicator.area())?;
    Some(IndicatorPage {
        organisation: report.organisation.name.clone(),
        round: view.title(&page),
        back: view.address(None),
        code: reported.indicator.code().to_owned(),
        title: view.framework_words(&page, reported.indicator.title()),
        description: view.framework_words(&page, reported.indicator.description()),
        area: view.framework_words(&page, area.title()),
        kind: match reported.indicator.kind() {
            IndicatorKind::Input => "input",
            IndicatorKind::Process => "process",
            IndicatorKind::Outcome => "outcome",
        },
        voices: reported
            .voices
            .iter()
            .map(|voice| detail(&page, view, reported, voice))
            .collect(),
        data_address: format!("/api/v1{}", view.address(Some(reported.indicator.code()))),
        page,
    })
}

fn detail(page: &Page, view: &ReportView, reported: &Reported, voice: &Voice) -> VoiceDetail {
    let chain = view.asked_in(page);
    let words = |text: &LocalizedText| Words::new(text.resolve(&chain), chain.chosen().as_str());
    let items = scale_items(view, &voice.form, reported.indicator.code());
    let figures = voice.figures.as_ref().ok();
    let label = |value: u8| category(page, &items, value, words);
    let (distribution, concentrated) = match figures.map(|figures| &figures.distribution) {
        Some(Distribution::Categories(categories)) => {
            let shares = categories.iter().map(|category| {
                (
                    label(category.value),
                    Share::Exactly(category.percent.value() / 100.0),
                )
            });
            (shares.collect(), None)
        }
        Some(Distribution::Concentrated { value, .. }) => (Vec::new(), Some(label(*value))),
        Some(Distribution::Bounded) | None => (Vec::new(), None),
    };
    VoiceDetail {
        group: view.voice(page, &voice.group, &voice.form),
        invited: whole(voice.invited),
        cell: cell(voice),
        questions: items.iter().map(|item| words(item.text())).collect(),
        distribution,
        concentrated,
        is_bounded: figures.is_some_and(|figures| figures.distribution == Distribution::Bounded),
        alpha: figures.and_then(|figures| match figures.alpha {
            Reliability::Alpha { value, .. } => Some(value),
            Reliability::Undefined { .. } | Reliability::Withheld => None,
        }),
        missing: figures
            .and_then(|figures| figures.missing.value())
            .map(|counts| missing(page, *counts))
            .unwrap_or_default(),
    }
}

/// The items by which a form asks about an indicator, among the modules of the round.
fn scale_items<'v>(view: &'v ReportView, form: &str, indicator: &str) -> Vec<&'v Item> {
    let modules: BTreeSet<&str> = view
        .report
        .round
        .form_plan(form)
        .map(|(_, plan)| plan.modules.iter().map(String::as_str).collect())
        .unwrap_or_default();
    let Some(form) = view.report.instrument.questionnaire.form(form) else {
        return Vec::new();
    };
    let asked = form
        .modules()
        .iter()
        .filter(|module| modules.contains(module.code()))
        .flat_map(Module::items);
    asked
        .filter(|item| item.indicator() == Some(indicator) && item.value_range().is_some())
        .collect()
}

/// What a value means, after reversing: the label of an item that is not reversed, else the mirrored one.
fn category(
    page: &Page,
    items: &[&Item],
    value: u8,
    words: impl Fn(&LocalizedText) -> Words,
) -> Words {
    let number = Words::new(value.to_string(), page.language());
    let plain = items.iter().find(|item| !item.reversed()).or(items.first());
    let Some((item, (lowest, highest))) = plain.and_then(|item| Some((item, item.value_range()?)))
    else {
        return number;
    };
    let value = if item.reversed() {
        (lowest + highest).saturating_sub(value)
    } else {
        value
    };
    let option = item
        .options()
        .get(usize::from(value.saturating_sub(lowest)));
    option.map_or(number, |option| words(option.label()))
}

fn missing(page: &Page, counts: MissingCounts) -> Vec<(String, usize)> {
    let kinds = [
        ("missing-blank", counts.blank),
        ("missing-dont-know", counts.dont_know),
        ("missing-not-applicable", counts.not_applicable),
        ("missing-prefer-not-to-say", counts.prefer_not_to_say),
        ("missing-not-shown", counts.not_shown),
    ];
    kinds
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(id, count)| (page.text(id), whole(count)))
        .collect()
}

fn cell(voice: &Voice) -> Cell {
    let minimum = voice
        .minimum
        .and_then(|minimum| usize::try_from(minimum).ok())
        .unwrap_or_default();
    match &voice.figures {
        Ok(figures) => figure(figures).map_or(Cell::Withheld(Withheld::Alike), Cell::Figure),
        Err(silence) => Cell::Withheld(match silence {
            Silence::NotOpened => Withheld::NotOpened,
            Silence::NoResponses => Withheld::Nobody,
            Silence::BelowMinimum => Withheld::TooFew { minimum },
            Silence::Complementary => Withheld::Derivable,
            Silence::TooFewSchools => Withheld::FewSchools,
            Silence::Dominance => Withheld::OneSchool,
        }),
    }
}

/// `None` where nearly everyone answered the same.
fn figure(figures: &Estimate) -> Option<Figure> {
    Some(Figure {
        mean: figures.mean?.value(),
        interval: figures
            .mean_interval
            .map(|interval| (interval.lower.value(), interval.upper.value())),
        n: whole(figures.n),
        favourable: favourable(figures),
    })
}

/// The share of favourable answers, as a bound where it is so extreme that it would tell what everybody answered.
fn favourable(figures: &Estimate) -> Option<Share> {
    figures.told_favourable().map(|told| match told {
        Bound::Exactly(share) => Share::Exactly(share.value() / 100.0),
        Bound::AtMost(share) => Share::AtMost(share.value() / 100.0),
        Bound::AtLeast(share) => Share::AtLeast(share.value() / 100.0),
    })
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
