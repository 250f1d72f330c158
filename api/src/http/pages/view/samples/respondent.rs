//! The pages of those who answer.

use super::{SCHOOL, pick, question, words};
use crate::http::pages::view::*;

const CHECK: &str = "/rounds/1/spring?language=en";

fn assignment(language: &str, id: &str, organisation: &str, done: bool) -> AssignmentLine {
    AssignmentLine {
        id: id.to_owned(),
        organisation: organisation.to_owned(),
        form: words(
            language,
            "Questions for parents and carers",
            "Vragen voor ouders en verzorgers",
        ),
        minutes: 8,
        done,
        assisted: false,
        can_replace: true,
    }
}

pub(super) fn welcome(language: &str) -> Vec<WelcomePage> {
    let one = WelcomePage {
        page: Page::new(language),
        token: "1-ABCDEFGHJKMNPQRSTVWXYZ0123".to_owned(),
        language: language.to_owned(),
        organisation: SCHOOL.to_owned(),
        round: words(
            language,
            "How are we doing? Spring 2026",
            "Hoe doen we het? Voorjaar 2026",
        ),
        group: Some(Page::new(language).text("group-parent")),
        introduction: Some(words(
            language,
            "How does your child's school look from where you are? Your answers show what goes well and what the school can do better.",
            "Hoe ziet de school van uw kind er vanuit u uit? Uw antwoorden laten zien wat goed gaat en wat beter kan.",
        )),
        closes: Some(pick(language, "29 May 2026", "29 mei 2026").to_owned()),
        promise: Promise::Anonymous,
        check: CHECK.to_owned(),
        blind: true,
        assignments: vec![assignment(language, "a1", SCHOOL, false)],
        languages: LanguageChoice::among(&["en", "nl", "ar", "uk"], language),
    };
    let several = WelcomePage {
        assignments: vec![
            assignment(language, "a1", SCHOOL, true),
            assignment(language, "a2", "Basisschool De Zeppelin", false),
            AssignmentLine {
                can_replace: false,
                ..assignment(language, "a3", "Praktijkcollege Zuid", true)
            },
        ],
        promise: confidential(language),
        blind: false,
        ..one.clone()
    };
    let again = WelcomePage {
        assignments: vec![assignment(language, "a1", SCHOOL, true)],
        promise: Promise::Identified,
        blind: false,
        languages: Vec::new(),
        introduction: None,
        closes: None,
        ..one.clone()
    };
    let foreign = WelcomePage {
        round: Words::new("كيف حالنا؟ ربيع 2026", "ar"),
        introduction: Some(Words::new("إجاباتك تساعد المدرسة.", "ar")),
        languages: LanguageChoice::among(&["en", "nl", "ar", "uk"], "ar"),
        ..one.clone()
    };
    let easy = WelcomePage {
        page: Page::new(language).easy(true).informal(true),
        ..one.clone()
    };
    vec![one, several, again, foreign, easy]
}

fn confidential(language: &str) -> Promise {
    Promise::Confidential {
        keeper: pick(language, "the research bureau", "het onderzoeksbureau").to_owned(),
        purpose: pick(
            language,
            "to compare this year with last year",
            "dit jaar vergelijken met vorig jaar",
        )
        .to_owned(),
        until: pick(language, "1 September 2026", "1 september 2026").to_owned(),
    }
}

fn wizard(language: &str) -> Wizard {
    Wizard {
        bearer: Bearer::Token("1-ABCDEFGHJKMNPQRSTVWXYZ0123".to_owned()),
        assignment: "a1".to_owned(),
        language: language.to_owned(),
        section: 1,
        shown: "P.Q1 P.Q2".to_owned(),
        carried: vec![
            ("a.P.X1".to_owned(), "4".to_owned()),
            ("a.P.X2".to_owned(), "\"quoted\" <text>".to_owned()),
        ],
        portable: false,
    }
}

pub(super) fn section(language: &str) -> Vec<SectionPage> {
    let plain = SectionPage {
        page: Page::new(language),
        wizard: wizard(language),
        organisation: SCHOOL.to_owned(),
        title: words(language, "Support for learning", "Hulp bij het leren"),
        description: Some(words(
            language,
            "About help when learning is hard.",
            "Over hulp als leren moeilijk gaat.",
        )),
        part: 2,
        parts: 5,
        questions: question::statements(language),
        added: 0,
        languages: LanguageChoice::among(&["en", "nl", "uk"], language),
    };
    let every = SectionPage {
        questions: question::every_kind(language),
        part: 5,
        added: 1,
        languages: Vec::new(),
        ..plain.clone()
    };
    let easy = SectionPage {
        page: Page::new(language).easy(true).informal(true),
        ..plain.clone()
    };
    vec![plain, every, easy]
}

