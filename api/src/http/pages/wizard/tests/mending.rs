//! What happens to answers that do not fit.

use askama::Template;

use super::{Person, shows};
use crate::http::pages::view::{Control, Page};
use crate::http::pages::wizard::{Complaint, Step};

#[test]
fn what_is_needed_is_asked_for_and_a_way_out_is_an_answer() {
    let person = Person::reading("nl");
    assert_eq!(
        person.steps("next", 0, &[]),
        Step::Section {
            section: 0,
            complain: true,
            added: 0
        }
    );
    assert_eq!(
        person.steps("send", 3, &[("a.mark", "7")]),
        Step::Section {
            section: 0,
            complain: true,
            added: 0
        }
    );
    assert_eq!(
        person.steps("next", 0, &[("a.likes", "missing:dont_know")]),
        shows(2)
    );
    let nothing = [("a.likes", "missing:dont_know")];
    assert_eq!(
        person.steps("send", 3, &nothing),
        Step::Review { is_empty: true }
    );
    let page = person.section(0, &[]);
    assert_eq!(
        page.questions.first().unwrap().problem.as_deref(),
        Some("Kies of schrijf een antwoord.")
    );
}

#[test]
fn what_was_typed_stays_and_the_problem_is_told_beside_it() {
    let person = Person::reading("nl");
    let page = person.section(
        2,
        &[
            ("a.likes", "1"),
            ("a.children", "twee"),
            ("a.since", "1-2-2003"),
            ("a.mark", "7"),
        ],
    );
    let problems: Vec<_> = page
        .questions
        .iter()
        .map(|question| question.problem.as_deref())
        .collect();
    let date = "Geef 1 januari 2015 of later.";
    assert_eq!(
        problems,
        [
            None,
            None,
            Some("Schrijf een getal, alleen met cijfers."),
            Some(date),
            None
        ]
    );
    let children = page.questions.get(2).unwrap();
    assert!(matches!(&children.control, Control::Number { value, .. } if value == "twee"));
    assert_eq!(children.hint(), Some("Een getal van 0 tot en met 12."));
    let html = page.render().unwrap();
    assert!(
        html.contains("href=\"#q3\"") && html.contains("aria-describedby=\"q3-hint q3-problem\"")
    );
    assert!(
        html.contains("name=\"a.likes\" value=\"1\""),
        "the other part is carried along"
    );
}

#[test]
fn each_kind_of_slip_has_its_own_complaint() {
    let person = Person::reading("en");
    let refused = |code| Some(Complaint::Refused(code));
    let order = |a, b, c| {
        [
            ("a.order:reading", a),
            ("a.order:writing", b),
            ("a.order:sums", c),
        ]
    };
    assert_eq!(person.complaint("order", &order("1", "3", "2")), None);
    assert_eq!(
        person.complaint("order", &order("1", "1", "2")),
        Some(Complaint::SamePlace(1))
    );
    assert_eq!(
        person.complaint("order", &order("1", "", "2")),
        Some(Complaint::PlaceLacking)
    );
    assert_eq!(
        person.complaint("order", &order("1", "4", "2")),
        Some(Complaint::Unreadable)
    );
    assert_eq!(person.complaint("order", &order("", "", "")), None);
    assert_eq!(person.complaint("children", &[("a.children", "2,5")]), None);
    assert_eq!(
        person.complaint("children", &[("a.children", "2,55")]),
        refused("too_precise")
    );
    assert_eq!(
        person.complaint("children", &[("a.children", "13")]),
        refused("out_of_range")
    );
    let three = [
        ("a.all", "reading"),
        ("a.all", "writing"),
        ("a.all", "sums"),
    ];
    assert_eq!(person.complaint("all", &three), refused("too_many"));
    let both = person.complaint(
        "all",
        &[("a.all", "reading"), ("a.all", "missing:dont_know")],
    );
    assert!(matches!(both, Some(Complaint::Both(_))));
    assert_eq!(
        person.complaint("since", &[("a.since", "31-2-2026")]),
        refused("bad_date")
    );
    assert_eq!(
        person.complaint("mark", &[("a.mark", "11")]),
        refused("out_of_range")
    );
    assert_eq!(
        person.complaint("mark", &[("a.mark", "1"), ("a.mark", "2")]),
        Some(Complaint::Unreadable)
    );
    let long = [
        ("a.hard", "sums"),
        ("a.more", "more than twenty characters"),
    ];
    assert_eq!(person.complaint("more", &long), refused("too_long"));
    assert_eq!(
        person.complaint("hard", &[("a.hard", "missing:dont_know")]),
        refused("unknown_option")
    );
}

#[test]
fn every_complaint_has_words_in_every_language() {
    for language in ["en", "nl"] {
        let person = Person::reading(language);
        for item in [
            "likes", "hard", "more", "all", "order", "children", "since", "mark",
        ] {
            let item = person.form().item(item).unwrap();
            for code in [
                "required",
                "wrong_type",
                "out_of_range",
                "too_precise",
                "unknown_option",
                "duplicate_option",
                "too_few",
                "too_many",
                "incomplete_ranking",
                "bad_date",
                "too_long",
                "control_character",
                "not_offered",
            ] {
                let words = Complaint::Refused(code).words(
                    &Page::new(language),
                    &person.questionnaire.chain(language),
                    item,
                );
                assert!(!words.is_empty());
            }
        }
    }
}

#[test]
fn rubbish_is_refused_with_a_page_and_never_with_a_crash() {
    let person = Person::reading("en");
    let rubbish = [
        "",
        " ",
        "0",
        "-1",
        "999999999999",
        "1e400",
        "NaN",
        "missing:",
        "missing:tired",
        "\u{0}",
        "💥",
        "a.b.c",
        "9".repeat(500).as_str(),
    ]
    .map(str::to_owned);
    for value in &rubbish {
        for item in [
            "likes",
            "hard",
            "more",
            "only",
            "all",
            "order",
            "order.sums",
            "children",
            "since",
            "mark",
        ] {
            let name = format!("a.{item}");
            let fields = [(name.as_str(), value.as_str()), ("shown", value)];
            for go in [
                "next",
                "back",
                "send",
                "section-99",
                "clear-nothing",
                "language-xx",
                value,
            ] {
                for section in [0, 2, 3, usize::MAX] {
                    person.presses(go, section, &fields, |course| match course.step() {
                        Step::Section {
                            section,
                            complain,
                            added,
                        } => {
                            person
                                .paper()
                                .section(course, section, complain, added)
                                .render()
                                .unwrap();
                        }
                        Step::Review { .. } | Step::Submit => {
                            person.paper().review(course, None).render().unwrap();
                        }
                    });
                }
            }
        }
    }
}
