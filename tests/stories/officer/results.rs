//! The figures on the pages: the same as in the API, and silent for the same reasons.

use klankbord_tests::{Caller, Community, OfficerSession, Stage, stories};
use serde_json::{Value, json};

/// A school of two classes whose parents have all answered, one class large and one small; closed.
fn classes(stage: &Stage) -> (Community<'_>, OfficerSession) {
    let community = Community::found(stage);
    community.school("de-linde");
    for (class, parents) in [
        ("class-1", 12),
        ("class-2", 11),
        ("class-3", 3),
        ("class-4", 4),
    ] {
        let unit = json!({"code": class, "name": format!("Class {class}"), "level": "unit", "parent": "de-linde"});
        community
            .program()
            .post_json("/api/v1/organisations", &unit)
            .expect_status(201);
        community.enrol(class, "parent", parents);
    }
    community.enrol("de-linde", "staff", 2);
    community.round("autumn", "de-linde", &["parent", "staff"]);
    for (number, link) in (0_u8..).zip(community.invite_by_app("autumn")) {
        let form = if link.email.starts_with("staff") {
            "staff"
        } else {
            "parent"
        };
        // Two of the parents of the first class do not answer.
        if link.email != "parent1@class-1.example" && link.email != "parent2@class-1.example" {
            community.submit(
                &link.token,
                &community.agree("autumn", form, 1 + number % 5),
                201,
            );
        }
    }
    community.close("autumn");
    let officer = community.officer("officer@de-linde.example", "de-linde", "officer");
    (community, officer)
}

/// The numbers in a text, in its order.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|sign: char| !(sign.is_ascii_digit() || sign == '.'));
    parts
        .filter_map(|part| part.trim_matches('.').parse().ok())
        .collect()
}

/// Whether a cell says what the API says of the same voice.
#[track_caller]
fn expect_same(cell: &str, voice: &Value) {
    let Some(figures) = voice["figures"].as_object() else {
        let reason = voice["withheld"]["reason"].as_str().unwrap_or_default();
        let words = match reason {
            "below_minimum" => format!(
                "Withheld: fewer than {} answered",
                voice["withheld"]["minimum"]
            ),
            "complementary" => "Withheld: it would reveal a small group".to_owned(),
            other => panic!("{other} was not to be met here: {voice:#}"),
        };
        assert_eq!(cell, words);
        return;
    };
    let interval = &figures["meanInterval"];
    let wanted = [
        &figures["mean"],
        &interval["lower"],
        &interval["upper"],
        &figures["n"],
    ];
    let wanted: Vec<f64> = wanted.iter().filter_map(|number| number.as_f64()).collect();
    let shown = numbers(cell);
    assert!(wanted.len() == 4 || interval.is_null(), "{voice:#}");
    for (place, number) in wanted.iter().enumerate() {
        let close = shown
            .get(place)
            .is_some_and(|shown| (shown - number).abs() <= 0.5 + 1e-9);
        assert!(close, "{cell} does not say {wanted:?}");
    }
}

/// Every indicator of a document with the page's cells for its code.
#[track_caller]
fn compare(officer: &mut OfficerSession, organisation: &str) -> (usize, usize) {
    let address = format!("/organisations/{organisation}?round=autumn");
    let page = officer.open(&address).clone();
    page.expect_status(200);
    let data = page.link("These figures as data (JSON)");
    let document = officer.get(&data).expect_status(200).json();
    let rows = page.texts("table.voices tbody tr th .code");
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|code| {
            let place = rows
                .iter()
                .position(|other| other == code)
                .expect("the row");
            let per_row = page.texts("table.voices tbody td").len() / rows.len();
            page.texts("table.voices tbody td")[place * per_row..(place + 1) * per_row].to_vec()
        })
        .collect();
    let forms: Vec<&str> = document["participation"]
        .as_array()
        .expect("participation")
        .iter()
        .filter(|one| one["invited"].as_u64() > Some(0))
        .filter_map(|one| one["form"].as_str())
        .collect();
    let (mut figures, mut withheld) = (0, 0);
    let indicators = document["indicators"].as_array().expect("indicators");
    assert_eq!(indicators.len(), rows.len());
    for indicator in indicators {
        let code = indicator["code"].as_str().expect("a code");
        let place = rows
            .iter()
            .position(|row| row == code)
            .expect("a row of the indicator");
        for voice in indicator["voices"].as_array().expect("voices") {
            let Some(column) = forms.iter().position(|form| voice["form"] == *form) else {
                continue;
            };
            expect_same(&cells[place][column], voice);
            if voice["figures"].is_null() {
                withheld += 1;
            } else {
                figures += 1;
            }
        }
    }
    (figures, withheld)
}