pub(super) fn review(language: &str) -> Vec<ReviewPage> {
    let line = |english, dutch, answer: &[(&str, &str)]| ReviewLine {
        question: words(language, english, dutch),
        answer: answer
            .iter()
            .map(|(english, dutch)| words(language, english, dutch))
            .collect(),
    };
    let open = ReviewPage {
        page: Page::new(language),
        wizard: wizard(language),
        organisation: SCHOOL.to_owned(),
        parts: vec![
            ReviewPart {
                section: 0,
                title: words(language, "Teaching", "De lessen"),
                lines: vec![
                    line(
                        "My child gets help that fits.",
                        "Mijn kind krijgt hulp die past.",
                        &[("Agree", "Mee eens")],
                    ),
                    line("Lessons go too fast.", "De lessen gaan te snel.", &[]),
                ],
            },
            ReviewPart {
                section: 2,
                title: words(language, "Wellbeing", "Welbevinden"),
                lines: vec![line(
                    "What could be better?",
                    "Wat kan beter?",
                    &[("Reading", "Lezen"), ("Being outside", "Buiten zijn")],
                )],
            },
        ],
        problem: None,
        anonymous: true,
        check: CHECK.to_owned(),
        languages: LanguageChoice::among(&["en", "nl"], language),
    };
    let complete = ReviewPage {
        anonymous: false,
        problem: Some(Page::new(language).text("review-empty")),
        parts: open.parts.iter().skip(1).cloned().collect(),
        ..open.clone()
    };
    let blind = ReviewPage {
        wizard: Wizard {
            bearer: Bearer::Credential("1.spring.2.AAAA".to_owned()),
            portable: true,
            ..wizard(language)
        },
        ..open.clone()
    };
    vec![open, complete, blind]
}

pub(super) fn thanks(language: &str) -> Vec<ThanksPage> {
    let last = ThanksPage {
        page: Page::new(language),
        token: None,
        language: language.to_owned(),
        organisation: SCHOOL.to_owned(),
        closes: Some(pick(language, "29 May 2026", "29 mei 2026").to_owned()),
        replaced: false,
        anonymous: true,
        check: CHECK.to_owned(),
        open: Vec::new(),
    };
    let more = ThanksPage {
        replaced: true,
        closes: None,
        token: Some("1-ABCDEFGHJKMNPQRSTVWXYZ0123".to_owned()),
        open: vec![assignment(language, "a2", "Basisschool De Zeppelin", false)],
        ..last.clone()
    };
    vec![last, more]
}

pub(super) fn check(language: &str) -> Vec<CheckPage> {
    let fingerprint = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
    let key = |number| SigningKeyLine {
        number,
        form: words(
            language,
            "Questions for parents and carers",
            "Vragen voor ouders en verzorgers",
        ),
        fingerprint: grouped(fingerprint),
    };
    let open = CheckPage {
        page: Page::new(language),
        organisation: SCHOOL.to_owned(),
        round: words(
            language,
            "How are we doing? Spring 2026",
            "Hoe doen we het? Voorjaar 2026",
        ),
        promise: Promise::Anonymous,
        open: true,
        counts: None,
        sealing_key: Some(grouped(fingerprint)),
        signing_keys: Vec::new(),
        languages: LanguageChoice::among(&["en", "nl"], language),
    };
    let closed = CheckPage {
        open: false,
        counts: Some(CheckCounts {
            issued: 600,
            claimed: 412,
            ballots: 412,
            opened: 412,
        }),
        signing_keys: (1..=3).map(key).collect(),
        ..open.clone()
    };
    let paired = CheckPage {
        promise: confidential(language),
        counts: Some(CheckCounts {
            issued: 60,
            claimed: 41,
            ballots: 43,
            opened: 43,
        }),
        ..closed.clone()
    };
    let named = CheckPage {
        page: Page::new(language).informal(true),
        promise: Promise::Identified,
        sealing_key: None,
        ..open.clone()
    };
    vec![open, closed, paired, named]
}

pub(super) fn bare(language: &str) -> Vec<BarePage> {
    [false, true]
        .map(|informal| BarePage {
            page: Page::new(language).informal(informal),
        })
        .to_vec()
}

pub(super) fn notices(language: &str) -> Vec<NoticePage> {
    [
        Notice::UnknownLink,
        Notice::NotOpenYet {
            opens: Some(pick(language, "4 May 2026", "4 mei 2026").to_owned()),
        },
        Notice::NotOpenYet { opens: None },
        Notice::Closed,
        Notice::TooLarge,
        Notice::Incomplete,
        Notice::Busy,
        Notice::TooMany,
        Notice::Forbidden,
        Notice::NotFound,
        Notice::Failed,
        Notice::Unavailable,
        Notice::Full,
        Notice::SetupUsed,
        Notice::BegunElsewhere,
        Notice::WrongCredential,
    ]
    .into_iter()
    .map(|notice| NoticePage {
        page: Page::new(language),
        reference: (notice == Notice::Failed).then(|| "8d2f-11".to_owned()),
        notice,
    })
    .collect()
}

pub(super) fn unsubscribe(language: &str) -> Vec<UnsubscribePage> {
    [false, true]
        .map(|done| UnsubscribePage {
            page: Page::new(language),
            token: "1-ABCDEFGHJKMNPQRSTVWXYZ0123".to_owned(),
            organisation: SCHOOL.to_owned(),
            done,
        })
        .to_vec()
}
