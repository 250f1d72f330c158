//! What is wrong with a table is told by line and column, and nothing is printed for a program to read.

use super::{Desk, parents, voice};
use serde_json::json;

/// Runs with this table; the exit code, and all the words in what is told.
#[track_caller]
fn refused(desk: &Desk, table: &str, arguments: &[&str], code: i32, words: &[&str]) {
    desk.write("table.csv", table);
    let outcome = desk.score(&[&["--responses", "table.csv"], arguments].concat());
    let told = &outcome.expect_code(code).stderr;
    for word in words {
        assert!(told.contains(word), "{word:?} is missing in {told}");
    }
    assert_eq!(
        outcome.stdout, "",
        "a failure leaves nothing for a program to read"
    );
}

#[test]
fn every_bad_row_is_told_with_line_and_column() {
    let desk = Desk::new();
    let table = "P.PED1a,P.PED1b,P.PED1c\n1,2,3\n6,2,often\n1,\"2\n\",missing:never\n\n4,5\n,,\n,,missing:dont_know\n1,2,4.5\n";
    let words = [
        "5 of 6 rows to mend",
        "--skip-bad-rows",
        "/3/P.PED1a: Give a whole number from 1 to 5. [out_of_range]",
        "/3/P.PED1c: This is a text",
        "/4/P.PED1c",
        "/7: This row has 2 cells and the header has 3.",
        "/9: This row answers nothing.",
        "/10/P.PED1c",
    ];
    refused(&desk, table, &[], 3, &words);
    refused(&desk, table, &["--json"], 3, &words);
}

#[test]
fn bad_rows_can_be_left_out_and_are_told_all_the_same() {
    let desk = Desk::new();
    desk.write("table.csv", format!("{}9,9,9\n", parents(20)));
    let arguments = ["--responses", "table.csv", "--skip-bad-rows", "--json"];
    let outcome = desk.score(&arguments);
    let told = &outcome.expect_success().stderr;
    assert!(
        told.contains("rows left out: 1\n") && told.contains("/22/P.PED1a"),
        "{told}"
    );
    let document = outcome.json();
    assert_eq!(document["rows"], json!({"counted": 20, "skipped": 1}));
    let clean = desk.scored(parents(20), &[]);
    assert_eq!(
        document["groups"], clean["groups"],
        "a row that is left out counts nowhere"
    );
}

#[test]
fn only_the_first_hundred_problems_are_told() {
    let desk = Desk::new();
    let table = format!("P.PED1a\n{}", "7\n".repeat(250));
    refused(
        &desk,
        &table,
        &[],
        3,
        &[
            "250 of 250 rows",
            "first 100 of 250 problems",
            "/101/P.PED1a",
        ],
    );
    let outcome = desk.score(&["--responses", "table.csv"]);
    assert_eq!(outcome.stderr.matches("[out_of_range]").count(), 100);
}

#[test]
fn columns_that_cannot_be_placed_are_told_with_what_to_do() {
    let desk = Desk::new();
    let table = "P.PED1a,shoe size,P.PED1b,P.PED1b\n1,43,2,2\n";
    refused(
        &desk,
        table,
        &[],
        3,
        &[
            "/1/shoe size",
            "--ignore",
            "[unknown_item]",
            "/1/P.PED1b",
            "[repeated_column]",
        ],
    );
    let table = "P.PED1a,shoe size\n1,43\n";
    refused(
        &desk,
        table,
        &["--by", "class"],
        3,
        &["/1/class", "[no_such_column]", "/1/shoe size"],
    );
    refused(
        &desk,
        "name,age\nAda,40\n",
        &[],
        3,
        &["P.PED1a", "[no_items]"],
    );
    refused(&desk, "", &[], 3, &["[no_items]"]);
    refused(
        &desk,
        "P.PED1a,S.PED1a\n1,2\n",
        &[],
        3,
        &["parent, staff", "--form", "[several_forms]"],
    );
    refused(
        &desk,
        "P.PED1a\n1\n",
        &["--form", "grandparent"],
        3,
        &["grandparent", "learner-easy", "[unknown_form]"],
    );
    refused(
        &desk,
        "P.PED1a\n1\n",
        &["--form", "staff"],
        3,
        &["[unknown_item]"],
    );
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_rest() {
    let desk = Desk::new();
    let table = format!("P.PED1a\n1\n\"2\n{}", "3\n".repeat(2_000_000));
    refused(
        &desk,
        &table,
        &[],
        3,
        &["/3: This row does not end", "quote", "[row_too_long]"],
    );
}

#[test]
fn too_many_groups_and_bad_sizes_are_told() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..2001).map(|row| format!("{row},1\n")).collect();
    refused(
        &desk,
        &format!("pupil,P.PED1a\n{}", rows.concat()),
        &["--by", "pupil"],
        3,
        &["/2002/pupil", "[too_many_groups]"],
    );
    let table = parents(10);
    refused(&desk, &table, &["--population", "0"], 3, &["/population"]);
    refused(
        &desk,
        &table,
        &["--population", "nowhere.csv"],
        1,
        &["nowhere.csv"],
    );
    desk.write("sizes.csv", "class,population\n1a,many\n1b,3\n1b,4\n");
    refused(
        &desk,
        "class,P.PED1a\n1a,1\n",
        &["--by", "class", "--population", "sizes.csv"],
        3,
        &["/2/population", "[bad_number]", "/4", "[repeated_group]"],
    );
    desk.write("sizes.csv", "class,people\n1a,3\n");
    refused(
        &desk,
        &table,
        &["--population", "sizes.csv"],
        3,
        &["/1/population", "[missing_column]"],
    );
}

#[test]
fn what_is_not_there_or_does_not_go_together_is_told() {
    let desk = Desk::new();
    let nothing = desk.score(&["--responses", "nowhere.csv"]);
    assert!(nothing.expect_code(1).stderr.contains("nowhere.csv"));
    desk.score(&[]).expect_code(2);
    let both = desk.score(&["--responses", "table.csv", "--own-data", "--minimum", "7"]);
    assert!(both.expect_code(2).stderr.contains("--own-data"));
    desk.write("broken.json", "{");
    refused(
        &desk,
        &parents(6),
        &["--questionnaire", "broken.json"],
        3,
        &["cannot be used", "malformed_json"],
    );
    refused(
        &desk,
        &parents(6),
        &["--questionnaire", "no-such"],
        1,
        &["no-such"],
    );
    desk.write("table.csv", parents(6));
    let table = desk.scored(parents(6), &["--questionnaire", "school-self-review@1.0.0"]);
    assert_eq!(voice(&table, 0, "PED.1")["figures"]["n"], 6);
    let left = std::fs::read_dir(desk.path()).expect("the folder").count();
    assert_eq!(left, 2, "scoring leaves nothing behind");
}
