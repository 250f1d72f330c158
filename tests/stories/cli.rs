//! The command line as an operator uses it, beside a running server.

use klankbord_tests::{Caller, Community, Outcome, Stage, definition, stories};
use serde_json::json;

stories! {
    fn a_whole_round_from_the_command_line(stage: &Stage) {
        let cli = stage.cli();
        let done = |arguments: &[&str]| cli.run(&[arguments, &["--json"]].concat()).expect_success().json();
        cli.run(&["tenant", "add", "riv", "--name", "Rivierenland", "--level", "community"]).expect_success();
        let made = done(&["organisation", "add", "linde", "--name", "De Linde", "--level", "school", "--parent", "riv"]);
        assert_eq!(made["path"], "/riv/linde/");
        let listed = done(&["organisation", "list"]);
        assert_eq!((listed.as_array().map(Vec::len), &listed[1]["code"]), (Some(2), &json!("linde")));

        file(stage, "framework.json", &definition::framework("small", "parent").to_string());
        file(stage, "questionnaire.json", &definition::questionnaire("one", "small", "parent").to_string());
        let published = done(&["import", "questionnaire", "framework.json", "--framework"]);
        assert_eq!(published, json!({"id": "small", "version": "1.0.0", "published": true}));
        let checked = done(&["import", "questionnaire", "questionnaire.json", "--check"]);
        assert_eq!(checked["published"], false);
        // Had the check published it, this would be a conflict.
        done(&["import", "questionnaire", "questionnaire.json"]);

        let people = (1..=8).map(|number| format!("{number},p{number}@home.example,parent,linde\n"));
        file(stage, "people.csv", &format!("reference,email,group,organisation\n{}", people.collect::<String>()));
        let roster = ["import", "roster", "people.csv", "--organisation", "linde", "--language", "nl"];
        let dry = done(&[&roster[..], &["--dry-run"]].concat());
        assert_eq!((&dry["peopleAdded"], &dry["dryRun"]), (&json!(8), &json!(true)));
        assert_eq!(done(&roster)["peopleAdded"], 8);
        assert_eq!(done(&roster)["peopleAdded"], 0);

        let create = ["round", "create", "spring", "--organisation", "linde", "--questionnaire", "one@1.0.0", "--title", "en=Spring"];
        let round = done(&[&create[..], &["--title", "nl=Lente", "--group", "parent", "--closes-at", "2099-06-30T22:00:00Z"]].concat());
        assert_eq!((&round["status"], &round["closesAt"], &round["title"]["nl"]), (&json!("draft"), &json!("2099-06-30T22:00:00Z"), &json!("Lente")));
        assert_eq!(done(&["round", "open", "spring"])["status"], "open");
        let invited = done(&["round", "invite", "spring", "--print-links"]);
        assert_eq!((&invited["created"], invited["links"].as_array().map(Vec::len)), (&json!(8), Some(8)));
        assert_eq!(done(&["round", "invite", "spring"])["created"], 0, "nobody is invited twice");
        let token = |index: usize| invited["links"][index]["token"].as_str().expect("a token").to_owned();
        let rows = (0..7).map(|index| format!("{},{}\n", token(index), 1 + index % 3));
        file(stage, "answers.csv", &format!("token,Q1\n{}", rows.collect::<String>()));
        let import = ["import", "responses", "answers.csv", "--round", "spring"];
        assert_eq!(done(&import), json!({"rows": 7, "replaced": 0}));
        assert_eq!(done(&import), json!({"rows": 7, "replaced": 7}));
        file(stage, "more.csv", "organisation,form,Q1\nlinde,parent,3\n");
        assert_eq!(done(&["import", "responses", "more.csv", "--round", "spring"])["rows"], 1);
        let closed = done(&["round", "close", "spring"]);
        assert_eq!(closed["status"], "closed");
        assert_eq!(closed["counts"], json!({"issued": 8, "claimed": 7, "ballots": 8, "opened": 8}));
        assert_eq!(done(&["round", "list"])[0]["code"], "spring");
        exports(stage);
    }

    fn every_kind_of_failure_has_its_exit_code(stage: &Stage) {
        let cli = stage.cli();
        let says = |arguments: &[&str], code: i32, words: &str| {
            let outcome = cli.run(arguments);
            outcome.expect_code(code);
            assert!(outcome.stderr.contains(words), "{words:?} is missing in {}", outcome.stderr);
            assert_eq!(outcome.stdout, "", "a failure leaves nothing for a program to read");
        };
        says(&["organisation", "list"], 5, "tenant add");
        cli.run(&["tenant", "add", "riv", "--name", "R"]).expect_success();
        says(&["nothing"], 2, "nothing");
        says(&["round", "open"], 2, "Usage");
        says(&["--config", "missing.toml", "organisation", "list"], 2, "missing.toml");
        let bad = ["organisation", "add", "Bad Code", "--name", " ", "--level", "school", "--parent", "nowhere"];
        for words in ["/code", "/name", "/parent", "[bad_code]"] {
            says(&bad, 3, words);
        }
        file(stage, "people.csv", "email,group,organisation\nnobody,parent,riv\n");
        says(&["import", "roster", "people.csv", "--organisation", "riv"], 3, "/2/email");
        file(stage, "broken.json", "{");
        says(&["import", "questionnaire", "broken.json"], 3, "malformed_json");
        says(&["client", "add", "a", "--organisation", "riv", "--scopes", "everything"], 3, "everything");
        says(&["round", "create", "r", "--organisation", "riv", "--title", "No language"], 3, "LANGUAGE=TEXT");
        says(&["round", "create", "r", "--organisation", "riv", "--title", "en=R", "--closes-at", "soon"], 3, "soon");
        says(&["round", "open", "nothing"], 4, "nothing");
        says(&["import", "roster", "people.csv", "--organisation", "nowhere"], 4, "nowhere");
        says(&["organisation", "list", "--tenant", "nowhere"], 4, "nowhere");
        says(&["tenant", "add", "riv", "--name", "R"], 5, "riv");
        says(&["import", "roster", "no-such-file.csv", "--organisation", "riv"], 1, "no-such-file.csv");
        let short = cli.run_with_input(&["user", "add", "a@b.example", "--organisation", "riv"], "short\n");
        assert!(short.expect_code(3).stderr.contains("/password"), "{}", short.stderr);
    }

    fn with_two_tenants_a_command_says_which(stage: &Stage) {
        let cli = stage.cli();
        for tenant in ["riv", "zee"] {
            cli.run(&["tenant", "add", tenant, "--name", "T", "--bare"]).expect_success();
        }
        let tenants = cli.run(&["tenant", "list", "--json"]).expect_success().json();
        let codes: Vec<&str> = tenants.as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
        assert_eq!(codes, ["riv", "zee"]);
        let unsaid = cli.run(&["organisation", "list"]);
        let words = &unsaid.expect_code(5).stderr;
        assert!(words.contains("--tenant") && words.contains("riv") && words.contains("zee"), "{words}");
        for tenant in ["riv", "zee"] {
            let own = cli.run(&["organisation", "list", "--json", "--tenant", tenant]).expect_success().json();
            assert_eq!((own.as_array().map(Vec::len), &own[0]["code"]), (Some(1), &json!(tenant)));
        }
    }

    fn an_account_and_a_client_work_at_once_and_their_secrets_are_not_printed_again(stage: &Stage) {
        let community = Community::found(stage);
        let cli = stage.cli();
        file(stage, "password", "a sentence that nobody guesses\n");
        let add = ["user", "add", "ada@school.example", "--organisation", Community::CODE, "--password-file", "password"];
        let added = cli.run(&add);
        assert!(!added.expect_success().stdout.contains("sentence"), "{}", added.stdout);
        stage.officer("ada@school.example", "a sentence that nobody guesses");
        assert_eq!(cli.run(&add).expect_code(5).stdout, "");
        let again = ["client", "add", "school-app", "--organisation", Community::CODE, "--scopes", "rounds:read"];
        cli.run(&again).expect_code(5);
        community.program().get("/api/v1/organisations").expect_status(200);
    }

    fn migrating_again_changes_nothing_and_a_newer_schema_is_left_alone(stage: &Stage) {
        stage.server().stop();
        let cli = stage.cli();
        let applied = |outcome: &Outcome| -> Vec<usize> {
            let stores = outcome.expect_success().json();
            let stores = stores.as_array().expect("two stores");
            stores.iter().map(|one| one["applied"].as_array().expect("versions").len()).collect()
        };
        assert_eq!(applied(&cli.run(&["migrate", "--json"])), [0, 0]);
        let told = cli.run(&["migrate"]);
        assert_eq!(told.expect_success().stdout.matches("up to date").count(), 2, "{}", told.stdout);
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')";
        execute(stage, newer);
        for command in [&["migrate"][..], &["serve"], &["tenant", "list"]] {
            let refused = cli.run(command);
            let words = &refused.expect_code(5).stderr;
            assert!(words.contains("29991231000000") && words.contains("newer"), "{words}");
        }
        execute(stage, "DELETE FROM __diesel_schema_migrations WHERE version = '29991231000000'");
        stage.server().start_again();
    }
}

