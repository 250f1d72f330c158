//! Backups: made while everybody answers, put back on this machine, on another one, and into the other database.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use klankbord_tests::database::Database;
use klankbord_tests::{Backend, Caller, Cli, Community, Link, PATIENCE, Server, Stage, stories};
use serde_json::{Value, json};

use crate::behind::query;

stories! {
    fn a_backup_under_load_has_every_answer_sent_before_it_and_none_twice(stage: &Stage) {
        let community = school(stage, 48);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        let (sent, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        let before = std::thread::scope(|scope| {
            for part in links.chunks(6) {
                let (community, answers, sent, over) = (&community, &answers, &sent, &over);
                scope.spawn(move || {
                    for link in part {
                        community.submit(&link.token, answers, 201);
                        sent.lock().expect("no thread has failed").push(link.token.clone());
                    }
                    // Others go on changing their answers until the backup is there.
                    while !over.load(Ordering::SeqCst) {
                        community.submit(&part[0].token, answers, 200);
                    }
                });
            }
            let begun = Instant::now();
            while sent.lock().expect("no thread has failed").len() < 12 {
                assert!(begun.elapsed() < PATIENCE, "nobody answers");
                std::thread::yield_now();
            }
            let before = sent.lock().expect("no thread has failed").clone();
            let made = stage.cli().run(&["backup", "--to", "made.kb", "--json"]);
            over.store(true, Ordering::SeqCst);
            assert_eq!(made.expect_success().json()["keys"], 5);
            before
        });
        let cli = stage.cli();
        cli.run(&["restore", "made.kb", "--replace"]).expect_code(5);
        assert!(cli.run(&["restore", "made.kb"]).stderr.contains("running"));
        stage.server().stop();
        cli.run(&["restore", "made.kb"]).expect_code(5);
        let restored = cli.run(&["restore", "made.kb", "--replace", "--json"]).expect_success().json();
        assert_eq!(restored["keysRestored"], 0);
        assert_eq!(restored["kept"].is_string(), stage.backend() == Backend::Sqlite);
        let count = |store: &str, sql: &str| query(stage, store, sql)[0][0].parse::<usize>().expect("a number");
        let ballots = count("ballots", "SELECT count(*) FROM mailbox");
        let claimed = count("roster", "SELECT count(*) FROM assignment WHERE claim IS NOT NULL");
        assert!(before.len() <= ballots && ballots <= claimed && claimed <= 48, "{} {ballots} {claimed}", before.len());
        stage.server().start_again();
        for token in &before {
            community.submit(token, &answers, 200);
        }
        let counts = community.close("r")["counts"].take();
        assert_eq!((&counts["issued"], &counts["opened"]), (&json!(48), &json!(ballots)), "{counts}");
    }

    fn a_backup_moves_to_another_machine_and_another_database_and_back(stage: &Stage) {
        let community = school(stage, 8);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        for link in &links[..5] {
            community.submit(&link.token, &answers, 201);
        }
        let password = community.account("officer@school.example", "school-a", "officer");
        std::fs::rename(stage.data_folder().join("recovery-key.txt"), stage.folder().join("safe.txt")).expect("the key");
        stage.cli().run(&["backup", "--to", "first.kb"]).expect_success();

        let elsewhere = Elsewhere::new(stage, "second", other(stage.backend()));
        let file = |name: &str| stage.folder().join(name).display().to_string();
        let restore = ["restore", &file("first.kb"), "--json"];
        let refused = elsewhere.cli.run(&restore);
        assert!(refused.expect_code(5).stderr.contains("--recovery-key"), "{}", refused.stderr);
        std::fs::write(stage.folder().join("slip.txt"), slipped(&stage.folder().join("safe.txt"))).expect("a file");
        elsewhere.cli.run(&[&restore[..], &["--recovery-key", &file("slip.txt")]].concat()).expect_code(3);
        let another = elsewhere.cli.clone().env("KLANKBORD_DATA_DIR", &file("unrelated"));
        another.run(&["recovery-key", "new"]).expect_success();
        let wrong = another.run(&["recovery-key", "new"]).stdout;
        std::fs::write(stage.folder().join("wrong.txt"), wrong).expect("a file");
        let refused = elsewhere.cli.run(&[&restore[..], &["--recovery-key", &file("wrong.txt")]].concat());
        assert!(refused.expect_code(5).stderr.contains("does not open"), "{}", refused.stderr);
        assert!(!elsewhere.data.exists(), "nothing was touched");

        let restored = elsewhere.cli.run(&[&restore[..], &["--recovery-key", &file("safe.txt")]].concat());
        assert_eq!(restored.expect_success().json()["keysRestored"], 5);
        elsewhere.cli.run(&["backup", "--to", &file("second.kb")]).expect_success();
        assert_eq!(content(stage, "first.kb"), content(stage, "second.kb"));
        {
            let server = Server::start(elsewhere.cli.clone());
            let program = client(&elsewhere.cli, server.base_url());
            let submit = |link: &Link, status| {
                let body = json!({"token": link.token, "answers": answers});
                program.post_json("/api/v1/responses", &body).expect_status(status);
            };
            submit(&links[0], 200);
            submit(&links[5], 201);
            klankbord_tests::OfficerSession::sign_in(server.base_url(), "officer@school.example", &password);
        }
        elsewhere.cli.run(&["backup", "--to", &file("third.kb")]).expect_success();

        let back = Elsewhere::new(stage, "third", stage.backend());
        let key = ["--recovery-key", &file("safe.txt")];
        back.cli.run(&[&["restore", &file("third.kb")][..], &key].concat()).expect_success();
        let closed = back.cli.run(&["round", "close", "r", "--json"]).expect_success().json();
        assert_eq!(closed["counts"], json!({"issued": 8, "claimed": 6, "ballots": 6, "opened": 6}));
    }

    fn a_backup_that_was_cut_or_changed_is_refused_and_nothing_is_touched(stage: &Stage) {
        school(stage, 6);
        stage.cli().run(&["backup", "--to", "whole.kb"]).expect_success();
        stage.cli().run(&["restore", "whole.kb", "--check"]).expect_success();
        let whole = std::fs::read(stage.folder().join("whole.kb")).expect("the backup");
        let elsewhere = Elsewhere::new(stage, "elsewhere", stage.backend());
        let refused = |bytes: &[u8]| {
            let file = stage.folder().join("part.kb");
            std::fs::write(&file, bytes).expect("a file");
            let outcome = elsewhere.cli.run(&["restore", &file.display().to_string(), "--without-keys"]);
            outcome.expect_code(3);
            assert!(!elsewhere.data.exists(), "nothing was touched");
            outcome.stderr
        };
        for part in 0..12 {
            let length = whole.len() * part / 12;
            assert!(refused(&whole[..length]).contains("end is missing"));
        }
        assert!(refused(&whole[..whole.len() - 1]).contains("end is missing"));
        for part in 0..12 {
            let mut changed = whole.clone();
            changed[whole.len() * part / 12] ^= 1;
            assert!(refused(&changed).contains("damaged"));
        }
        let header = std::str::from_utf8(&whole).expect("text").replacen("\"format\":1", "\"format\":2", 1);
        let outcome = {
            std::fs::write(stage.folder().join("newer.kb"), sealed(&header)).expect("a file");
            elsewhere.cli.run(&["restore", &stage.folder().join("newer.kb").display().to_string()])
        };
        assert!(outcome.expect_code(5).stderr.contains("later one"), "{}", outcome.stderr);
    }

    fn a_backup_replaces_no_file_and_is_for_its_owner_alone(stage: &Stage) {
        use std::os::unix::fs::PermissionsExt as _;
        school(stage, 6);
        let made = stage.cli().run(&["backup", "--json"]).expect_success().json();
        let name = made["file"].as_str().expect("a name");
        assert!(name.starts_with("klankbord-backup-20") && name.ends_with("Z.kb"), "{name}");
        let file = stage.folder().join(name);
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let before = std::fs::read(&file).expect("the backup");
        let again = stage.cli().run(&["backup", "--to", name]);
        assert!(again.expect_code(5).stderr.contains("there already"), "{}", again.stderr);
        assert_eq!(std::fs::read(&file).expect("the backup"), before);
        stage.cli().run(&["backup", "--to", "no/such/folder.kb"]).expect_code(4);
        let left: Vec<_> = std::fs::read_dir(stage.folder()).expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// A community whose school has an open round for so many parents.
fn school(stage: &Stage, parents: usize) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", parents);
    community.round("r", "school-a", &["parent"]);
    community
}

/// Another installation, of which there is nothing yet.
struct Elsewhere {
    cli: Cli,
    data: PathBuf,
    _database: Option<Database>,
}

impl Elsewhere {
    fn new(stage: &Stage, name: &str, backend: Backend) -> Self {
        let data = stage.folder().join(name);
        let database = (backend == Backend::Postgres).then(Database::create);
        let url = database.as_ref().map_or("sqlite", Database::url);
        let folder = data.display().to_string();
        let cli = stage.cli().clone().env("KLANKBORD_DATA_DIR", &folder);
        Self {
            cli: cli.env("KLANKBORD_DATABASE_URL", url),
            data,
            _database: database,
        }
    }
}

fn other(backend: Backend) -> Backend {
    match backend {
        Backend::Sqlite => Backend::Postgres,
        Backend::Postgres => Backend::Sqlite,
    }
}

/// A new program that may send answers to the server of another installation.
fn client(cli: &Cli, base_url: &str) -> klankbord_tests::ApiClient {
    let scopes = "responses:submit";
    let add = [
        "client",
        "add",
        "after",
        "--organisation",
        Community::CODE,
        "--scopes",
        scopes,
        "--json",
    ];
    let made = cli.run(&add).expect_success().json();
    let secret = made["clientSecret"].as_str().expect("a secret");
    klankbord_tests::ApiClient::with_secret(base_url, "after", secret, scopes)
}

/// The lines of a backup but the first and the last, in an order that does not depend on the database, without copies of secrets: they
/// are sealed anew.
fn content(stage: &Stage, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(stage.folder().join(name)).expect("the backup");
    let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
    lines.retain(|line| !line.starts_with("{\"sha256\"") && !line.starts_with("{\"name\""));
    assert!(lines.len() > 60, "{lines:?}");
    lines.sort();
    lines
}

/// The text of a recovery key with one character changed.
fn slipped(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("the recovery key");
    let line = text
        .lines()
        .find(|line| line.matches('-').count() == 13)
        .expect("a key");
    let first = if line.starts_with('0') { "1" } else { "0" };
    format!("{first}{}", &line[1..])
}

/// A backup whose last line fits what is before it.
fn sealed(text: &str) -> String {
    use std::io::Write as _;
    let (content, _) = text.trim_end().rsplit_once('\n').expect("lines");
    let content = format!("{content}\n");
    let mut child = std::process::Command::new("sha256sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("sha256sum starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(content.as_bytes()).expect("it listens");
    drop(input);
    let output = child.wait_with_output().expect("it ends").stdout;
    let digest = String::from_utf8_lossy(&output);
    let digest = digest.split_whitespace().next().expect("a digest");
    format!(
        "{content}{}\n",
        Value::from(serde_json::Map::from_iter([(
            "sha256".to_owned(),
            json!(digest)
        )]))
    )
}
