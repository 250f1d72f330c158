//! Tables as people's programs write them, and how they are divided and shown.

use super::{Desk, parents, voice};
use klankbord_tests::definition;
use serde_json::{Value, json};

#[test]
fn the_same_answers_give_the_same_figures_however_they_are_written() {
    let desk = Desk::new();
    let numbers = desk.scored("P.PED1a,P.PED1b,P.PED1c\n4,5,missing:dont_know\n2,,1\n3,3,3\n5,4,2\n1,1,missing:not_applicable\n4,4,4\n", &["--own-data"]);
    assert_eq!(
        voice(&numbers, 0, "PED.1")["figures"]["missing"]["dontKnow"],
        1
    );
    let same = |table: &[u8]| {
        assert_eq!(
            desk.scored(table, &["--own-data"]),
            numbers,
            "{}",
            String::from_utf8_lossy(table)
        );
    };
    // Windows, semicolons, codes of options, a mark at the beginning.
    same("\u{feff}P.PED1a;P.PED1b;P.PED1c\r\nagree;strongly_agree;missing:dont_know\r\n2;;1\r\n\r\n3;3;3\r\n5;4;2\r\n1;1;missing:not_applicable\r\n4;4;4".as_bytes());
    // Tabs, quotes, spaces, labels in both languages.
    same("P.PED1a\t\"P.PED1b\"\tP.PED1c\n Agree \tstrongly agree\tWeet ik niet\nMee oneens\t\tHelemaal mee oneens\n3\t3\t3\n5\tMee eens\t2\n1\t1\tDoes not apply\n4\t4\t4\n".as_bytes());
    // The columns of an import of answers, in Windows-1252.
    same(b"organisation,P.PED1b,P.PED1a,P.PED1c\nPatio\xe9,5,4,missing:dont_know\nx,,2,1\nx,3,3,3\nx,4,5,2\nx,1,1,missing:not_applicable\nx,4,4,4\n");
    let piped = desk.cli.run_with_input(
        &["score", "--responses", "-", "--own-data", "--json"],
        "P.PED1a,P.PED1b,P.PED1c\n4,5,missing:dont_know\n2,,1\n3,3,3\n5,4,2\n1,1,missing:not_applicable\n4,4,4\n",
    );
    assert_eq!(piped.expect_success().json(), numbers);
}

#[test]
fn modules_without_a_column_are_not_asked() {
    let desk = Desk::new();
    let document = desk.scored(parents(12), &[]);
    let codes: Vec<&Value> = document["groups"][0]["indicators"]
        .as_array()
        .expect("indicators")
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["PED.1", "PED.2", "PED.3"]);
    assert_eq!(
        voice(&document, 0, "PED.2")["withheld"]["reason"],
        "no_responses"
    );
    assert_eq!(voice(&document, 0, "PED.1")["responses"], 12);
    let told = desk.score(&["--responses", "table.csv"]).stderr;
    assert!(
        told.contains("P.PED2a") && !told.contains("P.WEL1a"),
        "{told}"
    );
}

#[test]
fn small_groups_stay_hidden_unless_the_data_are_ones_own() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..20)
        .map(|row| {
            format!(
                "{},{},{}\n",
                if row < 3 { "1a" } else { "1b" },
                1 + row % 5,
                1 + row % 3
            )
        })
        .collect();
    let table = format!("class,P.PED1a,P.PED1b\n{}", rows.concat());
    let document = desk.scored(&table, &["--by", "class"]);
    let withheld = |group: usize| voice(&document, group, "PED.1")["withheld"]["reason"].clone();
    assert_eq!(
        [withheld(0), withheld(1), withheld(2)],
        [json!(null), json!("below_minimum"), json!("complementary")]
    );
    assert_eq!(voice(&document, 1, "PED.1")["responses"], Value::Null);
    let own = desk.scored(&table, &["--by", "class", "--own-data"]);
    assert_eq!(own["protected"], false);
    let n = |group: usize| voice(&own, group, "PED.1")["figures"]["n"].clone();
    assert_eq!([n(0), n(1), n(2)], [20, 3, 17]);
    let raised = desk.scored(&table, &["--minimum", "21", "--ignore", "class"]);
    assert_eq!(voice(&raised, 0, "PED.1")["withheld"]["minimum"], 21);
    let lowered = desk.scored(parents(4), &["--minimum", "2"]);
    assert_eq!(voice(&lowered, 0, "PED.1")["withheld"]["minimum"], 5);
}

