//! Questions of every kind.

use super::words;
use crate::http::pages::view::*;

fn choice(value: &str, label: Words, chosen: bool) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        chosen,
    }
}

fn agreement(language: &str, chosen: usize) -> Vec<Choice> {
    [
        ("Strongly disagree", "Helemaal mee oneens"),
        ("Disagree", "Mee oneens"),
        ("Neither agree nor disagree", "Niet eens, niet oneens"),
        ("Agree", "Mee eens"),
        ("Strongly agree", "Helemaal mee eens"),
    ]
    .iter()
    .enumerate()
    .map(|(at, (english, dutch))| {
        choice(
            &(at + 1).to_string(),
            words(language, english, dutch),
            at + 1 == chosen,
        )
    })
    .collect()
}

fn ways_out(language: &str) -> Vec<Choice> {
    vec![
        choice(
            "missing:dont_know",
            words(language, "Don't know", "Weet ik niet"),
            false,
        ),
        choice(
            "missing:not_applicable",
            words(language, "Does not apply", "Niet van toepassing"),
            false,
        ),
    ]
}

fn question(number: usize, text: Words, control: Control) -> QuestionView {
    QuestionView {
        number,
        item: format!("P.Q{number}"),
        text,
        help: None,
        required: false,
        control,
        missing: Vec::new(),
        problem: None,
    }
}

pub(super) fn statements(language: &str) -> Vec<QuestionView> {
    [
        (
            "The school sees quickly when my child needs help.",
            "De school ziet snel wanneer mijn kind hulp nodig heeft.",
        ),
        (
            "My child gets help that fits.",
            "Mijn kind krijgt hulp die past.",
        ),
        (
            "I know whom to talk to when something is wrong.",
            "Ik weet bij wie ik terechtkan als er iets is.",
        ),
        (
            "Getting help takes too long.",
            "Het duurt te lang voordat er hulp is.",
        ),
        (
            "My child can learn at their own pace.",
            "Mijn kind kan in het eigen tempo leren.",
        ),
    ]
    .iter()
    .enumerate()
    .map(|(at, (english, dutch))| QuestionView {
        missing: ways_out(language),
        ..question(
            at + 1,
            words(language, english, dutch),
            Control::Steps(agreement(language, if at == 1 { 4 } else { 0 })),
        )
    })
    .collect()
}

pub(super) fn every_kind(language: &str) -> Vec<QuestionView> {
    let mut questions = chosen(language);
    questions.extend(placed(language));
    questions.extend(typed(language));
    questions
}

fn options(language: &str, chosen: usize) -> Vec<Choice> {
    [
        ("reading", "Reading", "Lezen"),
        ("friends", "Making friends", "Vrienden maken"),
        ("outside", "Being outside", "Buiten zijn"),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (code, english, dutch))| {
        choice(code, words(language, english, dutch), at + 1 == chosen)
    })
    .collect()
}

/// Questions that are answered by choosing.
fn chosen(language: &str) -> Vec<QuestionView> {
    let page = Page::new(language);
    vec![
        QuestionView {
            required: true,
            missing: ways_out(language),
            problem: Some(page.text("problem-required")),
            help: Some(words(
                language,
                "Think of the last four weeks.",
                "Denk aan de laatste vier weken.",
            )),
            ..question(
                1,
                words(
                    language,
                    "My child likes going to school.",
                    "Mijn kind gaat graag naar school.",
                ),
                Control::Steps(agreement(language, 0)),
            )
        },
        question(
            2,
            words(
                language,
                "What does your child like best?",
                "Wat vindt uw kind het leukst?",
            ),
            Control::One(options(language, 2)),
        ),
        QuestionView {
            missing: ways_out(language),
            problem: Some(page.count("problem-too-many", 2)),
            ..question(
                3,
                words(
                    language,
                    "Which of these could be better?",
                    "Wat hiervan kan beter?",
                ),
                Control::Several {
                    choices: options(language, 1),
                    hint: Some(page.count("hint-choices-at-most", 2)),
                },
            )
        },
    ]
}

/// Questions that are answered by giving a mark or a place.
fn placed(language: &str) -> Vec<QuestionView> {
    let page = Page::new(language);
    let ranked = options(language, 0)
        .into_iter()
        .zip([2, 2, 0])
        .map(|(option, given)| RankedOption {
            name: format!("a.P.Q5.{}", option.value),
            label: option.label,
            places: (1..=3)
                .map(|number| Place {
                    number,
                    chosen: number == given,
                })
                .collect(),
        });
    let marks = (0..=10).map(|n| {
        choice(
            &n.to_string(),
            Words::new(n.to_string(), page.language()),
            n == 7,
        )
    });
    vec![
        question(
            4,
            words(
                language,
                "How likely is it that you would recommend this school?",
                "Hoe waarschijnlijk is het dat u deze school aanraadt?",
            ),
            Control::Rating {
                choices: marks.collect(),
                low: Some(words(
                    language,
                    "Not at all likely",
                    "Heel onwaarschijnlijk",
                )),
                high: Some(words(language, "Very likely", "Heel waarschijnlijk")),
            },
        ),
        QuestionView {
            problem: Some(page.count("problem-ranking-twice", 2)),
            ..question(
                5,
                words(language, "What matters most?", "Wat is het belangrijkst?"),
                Control::Ranking {
                    options: ranked.collect(),
                    hint: page.text("ranking-help"),
                },
            )
        },
    ]
}

/// Questions that are answered by typing.
fn typed(language: &str) -> Vec<QuestionView> {
    let page = Page::new(language);
    let range = page.with(
        "hint-number-between",
        &[("low", "0".into()), ("high", "12".into())],
    );
    vec![
        QuestionView {
            missing: ways_out(language),
            problem: Some(page.text("problem-number")),
            ..question(
                6,
                words(
                    language,
                    "How many children do you have at this school?",
                    "Hoeveel kinderen hebt u op deze school?",
                ),
                Control::Number {
                    value: "twee \"of\" <drie>".to_owned(),
                    hint: Some(range),
                },
            )
        },
        question(
            7,
            words(language, "Since when?", "Sinds wanneer?"),
            Control::Date {
                value: String::new(),
                earliest: Some("2015-01-01".to_owned()),
                latest: None,
            },
        ),
        question(
            8,
            words(
                language,
                "In one word: this school is…",
                "In één woord: deze school is…",
            ),
            Control::Line {
                value: "warm".to_owned(),
                longest: 60,
            },
        ),
        QuestionView {
            missing: ways_out(language),
            ..question(
                9,
                Words::new("ما الذي تود قوله للمدرسة؟ ".repeat(4), "ar"),
                Control::Text {
                    value: "</textarea><b>\nregel twee".to_owned(),
                    longest: 2000,
                },
            )
        },
    ]
}
