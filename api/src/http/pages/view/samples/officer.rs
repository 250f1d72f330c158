//! The pages of those who organise.

use super::{SCHOOL, pick, words};
use crate::http::pages::view::*;

pub(super) fn sign_in(language: &str) -> Vec<SignInPage> {
    let fresh = SignInPage {
        page: Page::new(language),
        email: String::new(),
        failed: false,
        signed_out: true,
        next: "/".to_owned(),
    };
    let failed = SignInPage {
        email: "mara@wilgenhoek.example".to_owned(),
        failed: true,
        signed_out: false,
        ..fresh.clone()
    };
    vec![fresh, failed]
}

pub(super) fn setup(language: &str) -> Vec<SetupPage> {
    let page = Page::new(language);
    let fresh = SetupPage {
        page: page.clone(),
        token: "t0k3n".to_owned(),
        values: SetupValues::default(),
        problems: Vec::new(),
    };
    let wrong = SetupPage {
        values: SetupValues {
            organisation: String::new(),
            level: "school".to_owned(),
            email: "mara".to_owned(),
        },
        problems: vec![
            SetupProblem {
                field: "organisation",
                message: page.one(
                    "setup-problem-empty",
                    "field",
                    page.text("setup-organisation"),
                ),
            },
            SetupProblem {
                field: "email",
                message: page.text("setup-problem-email"),
            },
            SetupProblem {
                field: "password",
                message: page.text("setup-problem-password"),
            },
        ],
        ..fresh.clone()
    };
    vec![fresh, wrong]
}

pub(super) fn overview(language: &str) -> Vec<OverviewPage> {
    let page = Page::new(language).signed_in("mara@wilgenhoek.example");
    let branch = |code: &str, name: &str, level: &str, rounds, children| OrganisationBranch {
        page: page.clone(),
        code: code.to_owned(),
        name: name.to_owned(),
        level: level.to_owned(),
        rounds,
        children,
    };
    let round = |title: &str, state, answered: Option<usize>| RoundLine {
        address: "/organisations/wilgenhoek?round=spring-2026".to_owned(),
        title: title.to_owned(),
        state,
        dates: page.with(
            "round-dates",
            &[("opens", "4".into()), ("closes", "29 mei 2026".into())],
        ),
        participation: answered.map(|answered| (240, answered)),
    };
    let full = OverviewPage {
        page: page.clone(),
        organisations: vec![branch(
            "samen",
            "Stichting Samen",
            "community",
            Vec::new(),
            vec![
                branch(
                    "wilgenhoek",
                    SCHOOL,
                    "school",
                    vec![
                        round("Voorjaar 2026", RoundState::Open, Some(113)),
                        round("Voorjaar 2025", RoundState::Opened, Some(201)),
                        round("2027", RoundState::Draft, None),
                    ],
                    ["onderbouw", "bovenbouw"]
                        .map(|unit| branch(unit, unit, "unit", Vec::new(), Vec::new()))
                        .to_vec(),
                ),
                branch(
                    "zeppelin",
                    "De Zeppelin",
                    "campus",
                    vec![round("Voorjaar 2026", RoundState::Closed, None)],
                    Vec::new(),
                ),
            ],
        )],
    };
    let fresh = OverviewPage {
        page: page.clone(),
        organisations: vec![branch(
            "samen",
            "Stichting Samen",
            "community",
            Vec::new(),
            Vec::new(),
        )],
    };
    let nothing = OverviewPage {
        page,
        organisations: Vec::new(),
    };
    vec![full, fresh, nothing]
}

fn figure(mean: f64, half: f64, n: usize, favourable: Share) -> Cell {
    Cell::Figure(Figure {
        mean,
        interval: Some((mean - half, mean + half)),
        n,
        favourable: Some(favourable),
    })
}

fn cells() -> Vec<Cell> {
    vec![
        figure(71.6, 2.4, 182, Share::Exactly(0.642)),
        figure(64.2, 5.1, 74, Share::Exactly(0.58)),
        figure(94.0, 5.5, 31, Share::AtLeast(0.95)),
        Cell::Withheld(Withheld::TooFew { minimum: 10 }),
    ]
}

