//! What a cell says as an answer to an item.

use survey_engine::answers::RawAnswer;
use survey_engine::questionnaire::{ChoiceOption, Item, ItemKind, LocalizedText, MissingKind};

/// The answer in a cell: a position or number as it is, an option by its code or by its label in any language, several options
/// separated by `|`, `missing:dont_know` or the label of what stands in place of an answer.
pub(in crate::service) fn answer(item: &Item, cell: &str) -> RawAnswer {
    let named = cell
        .strip_prefix("missing:")
        .and_then(MissingKind::from_name);
    if let Some(kind) = named {
        return RawAnswer::Missing(kind);
    }
    let text = || RawAnswer::Text(cell.to_owned());
    match item.kind() {
        ItemKind::Likert { options } => number(cell)
            .or_else(|| {
                let place = place(options, cell)?;
                Some(RawAnswer::Number((place + 1) as f64))
            })
            .or_else(|| way_out(item, cell))
            .unwrap_or_else(text),
        ItemKind::Rating { .. } | ItemKind::Number { .. } => number(cell)
            .or_else(|| way_out(item, cell))
            .unwrap_or_else(text),
        ItemKind::SingleChoice { options } => {
            let option = place(options, cell).and_then(|place| options.get(place));
            option
                .map(|option| RawAnswer::Text(option.code().to_owned()))
                .or_else(|| way_out(item, cell))
                .unwrap_or_else(text)
        }
        ItemKind::MultipleChoice { .. } | ItemKind::Ranking { .. } => {
            RawAnswer::List(cell.split('|').map(|code| code.trim().to_owned()).collect())
        }
        ItemKind::Date { .. } | ItemKind::ShortText { .. } | ItemKind::LongText { .. } => text(),
    }
}

fn number(cell: &str) -> Option<RawAnswer> {
    cell.parse().ok().map(RawAnswer::Number)
}

/// Where the one option stands that has this code, or this label.
fn place(options: &[ChoiceOption], cell: &str) -> Option<usize> {
    let coded = options.iter().position(|option| option.code() == cell);
    coded.or_else(|| only(options.iter().map(|option| says(option.label(), cell))))
}

/// The way out with this label.
fn way_out(item: &Item, cell: &str) -> Option<RawAnswer> {
    let labels = item.missing().iter().map(|way| says(way.label(), cell));
    let way = item.missing().get(only(labels)?)?;
    Some(RawAnswer::Missing(way.kind()))
}

fn says(label: &LocalizedText, cell: &str) -> bool {
    let wanted = cell.to_lowercase();
    label
        .languages()
        .filter_map(|language| label.get(language))
        .any(|label| label.trim().to_lowercase() == wanted)
}

/// Where the only one that holds stands.
fn only(mut holds: impl Iterator<Item = bool>) -> Option<usize> {
    let first = holds.position(|holds| holds)?;
    (!holds.any(|holds| holds)).then_some(first)
}
