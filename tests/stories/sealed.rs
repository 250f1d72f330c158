//! Sealed ballots: what waits in a mailbox can be read by nobody who has the databases, and the keys are gone once it was read.

use klankbord_tests::community::Community;
use klankbord_tests::{Backend, Caller, Stage, stories};
use serde_json::{Value, json};
use std::path::PathBuf;

use crate::behind::{execute, query};

/// Words that occur nowhere else.
const WORDS: &str = "the gymnasium smells of wet otters";

stories! {
    fn a_ballot_in_the_mailbox_cannot_be_read_from_the_files(stage: &Stage) {
        let (community, link) = super::respondent::visit(stage);
        let (_, token) = link.rsplit_once('/').expect("a link ends in its token");
        send_words(&community, token);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [["1"]]);
        let envelope = &query(stage, "ballots", "SELECT sealed FROM mailbox")[0][0];
        assert!(!envelope.contains(&hexadecimal(WORDS)), "the mailbox shows the words");
        for file in files(stage) {
            let content = std::fs::read(&file).expect("a file");
            assert!(!holds(&content, WORDS), "{} shows the words", file.display());
        }
        community.close("visit");
        assert_eq!(query(stage, "ballots", "SELECT content FROM free_text WHERE item = 'T2'"), [[WORDS]]);
    }

    fn the_server_takes_ballots_without_the_key_that_opens_them(stage: &Stage) {
        let community = school(stage);
        let links = community.invite_by_app("r");
        let (key, away) = (secret(stage, "opening-1-r"), stage.folder().join("away.key"));
        std::fs::rename(&key, &away).expect("the key goes away");
        let answers = community.agree("r", "parent", 4);
        for link in &links {
            community.submit(&link.token, &answers, 201);
        }
        let told = close(&community).expect_problem(409, "key_missing");
        let detail = told["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("opening-1-r.key") && detail.contains("restore-secrets"), "{detail}");
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [["6"]], "no ballot is lost");
        std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n").expect("another key");
        restrict(&key);
        close(&community).expect_problem(409, "key_missing");
        std::fs::rename(&away, &key).expect("the key comes back");
        // The server may have finished the work by itself in the meantime.
        close(&community);
        until_closed(stage);
        let round = community.program().get("/api/v1/rounds/r").expect_status(200).json();
        assert_eq!(round["counts"], json!({"issued": 6, "claimed": 6, "ballots": 6, "opened": 6}));
    }

    fn a_key_that_is_lost_comes_back_with_the_recovery_key(stage: &Stage) {
        let community = school(stage);
        for link in &community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        std::fs::remove_file(secret(stage, "opening-1-r")).expect("the key is lost");
        close(&community).expect_problem(409, "key_missing");
        let recovery = std::fs::read_to_string(stage.data_folder().join("recovery-key.txt")).expect("the recovery key");
        let cli = stage.cli();
        cli.run_with_input(&["recovery-key", "check"], &recovery).expect_success();
        cli.run_with_input(&["recovery-key", "check"], "nothing of the kind\n").expect_code(3);
        let restored = cli.run_with_input(&["recovery-key", "restore-secrets", "--json"], &recovery);
        assert_eq!(restored.expect_success().json()["restored"], json!(["opening-1-r"]));
        close(&community);
        until_closed(stage);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM response"), [["6"]]);
    }

    fn another_recovery_key_takes_the_place_of_the_former(stage: &Stage) {
        let community = school(stage);
        let former = std::fs::read_to_string(stage.data_folder().join("recovery-key.txt")).expect("the recovery key");
        let cli = stage.cli();
        let made = cli.run(&["recovery-key", "new"]).expect_success().stdout.clone();
        cli.run_with_input(&["recovery-key", "check"], &made).expect_success();
        cli.run_with_input(&["recovery-key", "check"], &former).expect_code(5);
        std::fs::remove_file(secret(stage, "tag-1-r")).expect("the key is lost");
        cli.run_with_input(&["recovery-key", "restore-secrets"], &former).expect_code(5);
        cli.run_with_input(&["recovery-key", "restore-secrets"], &made).expect_success();
        let link = community.invite_by_app("r").remove(0);
        community.submit(&link.token, &community.agree("r", "parent", 4), 201);
    }

    fn after_closing_no_key_of_the_round_is_left(stage: &Stage) {
        let community = school(stage);
        let link = community.invite_by_app("r").remove(0);
        community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        let of_round = || -> Vec<String> {
            let names = files(stage).into_iter().map(|path| path.display().to_string());
            names.filter(|name| name.contains("/keys/") && name.contains("-1-r.")).collect()
        };
        assert_eq!(of_round().len(), 6, "opening, tag and link, and a copy of each: {:?}", of_round());
        community.close("r");
        assert_eq!(of_round(), Vec::<String>::new());
        assert_eq!(query(stage, "roster", "SELECT count(*) FROM invitation WHERE link_nonce IS NOT NULL"), [["0"]]);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [["0"]]);
    }

    fn a_round_that_was_opened_before_ballots_were_sealed_goes_on(stage: &Stage) {
        let community = school(stage);
        let links = community.invite_by_app("r");
        stage.server().stop();
        // As the Klankbord before left it: no sealing key, no link key, the ballot open in its envelope, links from the key of all.
        execute(stage, "roster", "UPDATE round SET sealing_key = NULL");
        for name in ["opening-1-r", "link-1-r"] {
            std::fs::remove_file(secret(stage, name)).expect("there was none");
        }
        let ballot = json!({"organisation": "school-a", "form": "parent", "packed": packed(60)}).to_string();
        let (before, after) = if stage.database().is_some() { (r"'\x", "'") } else { ("X'", "'") };
        let (tag, open) = ("07".repeat(32), format!("00{}", hexadecimal(&ballot)));
        execute(stage, "ballots", &format!("INSERT INTO mailbox VALUES (1, 'r', {before}{tag}{after}, {before}{open}{after})"));
        stage.server().start_again();
        let envelope = &query(stage, "ballots", "SELECT sealed FROM mailbox")[0][0];
        assert!(!envelope.contains(&hexadecimal("school-a")), "it still lies open: {envelope}");
        for link in &links {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        assert_eq!(community.close("r")["counts"]["opened"], 7);
    }
}