pub(super) fn results(language: &str) -> Vec<ResultsPage> {
    let page = Page::new(language).signed_in("mara@wilgenhoek.example");
    let row = |code: &str, english, dutch, cells| IndicatorRow {
        code: code.to_owned(),
        title: words(language, english, dutch),
        address: format!("/organisations/wilgenhoek/indicators/{code}?round=spring-2026"),
        cells,
    };
    let full = ResultsPage {
        page: page.clone(),
        organisation: SCHOOL.to_owned(),
        round: pick(
            language,
            "How are we doing? Spring 2026",
            "Hoe doen we het? Voorjaar 2026",
        )
        .to_owned(),
        dates: pick(
            language,
            "4 May 2026 to 29 May 2026",
            "4 mei 2026 tot en met 29 mei 2026",
        )
        .to_owned(),
        opened: true,
        participation: [
            ("group-learner", 230, 182),
            ("group-parent", 240, 74),
            ("group-staff", 36, 31),
            ("group-employer", 0, 0),
        ]
        .map(|(group, invited, answered)| Participation {
            group: page.text(group),
            invited,
            answered,
        })
        .to_vec(),
        voices: [
            "group-learner",
            "group-parent",
            "group-staff",
            "group-employer",
        ]
        .map(|group| page.text(group))
        .to_vec(),
        areas: vec![
            AreaTable {
                code: "PED".to_owned(),
                title: words(language, "Pedagogy", "Pedagogiek"),
                rows: vec![
                    row(
                        "PED.1",
                        "Inclusive, evidence-informed teaching",
                        "Inclusief lesgeven op basis van kennis",
                        cells(),
                    ),
                    row(
                        "PED.2",
                        "High expectations",
                        "Hoge verwachtingen",
                        vec![
                            figure(58.0, 3.0, 180, Share::Exactly(0.4)),
                            Cell::Withheld(Withheld::Derivable),
                            figure(5.0, 4.0, 31, Share::AtMost(0.05)),
                            Cell::Withheld(Withheld::Nobody),
                        ],
                    ),
                ],
            },
            AreaTable {
                code: "LEA".to_owned(),
                title: words(language, "Leadership", "Leiderschap"),
                rows: vec![row(
                    "LEA.1",
                    "Shared leadership",
                    "Gedeeld leiderschap",
                    vec![
                        Cell::NotAsked,
                        Cell::NotAsked,
                        Cell::Figure(Figure {
                            mean: 66.0,
                            interval: None,
                            n: 31,
                            favourable: None,
                        }),
                        Cell::NotAsked,
                    ],
                )],
            },
        ],
        data_address: "/api/v1/indicators?organisation=wilgenhoek".to_owned(),
    };
    let waiting = ResultsPage {
        opened: false,
        areas: Vec::new(),
        ..full.clone()
    };
    let nothing = ResultsPage {
        areas: Vec::new(),
        ..full.clone()
    };
    vec![full, waiting, nothing]
}

pub(super) fn indicator(language: &str) -> Vec<IndicatorPage> {
    let page = Page::new(language).signed_in("mara@wilgenhoek.example");
    let questions = vec![
        words(
            language,
            "My teachers explain things so that I understand them.",
            "Mijn leraren leggen dingen zo uit dat ik ze begrijp.",
        ),
        words(
            language,
            "Lessons go too fast for me.",
            "De lessen gaan te snel voor mij.",
        ),
    ];
    let spread = [
        ("Unfavourable", "Ongunstig", 0.12),
        ("Neutral", "Neutraal", 0.24),
        ("Favourable", "Gunstig", 0.64),
    ]
    .map(|(english, dutch, share)| (words(language, english, dutch), Share::Exactly(share)))
    .to_vec();
    let voices = [
        "group-learner",
        "group-parent",
        "group-staff",
        "group-employer",
    ]
    .into_iter()
    .zip(cells())
    .map(|(group, cell)| VoiceDetail {
        group: page.text(group),
        invited: 230,
        questions: questions.clone(),
        distribution: if matches!(cell, Cell::Figure(_)) {
            spread.clone()
        } else {
            Vec::new()
        },
        is_bounded: false,
        concentrated: (group == "group-staff").then(|| words(language, "Agree", "Mee eens")),
        alpha: matches!(cell, Cell::Figure(_)).then_some(0.83),
        missing: vec![
            (pick(language, "Don't know", "Weet ik niet").to_owned(), 12),
            (page.text("not-answered"), 3),
        ],
        cell,
    })
    .chain([VoiceDetail {
        group: pick(language, "Alumni", "Oud-leerlingen").to_owned(),
        invited: 0,
        cell: Cell::NotAsked,
        questions: Vec::new(),
        distribution: Vec::new(),
        concentrated: None,
        is_bounded: true,
        alpha: None,
        missing: Vec::new(),
    }])
    .collect();
    ["input", "process", "outcome"]
        .map(|kind| IndicatorPage {
            page: page.clone(),
            organisation: SCHOOL.to_owned(),
            round: pick(language, "Spring 2026", "Voorjaar 2026").to_owned(),
            back: "/organisations/wilgenhoek?round=spring-2026".to_owned(),
            code: "PED.1".to_owned(),
            title: words(
                language,
                "Inclusive, evidence-informed teaching",
                "Inclusief lesgeven op basis van kennis",
            ),
            description: words(
                language,
                "Teaching reaches every learner and builds on what is known to work.",
                "De lessen bereiken elke leerling en bouwen op wat bewezen werkt.",
            ),
            area: words(language, "Pedagogy", "Pedagogiek"),
            kind,
            voices: Clone::clone(&voices),
            data_address: "/api/v1/indicators?organisation=wilgenhoek".to_owned(),
        })
        .to_vec()
}