#[test]
fn learners_need_ten_and_so_does_a_group_that_nobody_knows() {
    let desk = Desk::new();
    let minimum = |document: &Value| voice(document, 0, "PED.1")["withheld"]["minimum"].clone();
    let table = |id: &str| format!("{id}a,{id}b\n{}", "1,1\n2,3\n3,5\n".repeat(2));
    assert_eq!(minimum(&desk.scored(table("L.PED1"), &[])), 10);
    assert_eq!(
        minimum(&desk.scored(table("L.PED1"), &["--respondents", "adults"])),
        Value::Null
    );
    assert_eq!(
        minimum(&desk.scored(table("P.PED1"), &["--respondents", "learners"])),
        10
    );

    desk.write(
        "framework.json",
        definition::framework("small", "alumni").to_string(),
    );
    desk.write(
        "questionnaire.json",
        definition::questionnaire("one", "small", "alumni").to_string(),
    );
    let own = [
        "--questionnaire",
        "questionnaire.json",
        "--framework",
        "framework.json",
    ];
    let document = desk.scored("Q1\nyes\nno\nPartly\n3\n2\n1\n", &own);
    assert_eq!(voice(&document, 0, "ONE.1")["withheld"]["minimum"], 10);
    assert_eq!(
        document["questionnaire"],
        json!({"id": "one", "version": "1.0.0"})
    );
    let shown = desk.scored(
        "Q1\nyes\nno\nPartly\n3\n2\n1\n",
        &[&own[..], &["--respondents", "adults"]].concat(),
    );
    assert_eq!(voice(&shown, 0, "ONE.1")["figures"]["mean"], 50.0);
}

#[test]
fn a_table_may_hold_several_forms() {
    let desk = Desk::new();
    let rows = "parent,4,3,,\nparent,5,5,,\nstaff,,,2,1\n".repeat(5);
    let document = desk.scored(format!("form,P.PED1a,P.PED1b,S.PED1a,S.PED1b\n{rows}"), &[]);
    let voices = document["groups"][0]["indicators"][0]["voices"].clone();
    let heard: Vec<(&Value, &Value)> = voices
        .as_array()
        .expect("voices")
        .iter()
        .map(|voice| (&voice["form"], &voice["figures"]["n"]))
        .collect();
    assert_eq!(
        heard,
        [(&json!("parent"), &json!(10)), (&json!("staff"), &json!(5))]
    );
    desk.write(
        "table.csv",
        "form,P.PED1a,S.PED1a\nparent,4,3\nnobody,1,1\n",
    );
    let told = desk.score(&["--responses", "table.csv"]);
    let told = &told.expect_code(3).stderr;
    assert!(
        told.contains("/2/S.PED1a") && told.contains("/3/form"),
        "{told}"
    );
}

#[test]
fn the_number_of_people_narrows_the_intervals() {
    let desk = Desk::new();
    let interval = |arguments: &[&str]| {
        let figures = voice(&desk.scored(parents(30), arguments), 0, "PED.1");
        let ends = &figures["figures"]["meanInterval"];
        (
            figures["responseRate"].clone(),
            ends["upper"].as_f64().expect("an end") - ends["lower"].as_f64().expect("an end"),
        )
    };
    let (unknown, widest) = interval(&[]);
    let (half, narrower) = interval(&["--population", "60"]);
    let (all, none) = interval(&["--population", "30"]);
    assert_eq!((unknown, half, all), (Value::Null, json!(0.5), json!(1.0)));
    assert!(
        widest > narrower && narrower > none && none == 0.0,
        "{widest} {narrower} {none}"
    );
}

#[test]
fn people_read_a_table() {
    let desk = Desk::new();
    desk.write(
        "table.csv",
        format!(
            "class,{}",
            parents(26).replace('\n', "\n1a,").trim_end_matches("1a,")
        ),
    );
    let outcome = desk.score(&[
        "--responses",
        "table.csv",
        "--by",
        "class",
        "--language",
        "nl",
    ]);
    let shown = &outcome.expect_success().stdout;
    let line = shown
        .lines()
        .find(|line| line.starts_with("PED.1"))
        .expect("a line for PED.1");
    assert!(
        line.contains("parent") && line.contains(" 26 ") && line.contains(" to "),
        "{shown}"
    );
    assert!(line.contains("Inclusief lesgeven"), "{shown}");
    for words in [
        "26 rows counted",
        "All rows",
        "class: 1a",
        "95 % interval",
        "Nobody answered",
    ] {
        assert!(shown.contains(words), "no {words}:\n{shown}");
    }
}
