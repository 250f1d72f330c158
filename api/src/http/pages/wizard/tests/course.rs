//! The way through the parts, and what becomes of the answers.

use super::{Person, shows};
use crate::http::pages::wizard::Step;

#[test]
fn the_buttons_lead_through_the_parts_that_have_questions() {
    let person = Person::reading("en");
    assert_eq!(person.steps("start", 0, &[]), shows(0));
    assert_eq!(
        person.steps("next", 0, &[("a.likes", "3")]),
        shows(2),
        "the part about sums has no question"
    );
    assert_eq!(
        person.steps("next", 0, &[("a.likes", "3"), ("a.hard", "sums")]),
        shows(1)
    );
    assert_eq!(
        person.steps("next", 2, &[("a.likes", "3")]),
        Step::Review { is_empty: false }
    );
    assert_eq!(person.steps("back", 2, &[("a.likes", "3")]), shows(0));
    assert_eq!(
        person.steps("back", 3, &[("a.likes", "3")]),
        shows(2),
        "from the review"
    );
    assert_eq!(person.steps("back", 0, &[]), shows(0));
    assert_eq!(person.steps("section-2", 3, &[]), shows(2));
    assert_eq!(person.steps("language-nl", 2, &[]), shows(2));
    assert_eq!(
        person.steps("language-nl", 3, &[]),
        Step::Review { is_empty: false }
    );
    assert_eq!(person.steps("send", 3, &[("a.likes", "3")]), Step::Submit);
    assert_eq!(person.steps("nonsense", 0, &[("a.likes", "3")]), shows(2));
}

#[test]
fn a_question_that_an_answer_adds_is_shown_before_the_next_part() {
    let person = Person::reading("en");
    let shown = ("shown", "likes hard");
    let answers = [("a.likes", "3"), ("a.hard", "reading"), shown];
    assert_eq!(
        person.steps("next", 0, &answers),
        Step::Section {
            section: 0,
            complain: false,
            added: 1
        }
    );
    let again = [
        ("a.likes", "3"),
        ("a.hard", "reading"),
        ("shown", "likes hard more"),
    ];
    assert_eq!(
        person.steps("next", 0, &again),
        shows(2),
        "it may be left open"
    );
}

#[test]
fn answers_to_questions_that_are_no_longer_asked_are_dropped() {
    let person = Person::reading("en");
    let fields = [
        ("a.likes", "2"),
        ("a.more", "Too fast."),
        ("a.only", "x"),
        ("a.other", "y"),
    ];
    person.presses("send", 3, &fields, |course| {
        assert_eq!(course.step(), Step::Submit);
        assert_eq!(
            course
                .answers()
                .iter()
                .map(|(id, _)| id)
                .collect::<Vec<_>>(),
            ["likes"]
        );
        let review = person.paper().review(course, None);
        assert_eq!(
            review.wizard.carried,
            [("a.likes".to_owned(), "2".to_owned())]
        );
    });
}

#[test]
fn one_answer_can_be_cleared() {
    let person = Person::reading("en");
    let fields = [("a.likes", "3"), ("a.mark", "4")];
    person.presses("clear-mark", 2, &fields, |course| {
        assert_eq!(course.step(), shows(2));
        assert_eq!(course.answers().len(), 1);
    });
}

#[test]
fn the_review_says_every_answer_in_words() {
    let person = Person::reading("nl");
    let fields = [
        ("a.likes", "3"),
        ("a.hard", "sums"),
        ("a.all", "sums"),
        ("a.all", "reading"),
        ("a.order:sums", "1"),
        ("a.order:reading", "2"),
        ("a.order:writing", "3"),
        ("a.children", "missing:dont_know"),
        ("a.since", "1.9.2020"),
    ];
    person.presses("review", 2, &fields, |course| {
        assert_eq!(course.step(), Step::Review { is_empty: false });
        let review = person.paper().review(course, None);
        let answers: Vec<Vec<&str>> = review
            .parts
            .iter()
            .flat_map(|part| &part.lines)
            .map(|line| {
                line.answer
                    .iter()
                    .map(|words| words.text.as_str())
                    .collect()
            })
            .collect();
        let expected: Vec<Vec<&str>> = vec![
            vec!["Ja"],
            vec!["Rekenen"],
            vec![],
            vec![],
            vec!["Rekenen", "Lezen"],
            vec!["1. Rekenen", "2. Lezen", "3. Schrijven"],
            vec!["Weet ik niet"],
            vec!["1 september 2020"],
            vec![],
        ];
        assert_eq!(answers, expected);
        assert_eq!(review.unanswered(), 3);
        assert_eq!(review.wizard.section, 3);
    });
}
