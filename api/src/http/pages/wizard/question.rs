//! Items as questions on a page, and their answers in words.

use survey_engine::questionnaire::{ChoiceOption, Item, ItemKind, LanguageChain, LocalizedText};

use super::complaint::{day_in_words, range};
use super::{Course, given, typed};
use crate::http::pages::view::{Choice, Control, Page, Place, QuestionView, RankedOption, Words};

/// Options that are still one row of steps; more become a list.
const MOST_STEPS: usize = 7;

/// A text in the first language of the chain that it has.
pub(super) fn words(text: &LocalizedText, chain: &LanguageChain) -> Words {
    let found = chain
        .languages()
        .iter()
        .find_map(|language| Some((language, text.get(language)?)));
    match found {
        Some((language, text)) => Words::new(text, language.as_str()),
        None => Words::new(text.resolve(chain), chain.chosen().as_str()),
    }
}

/// One question with what was given so far.
pub(super) fn question(
    page: &Page,
    chain: &LanguageChain,
    course: &Course<'_>,
    item: &Item,
    number: usize,
    complain: bool,
) -> QuestionView {
    let complaint = course.complaint(item.id()).filter(|_| complain);
    let way_out = given::way_out(item, course.posted());
    QuestionView {
        number,
        item: item.id().to_owned(),
        text: words(item.text(), chain),
        help: item.help().map(|help| words(help, chain)),
        required: item.required(),
        control: control(page, chain, course, item),
        missing: item
            .missing()
            .iter()
            .map(|offered| Choice {
                value: given::missing_value(offered.kind()),
                label: words(offered.label(), chain),
                chosen: way_out == Some(offered.kind()),
            })
            .collect(),
        problem: complaint.map(|complaint| complaint.words(page, chain, item)),
    }
}

fn control(page: &Page, chain: &LanguageChain, course: &Course<'_>, item: &Item) -> Control {
    let given = given::substance(item, course.posted());
    let typed = || {
        given
            .first()
            .map(|value| (*value).to_owned())
            .unwrap_or_default()
    };
    let coded = |options: &[ChoiceOption]| -> Vec<Choice> {
        let choice = |option: &ChoiceOption| Choice {
            value: option.code().to_owned(),
            label: words(option.label(), chain),
            chosen: given.contains(&option.code()),
        };
        options.iter().map(choice).collect()
    };
    match item.kind() {
        ItemKind::Likert { options } => {
            let choices: Vec<Choice> = options
                .iter()
                .zip(1_usize..)
                .map(|(option, position)| numbered(position, words(option.label(), chain), &given))
                .collect();
            if options.len() > MOST_STEPS {
                Control::One(choices)
            } else {
                Control::Steps(choices)
            }
        }
        ItemKind::SingleChoice { options } => Control::One(coded(options)),
        ItemKind::MultipleChoice {
            options,
            min_choices,
            max_choices,
        } => Control::Several {
            choices: coded(options),
            hint: Some(how_many(page, *min_choices, *max_choices)),
        },
        ItemKind::Ranking { options } => Control::Ranking {
            options: ranked(chain, course, item, options),
            hint: page.text("ranking-help"),
        },
        ItemKind::Number {
            minimum,
            maximum,
            decimals,
        } => Control::Number {
            value: typed(),
            hint: Some(which_numbers(page, *minimum, *maximum, *decimals)),
        },
        ItemKind::Date { earliest, latest } => Control::Date {
            value: given
                .first()
                .map(|value| typed::date(value))
                .unwrap_or_default(),
            earliest: earliest.map(|day| day.to_string()),
            latest: latest.map(|day| day.to_string()),
        },
        ItemKind::ShortText { max_length } => Control::Line {
            value: typed(),
            longest: usize::from(*max_length),
        },
        ItemKind::LongText { max_length } => Control::Text {
            value: typed(),
            longest: usize::from(*max_length),
        },
        ItemKind::Rating {
            low_label,
            high_label,
        } => Control::Rating {
            choices: (0..=10)
                .map(|mark| numbered(mark, Words::new(mark.to_string(), page.language()), &given))
                .collect(),
            low: low_label.as_ref().map(|label| words(label, chain)),
            high: high_label.as_ref().map(|label| words(label, chain)),
        },
    }
}