stories! {
    fn the_page_shows_the_figures_of_the_api(stage: &Stage) {
        let (_, mut officer) = classes(stage);
        // The whole school: parents are shown, two members of staff are not.
        let (figures, withheld) = compare(&mut officer, "de-linde");
        assert!(figures >= 10 && withheld >= 10, "{figures} figures, {withheld} withheld");
        // A large class is shown; a small one and its neighbour, which would tell it, are not.
        let (figures, withheld) = compare(&mut officer, "class-1");
        assert!(figures > 0 && withheld == 0, "{figures} figures, {withheld} withheld");
        let (figures, withheld) = compare(&mut officer, "class-3");
        assert!(figures == 0 && withheld > 0, "{figures} figures, {withheld} withheld");
    }

    fn the_overview_lists_rounds_with_their_counts_and_leads_to_them(stage: &Stage) {
        let (community, mut officer) = classes(stage);
        community.round("winter", "de-linde", &["parent"]);
        let overview = officer.open("/").clone();
        overview.expect_text("School de-linde").expect_text("Class class-1").expect_text("30 of 32 answered");
        let mut states = overview.texts(".rounds .badge");
        states.sort();
        states.dedup();
        assert_eq!(states, ["Open", "Results"]);
        let address = "/organisations/de-linde?round=autumn";
        assert!(overview.attributes(".rounds a", "href").iter().any(|href| href == address));
        let page = officer.open(address).clone();
        page.expect_status(200);
        let taking_part = page.table("Who took part");
        assert_eq!(taking_part.len(), 3, "{taking_part:?}");
    }

    fn one_indicator_is_shown_with_its_questions_and_its_chart(stage: &Stage) {
        let (_, mut officer) = classes(stage);
        let results = officer.open("/organisations/de-linde?round=autumn").clone();
        let first = results.attributes("table.voices a", "href").remove(0);
        let page = officer.open(&first).clone();
        page.expect_status(200).expect_text("What was asked").expect_text("How the answers are spread");
        assert_eq!(page.texts("svg.chart[role=img] title").len(), 1);
        let document = officer.get(&page.link("These figures as data (JSON)")).expect_status(200).json();
        let indicator = &document["indicators"][0];
        assert_eq!(page.heading(), indicator["title"].as_str().unwrap_or_default());
        let table = page.table("How each group sees it");
        let voices = indicator["voices"].as_array().expect("voices");
        assert_eq!(table.len(), voices.len() + 1);
        for (row, voice) in table[1..].iter().zip(voices) {
            expect_same(&row[1], voice);
            assert_eq!(row[2], voice["invited"].to_string());
        }
        // Nothing of a withheld voice stands anywhere else on the page.
        let staff = voices.iter().find(|voice| voice["form"] == "staff").expect("staff");
        assert!(staff["figures"].is_null());
        assert_eq!(page.texts("table.spread").len(), 1, "only the parents' answers are spread out");
    }

    fn an_open_round_shows_who_takes_part_and_no_figure(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 8);
        community.round("autumn", "de-linde", &["parent"]);
        for link in community.invite_by_app("autumn") {
            community.submit(&link.token, &community.agree("autumn", "parent", 5), 201);
        }
        let mut officer = community.officer("officer@de-linde.example", "de-linde", "officer");
        let page = officer.open("/organisations/de-linde?round=autumn");
        page.expect_status(200).expect_text("The answers are still sealed");
        assert!(page.texts(".mean").is_empty());
        let page = officer.open("/organisations/de-linde/indicators/PED.1?round=autumn");
        assert!(page.texts(".mean").is_empty() && page.texts("table.spread").is_empty(), "{}", page.text());
    }

    fn the_pages_speak_the_language_of_the_account(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        let password = "correct horse battery staple";
        let add = ["user", "add", "jan@de-linde.example", "--organisation", "de-linde", "--role", "officer", "--language", "nl"];
        stage.cli().run_with_input(&add, &format!("{password}\n")).expect_success();
        // The sign-in page follows the browser, what comes after it the account.
        let mut officer = stage.officer("jan@de-linde.example", password);
        assert_eq!(officer.page().language(), Some("nl"));
        officer.open("/organisations/nowhere?round=x").expect_status(404);
        assert_eq!(officer.page().language(), Some("nl"));
        let mut visitor = stage.visitor().reading("nl-BE, en;q=0.5");
        assert_eq!(visitor.open("/sign-in").language(), Some("nl"));
    }
}