/// Both ways to export, held against each other and against the API.
fn exports(stage: &Stage) {
    let cli = stage.cli();
    let export = [
        "export",
        "indicators",
        "--organisation",
        "linde",
        "--round",
        "spring",
    ];
    let document = cli.run(&export).expect_success().json();
    let voice = &document["indicators"][0]["voices"][0];
    assert_eq!(
        (&document["organisation"]["code"], &voice["figures"]["n"]),
        (&json!("linde"), &json!(8)),
        "{voice}"
    );
    let client = [
        "client",
        "add",
        "reader",
        "--organisation",
        "riv",
        "--scopes",
        "indicators:read",
        "--json",
    ];
    let made = cli.run(&client).expect_success().json();
    let reader = stage.api_client(
        "reader",
        made["clientSecret"].as_str().expect("a secret"),
        "indicators:read",
    );
    let served = reader
        .get("/api/v1/organisations/linde/indicators?round=spring")
        .expect_status(200)
        .json();
    assert_eq!(served, document);
    let table = cli.run(&[&export[..], &["--format", "csv"]].concat());
    let lines: Vec<Vec<&str>> = table
        .expect_success()
        .stdout
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(lines.len(), 2, "{}", table.stdout);
    let cell = |name: &str| {
        let column = lines[0]
            .iter()
            .position(|one| *one == name)
            .expect("a column");
        lines[1][column].to_owned()
    };
    assert_eq!(
        (cell("indicator"), cell("group"), cell("n")),
        ("ONE.1".to_owned(), "parent".to_owned(), "8".to_owned())
    );
    let mean = voice["figures"]["mean"].as_f64().expect("a mean");
    assert_eq!(cell("mean"), format!("{mean:.2}"));
}

/// Runs a statement in the roster store, past the program.
fn execute(stage: &Stage, statement: &str) {
    if let Some(database) = stage.database() {
        let statement = statement.replace("__diesel", "roster.__diesel");
        database
            .connect()
            .batch_execute(&statement)
            .expect("the statement runs");
        return;
    }
    let program = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()";
    let done = std::process::Command::new(klankbord_tests::structure::python())
        .args(["-c", program])
        .arg(stage.data_folder().join("roster.sqlite"))
        .arg(statement)
        .output()
        .expect("Python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn file(stage: &Stage, name: &str, content: &str) {
    std::fs::write(stage.folder().join(name), content).expect("the file is written");
}
