//! One answer, held against its item.

use std::borrow::Cow;

use super::RawAnswer;
use super::problem::Refusal;
use crate::questionnaire::{ChoiceOption, Date, Item, ItemKind, MissingKind};

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Answer {
    /// Asked and left blank.
    #[default]
    Unanswered,
    /// Not asked.
    NotShown,
    /// One of the ways out.
    Missing(MissingKind),
    /// Likert and single choice: 1-based index of the option.
    Option(u8),
    /// Rating: 0 to 10.
    Rating(u8),
    /// Multiple choice: 1-based indexes of the options, ascending, at least one.
    Options(Vec<u8>),
    /// Ranking: 1-based indexes of all options from first to last.
    Ranking(Vec<u8>),
    /// Number, finite.
    Number(f64),
    /// Date.
    Date(Date),
    /// Text, trimmed and not empty.
    Text(String),
}

impl Answer {
    /// Whether it has substance: not blank, not hidden, not one of the ways out.
    pub(super) fn is_substantive(&self) -> bool {
        !matches!(self, Self::Unanswered | Self::NotShown | Self::Missing(_))
    }

    /// Understands a raw value as an answer to this item. Empty texts and lists are no answer.
    pub(super) fn understand(item: &Item, raw: &RawAnswer) -> Result<Self, Refusal> {
        match (item.kind(), raw) {
            (_, RawAnswer::Blank) => Ok(Self::Unanswered),
            (_, RawAnswer::Missing(kind)) => way_out(item, *kind),
            (ItemKind::Likert { .. }, RawAnswer::Number(value)) => {
                Ok(Self::Option(whole(item, *value)?))
            }
            (ItemKind::Rating { .. }, RawAnswer::Number(value)) => {
                Ok(Self::Rating(whole(item, *value)?))
            }
            (
                ItemKind::Number {
                    minimum,
                    maximum,
                    decimals,
                },
                RawAnswer::Number(value),
            ) => number(*value, *minimum, *maximum, *decimals),
            (
                ItemKind::SingleChoice { .. }
                | ItemKind::Date { .. }
                | ItemKind::ShortText { .. }
                | ItemKind::LongText { .. },
                RawAnswer::Text(text),
            ) if text.trim().is_empty() => Ok(Self::Unanswered),
            (ItemKind::SingleChoice { options }, RawAnswer::Text(code)) => {
                Ok(Self::Option(option(options, code)?))
            }
            (ItemKind::Date { earliest, latest }, RawAnswer::Text(text)) => {
                date(text.trim(), *earliest, *latest)
            }
            (
                ItemKind::ShortText { max_length } | ItemKind::LongText { max_length },
                RawAnswer::Text(written),
            ) => text(written, *max_length),
            (
                ItemKind::MultipleChoice { .. } | ItemKind::Ranking { .. },
                RawAnswer::List(codes),
            ) if codes.is_empty() => Ok(Self::Unanswered),
            (
                ItemKind::MultipleChoice {
                    options,
                    min_choices,
                    max_choices,
                },
                RawAnswer::List(codes),
            ) => choices(options, codes, *min_choices, *max_choices),
            (ItemKind::Ranking { options }, RawAnswer::List(codes)) => ranking(options, codes),
            (kind, given) => Err(wrong_type(kind, given)),
        }
    }
}

fn way_out(item: &Item, kind: MissingKind) -> Result<Answer, Refusal> {
    if item.missing().iter().any(|offered| offered.kind() == kind) {
        return Ok(Answer::Missing(kind));
    }
    Err(Refusal::new(
        "not_offered",
        format!(
            "The question does not offer `{}` as a way out.",
            kind.name()
        ),
    ))
}