/// The warning goes to the log, where an operator who starts the server by hand sees it.
#[test]
fn the_server_warns_as_long_as_the_recovery_key_lies_there() {
    let stage = Stage::on(Backend::Sqlite).start();
    let file = stage.data_folder().join("recovery-key.txt");
    let warned = |stage: &Stage| stage.server().transcript().contains("recovery-key.txt");
    assert!(warned(&stage));
    std::fs::remove_file(file).expect("it is taken away");
    stage.server().stop();
    stage.server().start_again();
    assert!(!warned(&stage));
}

fn school(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", 6);
    community.round("r", "school-a", &["parent"]);
    community
}

/// Sends answers with [`WORDS`] in a free text of the sample questionnaire.
#[track_caller]
fn send_words(community: &Community<'_>, token: &str) {
    let body = json!({"token": token, "answers": {"A1": 4, "A2": 4, "R1": 7, "S1": "no", "T1": "Jo", "T2": WORDS}});
    community
        .program()
        .post_json("/api/v1/responses", &body)
        .expect_status(201);
}

#[track_caller]
fn close(community: &Community<'_>) -> klankbord_tests::Reply {
    community
        .program()
        .post_json("/api/v1/rounds/r/close", &json!({}))
}

fn until_closed(stage: &Stage) {
    let begun = std::time::Instant::now();
    while query(stage, "roster", "SELECT status FROM round") != [["closed"]] {
        assert!(
            begun.elapsed() < klankbord_tests::PATIENCE,
            "it never closed"
        );
    }
}

fn secret(stage: &Stage, name: &str) -> PathBuf {
    stage.data_folder().join(format!("keys/secrets/{name}.key"))
}

fn restrict(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).expect("its rights");
}

/// All files of the data folder.
fn files(stage: &Stage) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![stage.data_folder()]);
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

fn holds(content: &[u8], words: &str) -> bool {
    content
        .windows(words.len())
        .any(|part| part == words.as_bytes())
}

fn hexadecimal(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut digits, byte| {
        let _written = write!(digits, "{byte:02x}");
        digits
    })
}

/// So many bytes of value 4 in base64 without padding, as an open envelope carried them.
fn packed(count: usize) -> Value {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> = (0..count)
        .flat_map(|_| (0..8).rev().map(|bit| 4_u8 >> bit & 1 == 1))
        .collect();
    let digit = |part: &[bool]| {
        let value = (0..6).fold(0, |value, at| {
            value << 1 | usize::from(part.get(at).copied().unwrap_or(false))
        });
        char::from(alphabet[value])
    };
    Value::String(bits.chunks(6).map(digit).collect())
}
