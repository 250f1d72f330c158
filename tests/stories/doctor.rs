//! The doctor: nothing to say of an installation that is well, and for each thing that is not, what it is and what to do.

mod keys;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use klankbord_tests::{Backend, Cli, Community, Stage, stories};
use serde_json::Value;

use crate::behind::execute;

stories! {
    fn an_installation_that_is_well_has_no_complaints(stage: &Stage) {
        school(stage);
        let healthy = settled(stage, stage.cli());
        let done = healthy.run(&["doctor", "--json"]);
        // How fast and how full the disk of a test machine is, nobody knows; and its PostgreSQL is set to keep nothing.
        let careless = |one: &Value| one["what"].as_str().is_some_and(|what| what.starts_with("PostgreSQL runs with"));
        let (careless, complaints): (Vec<Value>, Vec<Value>) =
            told(&done.stdout).into_iter().filter(|one| one["about"] != "disk").partition(careless);
        assert!(complaints.is_empty(), "{complaints:?}");
        assert!(careless.is_empty() || stage.backend() == Backend::Postgres);
        done.expect_code(i32::from(!careless.is_empty()));
        let words = healthy.run(&["doctor"]).stdout;
        for about in ["database", "rounds", "keys", "disk", "clock", "mail", "address"] {
            assert!(words.contains(&format!("  {about}: ")), "{about} is missing in {words}");
        }
    }

    fn each_ailment_is_named_with_its_cure(stage: &Stage) {
        school(stage);
        let cli = settled(stage, stage.cli());
        let keys = stage.data_folder().join("keys");
        let opening = keys.join("secrets/opening-1-r.key");

        std::fs::set_permissions(&opening, Permissions::from_mode(0o644)).expect("a mode");
        ails(&cli, "keys", "problem", "mode 0644", "chmod 600");
        std::fs::set_permissions(&opening, Permissions::from_mode(0o600)).expect("a mode");

        let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        ails(&cli.clone().env("KLANKBORD_MAIL_PORT", &nobody.to_string()), "mail", "problem", "", "mail.port");
        ails(&cli.clone().env("KLANKBORD_MAIL_TRANSPORT", "none"), "mail", "warning", "switched off", "mail.transport");
        ails(&cli.clone().env("KLANKBORD_SERVER_BASE_URL", "http://survey.example"), "address", "warning", "not protected", "TLS");
        ails(&cli.clone().env("KLANKBORD_SERVER_WORKERS", "many"), "settings", "problem", "many", "config check");
        ails(&cli.clone().env("KLANKBORD_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"), "database", "problem", "cannot be reached", "database.url");

        stage.server().stop();
        execute(stage, "roster", "UPDATE round SET status = 'closing'");
        ails(&cli, "rounds", "warning", "is being closed", "log");
        execute(stage, "roster", "UPDATE round SET status = 'open', closes_at = 1");
        ails(&cli, "rounds", "problem", "1970", "Start the server");
        execute(stage, "roster", "UPDATE round SET closes_at = NULL");
        execute(stage, "ballots", "DELETE FROM ballot_box");
        ails(&cli, "rounds", "problem", "no box", "restore a backup");
        execute(stage, "roster", "UPDATE round SET status = 'draft'");
        execute(stage, "roster", "INSERT INTO outbox VALUES (1, 'm', 'invitation', 's', 'i', 'failed', 9, 0, 'no such person'), \
            (1, 'n', 'invitation', 't', 'j', 'waiting', 9, 0, NULL)");
        ails(&cli, "mail", "warning", "refused for good", "addresses");
        ails(&cli, "mail", "warning", "should have left", "Start");
        if stage.backend() == Backend::Sqlite {
            std::fs::remove_file(stage.data_folder().join("ballots.sqlite")).expect("the file");
            ails(&cli, "database", "problem", "is not there", "restore a backup");
        } else {
            execute(stage, "roster", "INSERT INTO __diesel_schema_migrations VALUES ('99991231000000')");
            ails(&cli, "database", "problem", "99991231000000", "migrate");
        }
    }
}

/// A school with an open round.
fn school(stage: &Stage) {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", 6);
    community.round("r", "school-a", &["parent"]);
    let links = community.invite_by_app("r");
    community.submit(&links[0].token, &community.agree("r", "parent", 4), 201);
}

/// The command line of an installation whose operator has taken the recovery key away.
fn settled(stage: &Stage, cli: &Cli) -> Cli {
    std::fs::rename(
        stage.data_folder().join("recovery-key.txt"),
        stage.folder().join("safe.txt"),
    )
    .expect("the recovery key");
    cli.clone().env("KLANKBORD_SERVER_LISTEN", "127.0.0.1:8080")
}

/// What the doctor complains of.
fn told(json: &str) -> Vec<Value> {
    let findings: Vec<Value> =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    findings
        .into_iter()
        .filter(|one| one["level"] != "ok")
        .collect()
}

/// Expects one complaint of that kind, and the exit code that belongs to the worst.
#[track_caller]
fn ails(cli: &Cli, about: &str, level: &str, what: &str, advice: &str) {
    let done = cli.run(&["doctor", "--json"]);
    let complaints = told(&done.stdout);
    let names = |one: &Value, part: &str, words: &str| {
        one[part].as_str().is_some_and(|text| text.contains(words))
    };
    let found = complaints.iter().any(|one| {
        one["about"] == about
            && one["level"] == level
            && names(one, "what", what)
            && names(one, "advice", advice)
    });
    assert!(found, "{about} {level} {what:?}: {complaints:#?}");
    let is_bad = complaints.iter().any(|one| one["level"] == "problem");
    done.expect_code(i32::from(is_bad));
}