/// A value of a likert or rating item.
fn whole(item: &Item, value: f64) -> Result<u8, Refusal> {
    let (lo, hi) = item.value_range().unwrap_or_default();
    let refuse = |code| Refusal::new(code, format!("Give a whole number from {lo} to {hi}."));
    if value.fract() != 0.0 {
        return Err(refuse("wrong_type"));
    }
    if !(f64::from(lo)..=f64::from(hi)).contains(&value) {
        return Err(refuse("out_of_range"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and within limits that are themselves u8"
    )]
    let whole = value as u8;
    Ok(whole)
}

fn option(options: &[ChoiceOption], code: &str) -> Result<u8, Refusal> {
    let index = options.iter().position(|option| option.code() == code);
    index
        .and_then(|index| u8::try_from(index + 1).ok())
        .ok_or_else(|| {
            let codes: Vec<&str> = options.iter().map(ChoiceOption::code).collect();
            Refusal::new(
                "unknown_option",
                format!(
                    "`{code}` is not an option; choose from {}.",
                    codes.join(", ")
                ),
            )
        })
}

/// Option indexes in the order given; each may be given once.
fn distinct(options: &[ChoiceOption], codes: &[String]) -> Result<Vec<u8>, Refusal> {
    let mut chosen = Vec::new();
    for code in codes {
        let index = option(options, code)?;
        if chosen.contains(&index) {
            return Err(Refusal::new(
                "duplicate_option",
                format!("`{code}` is given twice; give it once."),
            ));
        }
        chosen.push(index);
    }
    Ok(chosen)
}

fn choices(
    options: &[ChoiceOption],
    codes: &[String],
    min_choices: Option<u8>,
    max_choices: Option<u8>,
) -> Result<Answer, Refusal> {
    let mut chosen = distinct(options, codes)?;
    if let Some(fewest) = min_choices.filter(|fewest| chosen.len() < usize::from(*fewest)) {
        return Err(Refusal::new(
            "too_few",
            format!("Choose at least {fewest}."),
        ));
    }
    if let Some(most) = max_choices.filter(|most| chosen.len() > usize::from(*most)) {
        return Err(Refusal::new("too_many", format!("Choose at most {most}.")));
    }
    chosen.sort_unstable();
    Ok(Answer::Options(chosen))
}

fn ranking(options: &[ChoiceOption], codes: &[String]) -> Result<Answer, Refusal> {
    let ranked = distinct(options, codes)?;
    if ranked.len() < options.len() {
        let detail = format!(
            "Put all {} options in order; {} are given.",
            options.len(),
            ranked.len()
        );
        return Err(Refusal::new("incomplete_ranking", detail));
    }
    Ok(Answer::Ranking(ranked))
}

fn number(
    value: f64,
    minimum: Option<f64>,
    maximum: Option<f64>,
    decimals: u8,
) -> Result<Answer, Refusal> {
    if !value.is_finite() {
        return Err(Refusal::new("wrong_type", "Give a finite number."));
    }
    if let Some(minimum) = minimum.filter(|minimum| value < *minimum) {
        return Err(Refusal::new(
            "out_of_range",
            format!("Give a number of at least {minimum}."),
        ));
    }
    if let Some(maximum) = maximum.filter(|maximum| value > *maximum) {
        return Err(Refusal::new(
            "out_of_range",
            format!("Give a number of at most {maximum}."),
        ));
    }
    // The shortest decimal that reads back as this number: what was written, or shorter.
    let written = value.to_string();
    let digits = written
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    if digits > usize::from(decimals) {
        let detail =
            format!("Give a number with at most {decimals} digits after the decimal point.");
        return Err(Refusal::new("too_precise", detail));
    }
    // Zero has one sign.
    Ok(Answer::Number(value + 0.0))
}

fn date(text: &str, earliest: Option<Date>, latest: Option<Date>) -> Result<Answer, Refusal> {
    let Some(date) = Date::parse(text) else {
        return Err(Refusal::new(
            "bad_date",
            "Give an existing day as YYYY-MM-DD.",
        ));
    };
    if let Some(earliest) = earliest.filter(|earliest| date < *earliest) {
        return Err(Refusal::new(
            "out_of_range",
            format!("Give {earliest} or a later day."),
        ));
    }
    if let Some(latest) = latest.filter(|latest| date > *latest) {
        return Err(Refusal::new(
            "out_of_range",
            format!("Give {latest} or an earlier day."),
        ));
    }
    Ok(Answer::Date(date))
}

fn text(written: &str, max_length: u16) -> Result<Answer, Refusal> {
    let text = with_plain_line_breaks(written.trim());
    if text.contains(|character: char| character.is_control() && !"\n\t".contains(character)) {
        let detail = "Leave out control characters other than line breaks and tabs.";
        return Err(Refusal::new("control_character", detail));
    }
    let length = text.chars().count();
    if length > usize::from(max_length) {
        let detail = format!("Use at most {max_length} characters; these are {length}.");
        return Err(Refusal::new("too_long", detail));
    }
    Ok(Answer::Text(text.into_owned()))
}

/// Forms are posted with CR LF.
fn with_plain_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn wrong_type(kind: &ItemKind, given: &RawAnswer) -> Refusal {
    let wanted = match kind {
        ItemKind::Likert { .. } => "the position of an option as a whole number",
        ItemKind::Rating { .. } => "a whole number from 0 to 10",
        ItemKind::Number { .. } => "a number",
        ItemKind::SingleChoice { .. } => "the code of an option",
        ItemKind::MultipleChoice { .. } | ItemKind::Ranking { .. } => "a list of option codes",
        ItemKind::Date { .. } => "a day as YYYY-MM-DD",
        ItemKind::ShortText { .. } | ItemKind::LongText { .. } => "a text",
    };
    let found = match given {
        RawAnswer::Number(_) => "a number",
        RawAnswer::Text(_) => "a text",
        RawAnswer::List(_) => "a list",
        RawAnswer::Unusable(words) => words,
        RawAnswer::Blank | RawAnswer::Missing(_) => "no answer",
    };
    Refusal::new("wrong_type", format!("This is {found}; give {wanted}."))
}
