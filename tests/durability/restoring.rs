//! A restore that is killed while its files take the place of the former ones: whoever comes next finds one of the two moments, in
//! both stores, and never something of each.

use std::path::PathBuf;

use klankbord_tests::behind::query;
use klankbord_tests::{Backend, Caller, Cli, Community, Stage};

/// What the installation holds when the backup is made, and what it holds later: rounds, and ballots.
const BACKUP: (&str, &str) = ("1", "2");
const LATER: (&str, &str) = ("2", "5");
const NOTHING: (&str, &str) = ("0", "0");

/// A school with a backup, `first.kb`, and one of a later moment, whose state it is in: `later.kb`. The server is stopped.
fn installation() -> Stage {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("school-a");
    community.enrol("school-a", "parent", 6);
    community.round("r", "school-a", &["parent"]);
    let links = community.invite_by_app("r");
    let answers = community.agree("r", "parent", 4);
    let (early, late) = links.split_at(2);
    for link in early {
        community.submit(&link.token, &answers, 201);
    }
    stage
        .cli()
        .run(&["backup", "--to", "first.kb"])
        .expect_success();
    community.round("s", "school-a", &["parent"]);
    for link in &late[..3] {
        community.submit(&link.token, &answers, 201);
    }
    stage
        .cli()
        .run(&["backup", "--to", "later.kb"])
        .expect_success();
    stage.server().stop();
    assert_eq!(state(&stage), own(LATER));
    stage
}

#[test]
fn a_restore_that_is_killed_before_the_swap_is_undone_and_later_finished() {
    let stage = installation();
    for renames in 1..=6 {
        let expected = if renames == 1 { LATER } else { BACKUP };
        killed_restore(&stage, &["first.kb", "--replace"], renames);
        if renames > 1 {
            // Whoever only looks finds neither moment, and leaves it to others to finish.
            let doctor = stage.cli().run(&["doctor"]);
            assert!(
                doctor.expect_code(1).stdout.contains("broken off"),
                "{}",
                doctor.stdout
            );
            let backup = stage.cli().run(&["backup", "--to", "mixed.kb"]);
            assert!(
                backup.expect_code(5).stderr.contains("broken off"),
                "{}",
                backup.stderr
            );
            assert!(!left(&stage, "replacing-").is_empty());
        }
        stage.server().start_again();
        let seen = stage.anonymous().get("/health/ready");
        seen.expect_status(200);
        assert_eq!(state(&stage), own(expected), "killed at rename {renames}");
        stage.server().stop();
        assert_eq!(left(&stage, "restoring-"), Vec::<PathBuf>::new());
        assert_eq!(left(&stage, "replacing-"), Vec::<PathBuf>::new());
        for folder in left(&stage, "replaced-") {
            let kept = files(&folder);
            assert_eq!(kept, ["ballots.sqlite", "roster.sqlite"], "{renames}");
        }
        restore(stage.cli(), &["later.kb", "--replace"]);
        assert_eq!(state(&stage), own(LATER));
    }
}

#[test]
fn the_next_restore_finishes_one_that_was_killed_and_then_does_its_own_work() {
    let stage = installation();
    for renames in 2..=6 {
        killed_restore(&stage, &["first.kb", "--replace"], renames);
        let refused = stage.cli().run(&["restore", "later.kb"]);
        assert!(
            refused.expect_code(5).stderr.contains("--replace"),
            "{}",
            refused.stderr
        );
        assert_eq!(state(&stage), own(BACKUP), "killed at rename {renames}");
        restore(stage.cli(), &["later.kb", "--replace"]);
        assert_eq!(state(&stage), own(LATER));
    }
    // Nothing that was kept has been overwritten: each restore has kept the state before it.
    let kept = left(&stage, "replaced-").into_iter().map(|folder| {
        let both = files(&folder);
        assert_eq!(both, ["ballots.sqlite", "roster.sqlite"]);
    });
    assert_eq!(kept.count(), 10);
}

#[test]
fn a_restore_into_nothing_that_is_killed_leaves_nothing_or_all() {
    let stage = installation();
    for renames in 1..=3 {
        for file in files(&stage.data_folder())
            .iter()
            .filter(|name| name.contains(".sqlite"))
        {
            std::fs::remove_file(stage.data_folder().join(file)).expect("a file");
        }
        killed_restore(&stage, &["first.kb"], renames);
        stage.server().start_again();
        let expected = if renames == 1 { NOTHING } else { BACKUP };
        assert_eq!(state(&stage), own(expected), "killed at rename {renames}");
        stage.server().stop();
        assert!(left(&stage, "replaced-").is_empty());
        assert!(left(&stage, "replacing-").is_empty() && left(&stage, "restoring-").is_empty());
    }
}

/// Restores, and is killed when it comes to rename something for the n-th time.
#[track_caller]
fn killed_restore(stage: &Stage, arguments: &[&str], renames: usize) {
    let inject = format!("inject=rename,renameat,renameat2:signal=KILL:when={renames}");
    let strace = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=rename,renameat,renameat2",
        "-e",
        &inject,
    ];
    let arguments = [&["restore"], arguments].concat();
    let done = stage
        .cli()
        .command_under(&strace, &arguments)
        .output()
        .expect("strace runs");
    assert!(
        !done.status.success() && done.stdout.is_empty(),
        "it was not killed at rename {renames}: {done:?}"
    );
}

#[track_caller]
fn restore(cli: &Cli, arguments: &[&str]) {
    cli.run(&[&["restore"], arguments].concat())
        .expect_success();
}

/// How many rounds the roster has, and how many ballots wait.
fn state(stage: &Stage) -> (String, String) {
    let count = |store, table| {
        let rows = query(stage, store, &format!("SELECT count(*) FROM {table}"));
        rows[0][0].clone()
    };
    (count("roster", "round"), count("ballots", "mailbox"))
}

fn own(state: (&str, &str)) -> (String, String) {
    (state.0.to_owned(), state.1.to_owned())
}

/// The folders in the data folder whose names begin so.
fn left(stage: &Stage, beginning: &str) -> Vec<PathBuf> {
    let names = files(&stage.data_folder()).into_iter();
    names
        .filter(|name| name.starts_with(beginning))
        .map(|name| stage.data_folder().join(name))
        .collect()
}

/// The names of what lies in a folder, in order.
fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
