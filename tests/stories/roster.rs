//! Rosters as school systems write them, taken in whole or not at all.

use klankbord_tests::{Caller, Community, Reply, Request, stories};
use serde_json::{Value, json};

const TABLE: &str = "reference,email,group,organisation,language\n\
    71,ana@home.example,parent,linde,pt\n\
    72,jos@home.example,staff,linde,\n\
    Jos\u{e9} 7,,learner,linde,nl\n";

stories! {
    fn tables_of_every_make_hold_the_same_people(stage: &Stage) {
        let community = school(stage);
        assert_eq!(counts(&import(&community, TABLE)), [3, 3, 0, 3]);
        let windows: Vec<u8> = TABLE.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin")).collect();
        let quoted = |separator: &str, end: &str| {
            let between = format!("\"{separator}\"");
            let lines = TABLE.lines().map(|line| format!("\"{}\"{end}", line.replace(',', &between)));
            lines.collect::<String>()
        };
        let shuffled = TABLE.lines().map(|line| line.splitn(2, ',').collect::<Vec<_>>());
        let shuffled = shuffled.map(|cells| format!(" {} , {}\n", cells[1].replace(',', " , "), cells[0]));
        let excel = windows.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
        for (what, table) in [
            ("a byte order mark", format!("\u{feff}{TABLE}").into_bytes()),
            ("semicolons", TABLE.replace(',', ";").into_bytes()),
            ("tabs", TABLE.replace(',', "\t").into_bytes()),
            ("Windows-1252", windows.clone()),
            ("Windows-1252 with semicolons and its line ends", excel.iter().map(|byte| if *byte == b',' { b';' } else { *byte }).collect()),
            ("quotes around every cell", quoted(",", "\n").into_bytes()),
            ("a mark, quotes and semicolons", format!("\u{feff}{}", quoted(";", "\r\n")).into_bytes()),
            ("another order, spaces and empty lines", format!("{}\n , , , ,\n", shuffled.collect::<String>()).into_bytes()),
            ("capitals in the header", TABLE.replace("email,group", "Email,GROUP").into_bytes()),
            ("a line break within quotes", TABLE.replace("72,", "\"\n72\n\",").into_bytes()),
        ] {
            let reply = send(&community, "linde", &table);
            assert_eq!(reply.status(), 200, "{what}: {}", reply.text());
            assert_eq!(counts(&reply.json()), [3, 0, 0, 0], "{what}");
        }
    }

    fn columns_that_are_not_known_are_refused_and_those_that_are_needed_named(stage: &Stage) {
        let community = school(stage);
        for (table, wanted) in [
            ("e-mail;religion\n", vec!["/1/e-mail unknown_column", "/1/religion unknown_column", "/1/group missing_column", "/1/organisation missing_column", "/1/email missing_column"]),
            ("email,email,group,organisation\na@b.example,c@d.example,parent,linde\n", vec!["/1/email duplicate_column"]),
            ("", vec!["/1/group missing_column", "/1/organisation missing_column", "/1/email missing_column"]),
        ] {
            let problem = send(&community, "linde", table.as_bytes()).expect_problem(422, "invalid");
            assert_eq!(errors(&problem), wanted, "{table:?}");
        }
    }

    fn every_bad_row_is_told_by_its_line_and_nothing_is_half_imported(stage: &Stage) {
        let community = school(stage);
        let table = "email,reference,group,organisation,language,form\n\
            good@home.example,,parent,linde,,\n\
            \"\n\",,parent,linde,,\n\
            not an address,,parent,linde,,\n\
            b@home.example,,,linde,,\n\
            c@home.example,,parent,elsewhere,,\n\
            d@home.example,,grandparent,linde,,\n\
            e@home.example,,parent,linde,plain english,\n\
            f@home.example,,parent,linde,,Bad Form\n\
            g@home.example,,parent\n\
            good@home.example,,parent,linde,,\n\
            ,9,parent,linde,nl,\n\
            ,9,staff,linde,fr,\n\
            ,\"two\nlines\",parent,linde,,\n\
            last@home.example,,parent,linde,,\n";
        let problem = send(&community, "linde", table.as_bytes()).expect_problem(422, "invalid");
        assert_eq!(
            errors(&problem),
            [
                // The second row has a line break in a cell, so that the third begins on the fifth line.
                "/3/email nobody", "/5/email bad_address", "/6/group missing", "/7/organisation unknown_organisation",
                "/8/group unknown_group", "/9/language bad_language", "/10/form bad_form", "/11 wrong_number_of_cells",
                "/12/organisation duplicate_row", "/14/language contradiction", "/15/reference bad_reference",
            ]
        );
        for error in problem["errors"].as_array().expect("errors") {
            assert!(error["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{error}");
        }
        let good = "email,group,organisation\ngood@home.example,parent,linde\nlast@home.example,parent,linde\n";
        assert_eq!(counts(&import(&community, good)), [2, 2, 0, 2], "nobody was there before");
    }

    fn a_dry_run_tells_what_would_happen_and_does_not_do_it(stage: &Stage) {
        let community = school(stage);
        let dry = "/api/v1/organisations/linde/roster?dryRun=true";
        for _ in 0..2 {
            let reply = community.program().send(Request::post(dry).bytes("text/csv", TABLE));
            let told = reply.expect_status(200).json();
            assert_eq!((counts(&told), &told["dryRun"]), ([3, 3, 0, 3], &json!(true)));
        }
        let bad = TABLE.replace("linde,pt", "elsewhere,pt");
        community.program().send(Request::post(dry).bytes("text/csv", bad)).expect_problem(422, "invalid");
        let done = import(&community, TABLE);
        assert_eq!((counts(&done), &done["dryRun"]), ([3, 3, 0, 3], &json!(false)));
    }

    fn a_person_may_have_several_roles_and_is_invited_once(stage: &Stage) {
        let community = school(stage);
        community.school("eik");
        let table = "email,group,organisation\nana@home.example,parent,linde\nANA@home.example,parent,eik\nana@home.example,staff,eik\n";
        let reply = send(&community, Community::CODE, table.as_bytes());
        assert_eq!(counts(&reply.expect_status(200).json()), [3, 1, 0, 3]);
        community.round("autumn", Community::CODE, &["parent", "staff"]);
        let links = community.invite_by_app("autumn");
        assert_eq!(links.len(), 1);
        assert_eq!(links[0].email, "ana@home.example");
        assert_eq!(community.progress("autumn")["assignments"], 3, "one for each role");
    }

    fn importing_again_changes_only_what_is_new(stage: &Stage) {
        let community = school(stage);
        import(&community, TABLE);
        assert_eq!(counts(&import(&community, TABLE)), [3, 0, 0, 0]);
        let moved = TABLE.replace("ana@home", "ana@new").replace("72,jos@home.example,staff,linde,\n", "72,jos@home.example,parent,linde,\n");
        assert_eq!(counts(&import(&community, &moved)), [3, 0, 1, 1], "one address and one role are new");
        community.round("autumn", "linde", &["parent"]);
        let mut addresses: Vec<String> = community.invite_by_app("autumn").into_iter().map(|link| link.email).collect();
        addresses.sort();
        assert_eq!(addresses, ["ana@new.example", "jos@home.example"]);
    }

    fn people_outside_the_callers_organisation_are_refused(stage: &Stage) {
        let community = school(stage);
        community.school("eik");
        let own = community.another_program("linde-app", "linde", "people:write");
        let at = |organisation: &str, table: &str| {
            own.send(Request::post(&format!("/api/v1/organisations/{organisation}/roster")).bytes("text/csv", table.to_owned()))
        };
        at("eik", "email,group,organisation\na@b.example,parent,eik\n").expect_problem(404, "not_found");
        at(Community::CODE, "email,group,organisation\na@b.example,parent,linde\n").expect_problem(404, "not_found");
        at("linde", "email,group,organisation\na@b.example,parent,linde\nc@d.example,parent,eik\n")
            .expect_error_at(422, "invalid", "/3/organisation", "unknown_organisation");
        let done = at("linde", "email,group,organisation\na@b.example,parent,linde\n").expect_status(200).json();
        assert_eq!(counts(&done), [1, 1, 0, 1]);
    }

    fn how_a_roster_is_sent_is_checked_too(stage: &Stage) {
        let community = school(stage);
        let to = |query: &str| Request::post(&format!("/api/v1/organisations/linde/roster?{query}"));
        let program = community.program();
        program.send(to("language=plain%20english").bytes("text/csv", TABLE)).expect_error_at(422, "invalid", "/language", "bad_language");
        let problem = program.send(to("dryrun=true").bytes("text/csv", TABLE)).expect_problem(400, "unreadable");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("`dryrun`")), "{problem}");
        let huge = vec![b'x'; (16 << 20) + 1];
        program.send(to("language=nl").bytes("text/csv", huge)).expect_problem(413, "too_large");
        assert_eq!(counts(&import(&community, TABLE)), [3, 3, 0, 3], "nothing had been stored");
    }
}

fn school(stage: &klankbord_tests::Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("linde");
    community
}

#[track_caller]
fn send(community: &Community<'_>, organisation: &str, table: &[u8]) -> Reply {
    let path = format!("/api/v1/organisations/{organisation}/roster");
    community
        .program()
        .send(Request::post(&path).bytes("text/csv", table))
}

#[track_caller]
fn import(community: &Community<'_>, table: &str) -> Value {
    send(community, "linde", table.as_bytes())
        .expect_status(200)
        .json()
}

/// Rows, people added, people changed, roles added.
fn counts(imported: &Value) -> [u64; 4] {
    ["rows", "peopleAdded", "peopleChanged", "rolesAdded"]
        .map(|name| imported[name].as_u64().expect("a count"))
}

/// Pointer and code of each error.
fn errors(problem: &Value) -> Vec<String> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let errors = problem["errors"].as_array().expect("errors");
    errors
        .iter()
        .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
        .collect()
}
