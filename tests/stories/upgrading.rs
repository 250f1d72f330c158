//! A database that the first Klankbord left behind: what people have sent lies open in it, and is sealed before anything else happens.

mod first;

use std::path::{Path, PathBuf};

use klankbord_tests::{Backend, Caller, Community, Stage, stories};
use serde_json::json;

use crate::behind::{execute, query};

/// How a ballot of these rounds began as long as it was not sealed.
const OPEN_BALLOT: &str = r#"{"organisation":"de-linde","form":"parent","packed":""#;

stories! {
    fn rounds_of_the_first_version_are_sealed_and_go_on(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        let people = community.enrol("de-linde", "parent", 6);
        for round in ["autumn", "spring"] {
            community.round(round, "de-linde", &["parent"]);
        }
        // The first version derived all links from one key.
        stage.server().stop();
        for round in ["autumn", "spring"] {
            std::fs::copy(keys(stage).join("link.key"), secret(stage, "link", round)).expect("the key");
        }
        stage.server().start_again();
        let answers = community.agree("autumn", "parent", 4);
        let mut tokens = Vec::new();
        community.invite_by_mail("autumn");
        community.mails_settled("autumn");
        for person in &people {
            let mail = stage.smtp().next(person);
            tokens.push(mail.link("/s/").rsplit('/').next().unwrap_or_default().to_owned());
        }
        for token in &tokens[..3] {
            community.submit(token, &answers, 201);
        }
        for link in &community.invite_by_app("spring")[..2] {
            community.submit(&link.token, &answers, 201);
        }
        stage.server().stop();
        first::return_to(stage);
        lay_open(stage);
        execute(stage, "roster", "UPDATE round SET status = 'closing' WHERE code = 'spring'");
        assert_eq!(query(stage, "roster", "SELECT count(*) FROM assignment WHERE done"), [["5"]]);
        assert!(!shown_in(stage).is_empty(), "the search finds what lies open");

        stage.server().start_again();
        for version in ["roster", "ballots"].map(|store| query(stage, store, "SELECT max(version) FROM __diesel_schema_migrations")) {
            assert!(version[0][0].as_str() > first::VERSION, "{version:?}");
        }
        let envelopes = query(stage, "ballots", "SELECT sealed FROM mailbox WHERE round = 'autumn'");
        assert_eq!(envelopes.len(), 3);
        assert!(envelopes.iter().all(|row| row[0].trim_start_matches("\\x").starts_with("01")), "{envelopes:?}");
        assert_eq!(shown_in(stage), Vec::<PathBuf>::new());

        // Links go on working, also for those who have answered, and are sent again as they were.
        community.submit(&tokens[0], &answers, 200);
        community.submit(&tokens[3], &answers, 201);
        community.program().post_json("/api/v1/rounds/autumn/reminders", &json!({})).expect_status(200);
        for (person, token) in people.iter().zip(&tokens).skip(4) {
            let reminder = stage.smtp().next(person).link("/s/");
            assert!(reminder.ends_with(token), "{reminder} leads elsewhere than {token}");
        }

        // A round that was being closed is, and one that is open can be.
        let begun = std::time::Instant::now();
        while query(stage, "roster", "SELECT status FROM round WHERE code = 'spring'") != [["closed"]] {
            assert!(begun.elapsed() < klankbord_tests::PATIENCE, "it never closed");
        }
        let spring = community.program().get("/api/v1/rounds/spring").expect_status(200).json();
        assert_eq!(spring["counts"], json!({"issued": 6, "claimed": 2, "ballots": 2, "opened": 2}));
        let counts = community.close("autumn")["counts"].take();
        assert_eq!(counts, json!({"issued": 6, "claimed": 4, "ballots": 4, "opened": 4}));
        assert_eq!(query(stage, "ballots", "SELECT round, count(*) FROM response GROUP BY round ORDER BY round"), [["autumn", "4"], ["spring", "2"]]);
        for name in ["opening", "tag", "link"] {
            assert!(!secret(stage, name, "autumn").exists() && !secret(stage, name, "spring").exists(), "{name}");
        }
    }

    fn two_servers_that_start_on_a_database_of_the_first_version_both_serve(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 6);
        community.round("autumn", "de-linde", &["parent"]);
        let links = community.invite_by_app("autumn");
        let answers = community.agree("autumn", "parent", 4);
        for link in &links[..3] {
            community.submit(&link.token, &answers, 201);
        }
        stage.server().stop();
        first::return_to(stage);
        lay_open(stage);
        let other = std::thread::scope(|scope| {
            let other = scope.spawn(|| klankbord_tests::Server::start(stage.cli().clone()));
            stage.server().start_again();
            other.join().expect("the other server starts")
        });
        assert_eq!(shown_in(stage), Vec::<PathBuf>::new());
        community.submit(&links[0].token, &answers, 200);
        assert_eq!(community.close("autumn")["counts"]["opened"], 3);
        drop(other);
    }
}

fn keys(stage: &Stage) -> PathBuf {
    stage.data_folder().join("keys")
}

fn secret(stage: &Stage, kind: &str, round: &str) -> PathBuf {
    keys(stage).join(format!("secrets/{kind}-1-{round}.key"))
}

/// Puts into the mailbox what the first version put there: a byte 0, and the ballot as it is.
fn lay_open(stage: &Stage) {
    // Sixty answers “4”, one byte each, in base64.
    let ballot = format!("\0{OPEN_BALLOT}{}\"}}", "BAQE".repeat(20));
    let hexadecimal = ballot.bytes().map(|byte| format!("{byte:02x}"));
    let digits: String = hexadecimal.collect();
    let value = match stage.backend() {
        Backend::Sqlite => format!("X'{digits}'"),
        Backend::Postgres => format!(r"'\x{digits}'"),
    };
    execute(
        stage,
        "ballots",
        &format!("UPDATE mailbox SET sealed = {value}"),
    );
}

/// The files of the database, and all else in the data folder, that show a ballot.
fn shown_in(stage: &Stage) -> Vec<PathBuf> {
    let mut files = below(&stage.data_folder());
    if let Some(database) = stage.database() {
        let mut client = database.connect();
        client.batch_execute("CHECKPOINT").expect("a checkpoint");
        let row = client
            .query_one(
                "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()",
                &[],
            )
            .expect("where the files lie");
        files.extend(below(Path::new(&row.get::<_, String>(0))));
    }
    let shows = |path: &PathBuf| {
        let content = std::fs::read(path).unwrap_or_default();
        memchr::memmem::find(&content, OPEN_BALLOT.as_bytes()).is_some()
    };
    files.retain(shows);
    files
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}