fn numbered(number: usize, label: Words, given: &[&str]) -> Choice {
    let value = number.to_string();
    Choice {
        chosen: given.contains(&value.as_str()),
        value,
        label,
    }
}

fn ranked(
    chain: &LanguageChain,
    course: &Course<'_>,
    item: &Item,
    options: &[ChoiceOption],
) -> Vec<RankedOption> {
    let places = given::places(item, course.posted());
    let row = |(option, given): (&ChoiceOption, Option<&str>)| RankedOption {
        name: format!("a.{}", given::option_field(item, option.code())),
        label: words(option.label(), chain),
        places: (1..=options.len())
            .map(|number| Place {
                number,
                chosen: given == Some(number.to_string().as_str()),
            })
            .collect(),
    };
    options.iter().zip(places).map(row).collect()
}

fn how_many(page: &Page, least: Option<u8>, most: Option<u8>) -> String {
    match (
        least.map(usize::from).filter(|least| *least > 0),
        most.map(usize::from),
    ) {
        (Some(least), Some(most)) if least == most => page.count("hint-choices-exactly", most),
        (Some(least), Some(most)) => page.with(
            "hint-choices-between",
            &[("least", least.into()), ("most", most.into())],
        ),
        (Some(least), None) => page.count("hint-choices-at-least", least),
        (None, Some(most)) => page.count("hint-choices-at-most", most),
        (None, None) => page.text("hint-choices-any"),
    }
}

fn which_numbers(page: &Page, minimum: Option<f64>, maximum: Option<f64>, decimals: u8) -> String {
    let number = |value| page.translator().plain_number(value);
    let which = match (minimum, maximum) {
        (None, None) => page.text("hint-number-any"),
        _ => range(
            page,
            "hint-number",
            minimum.map(number),
            maximum.map(number),
        ),
    };
    if decimals == 0 {
        format!("{which} {}", page.text("hint-number-whole"))
    } else {
        which
    }
}

/// The answer to an item in words, one line per chosen option; empty if there is none.
pub(super) fn answer_in_words(
    page: &Page,
    chain: &LanguageChain,
    course: &Course<'_>,
    item: &Item,
) -> Vec<Words> {
    let posted = course.posted();
    if let Some(kind) = given::way_out(item, posted) {
        let offered = item.missing().iter().find(|offered| offered.kind() == kind);
        return offered
            .map(|offered| words(offered.label(), chain))
            .into_iter()
            .collect();
    }
    let given = given::substance(item, posted);
    let coded = |code: &str| item.options().iter().find(|option| option.code() == code);
    let label = |option: &ChoiceOption| words(option.label(), chain);
    match item.kind() {
        ItemKind::Likert { options } => {
            let at = given.first().and_then(|value| value.parse::<usize>().ok());
            at.and_then(|at| options.get(at.checked_sub(1)?))
                .map(label)
                .into_iter()
                .collect()
        }
        ItemKind::SingleChoice { .. } | ItemKind::MultipleChoice { .. } => given
            .iter()
            .filter_map(|code| coded(code))
            .map(label)
            .collect(),
        ItemKind::Ranking { options } => {
            let mut placed: Vec<(usize, &ChoiceOption)> = given::places(item, posted)
                .iter()
                .zip(options)
                .filter_map(|(place, option)| Some((place.as_ref()?.parse().ok()?, option)))
                .collect();
            placed.sort_by_key(|(place, _)| *place);
            placed
                .into_iter()
                .map(|(place, option)| {
                    let label = label(option);
                    Words::new(format!("{place}. {}", label.text), label.language)
                })
                .collect()
        }
        ItemKind::Date { .. } => given
            .iter()
            .map(|value| {
                let day = survey_engine::questionnaire::Date::parse(&typed::date(value));
                let text = day.map_or_else(|| (*value).to_owned(), |day| day_in_words(page, day));
                Words::new(text, page.language())
            })
            .collect(),
        ItemKind::Rating { .. }
        | ItemKind::Number { .. }
        | ItemKind::ShortText { .. }
        | ItemKind::LongText { .. } => given
            .iter()
            .map(|value| Words::new(*value, page.language()))
            .collect(),
    }
}
