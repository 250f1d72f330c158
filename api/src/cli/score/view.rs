//! What `klankbord score` prints.

use super::ScoreArgs;
use crate::http::v1::framework::VersionView;
use crate::http::v1::indicator::{
    DefinitionView, FiguresView, IndicatorView, IntervalView, definition_views, indicator_views,
};
use crate::service::definition::Instrument;
use crate::service::scoring::Scored;
use serde::Serialize;

/// The indicators of a table of answers. Voices are those of the API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScoreDocument {
    framework: VersionView,
    questionnaire: VersionView,
    /// Whether small groups are protected.
    protected: bool,
    rows: RowsView,
    /// The column that divides the rows.
    by: Option<String>,
    /// All rows (`group` is `null`), and then every group.
    groups: Vec<GroupView>,
    definitions: Vec<DefinitionView>,
}

#[derive(Debug, Serialize)]
struct RowsView {
    counted: u64,
    skipped: u64,
}

#[derive(Debug, Serialize)]
struct GroupView {
    group: Option<String>,
    indicators: Vec<IndicatorView>,
}

pub(super) fn document(scored: Scored, instrument: &Instrument, args: &ScoreArgs) -> ScoreDocument {
    let groups = scored.groups.into_iter().map(|report| GroupView {
        group: report.group,
        indicators: indicator_views(report.indicators, instrument, &args.language),
    });
    ScoreDocument {
        framework: instrument.questionnaire.framework().clone().into(),
        questionnaire: VersionView {
            id: instrument.questionnaire.id().to_owned(),
            version: instrument.questionnaire.version().to_owned(),
        },
        protected: !args.own_data,
        rows: RowsView {
            counted: scored.rows.counted,
            skipped: scored.rows.skipped,
        },
        by: args.by.clone(),
        groups: groups.collect(),
        definitions: definition_views(),
    }
}

const HEADINGS: [&str; 8] = [
    "indicator",
    "form",
    "n",
    "mean",
    "95 % interval",
    "favourable",
    "95 % interval",
    "alpha",
];

impl ScoreDocument {
    /// The document for people: a table for all rows, and for every group.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} {}: {} rows counted, {} left out.",
            self.questionnaire.id, self.questionnaire.version, self.rows.counted, self.rows.skipped
        )];
        lines.push(
            "Means run from 0 to 100; favourable is a percentage of the answers; n is the number of people with a score."
                .to_owned(),
        );
        if !self.protected {
            lines.push(
                "Groups are shown however small they are. Nothing of this may be passed on to others.".to_owned(),
            );
        }
        for group in &self.groups {
            let by = self.by.as_deref().unwrap_or_default();
            lines.push(String::new());
            lines.push(
                group
                    .group
                    .as_ref()
                    .map_or_else(|| "All rows".to_owned(), |name| format!("{by}: {name}")),
            );
            lines.extend(aligned(&group.table()));
        }
        lines
    }
}

/// A line of a table: cells in columns, and text after them.
struct Line {
    cells: Vec<String>,
    rest: String,
}

impl GroupView {
    fn table(&self) -> Vec<Line> {
        let mut table = vec![Line {
            cells: HEADINGS.map(str::to_owned).to_vec(),
            rest: "title".to_owned(),
        }];
        for indicator in &self.indicators {
            for voice in &indicator.voices {
                let mut cells = vec![indicator.code.clone(), voice.form.clone()];
                let rest = match (&voice.figures, &voice.withheld) {
                    (Some(figures), _) => {
                        cells.extend(numbers(figures));
                        indicator.title.clone()
                    }
                    (None, withheld) => {
                        cells.resize(HEADINGS.len(), "-".to_owned());
                        let why = withheld.as_ref().map(|withheld| withheld.detail.as_str());
                        format!("{} ({})", indicator.title, why.unwrap_or("withheld"))
                    }
                };
                table.push(Line { cells, rest });
            }
        }
        table
    }
}

fn numbers(figures: &FiguresView) -> [String; 6] {
    let interval = |interval: &Option<IntervalView>| {
        let shown = interval.as_ref();
        shown.map_or_else(
            || "-".to_owned(),
            |interval| format!("{:.1} to {:.1}", interval.lower, interval.upper),
        )
    };
    let number =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    let bound = figures.favourable_bound.as_ref().map(ToString::to_string);
    let alpha = figures.alpha.value;
    [
        figures.n.to_string(),
        number(figures.mean),
        interval(&figures.mean_interval),
        bound.unwrap_or_else(|| number(figures.favourable)),
        interval(&figures.favourable_interval),
        alpha.map_or_else(|| "-".to_owned(), |alpha| format!("{alpha:.2}")),
    ]
}

/// Pads every column to its widest cell; words to the left, numbers to the right.
fn aligned(table: &[Line]) -> Vec<String> {
    let width = |column: usize| {
        let cells = table.iter().filter_map(|line| line.cells.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let line = |line: &Line| {
        let cells = line.cells.iter().zip(&widths).enumerate();
        let padded = cells.map(|(column, (cell, width))| {
            if column < 2 {
                format!("{cell:<width$}")
            } else {
                format!("{cell:>width$}")
            }
        });
        let padded: Vec<String> = padded.collect();
        format!("{}  {}", padded.join("  "), line.rest)
    };
    table.iter().map(line).collect()
}
