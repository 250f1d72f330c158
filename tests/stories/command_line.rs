//! What the command line says of itself and makes of its settings, where nothing is set up.

use std::path::Path;

use klankbord_tests::Cli;
use serde_json::{Value, json};

fn alone(folder: &Path) -> Cli {
    Cli::new(folder, &[])
}

#[test]
fn every_command_and_every_option_is_explained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cli = alone(folder.path());
    let (mut open, mut seen) = (vec![Vec::<String>::new()], 0);
    while let Some(command) = open.pop() {
        let arguments: Vec<&str> = command
            .iter()
            .map(String::as_str)
            .chain(["--help"])
            .collect();
        let help = cli.run(&arguments).expect_success().stdout.clone();
        let about = help.lines().next().unwrap_or_default();
        assert!(
            about.len() > 10 && !about.starts_with("Usage"),
            "{command:?} says nothing of itself:\n{help}"
        );
        for (name, words) in entries(&help) {
            assert!(
                words.len() > 5,
                "{command:?}: `{name}` is not explained:\n{help}"
            );
        }
        for (name, _) in entries(
            help.split("\nOptions:")
                .next()
                .and_then(|part| part.split_once("\nCommands:"))
                .map_or("", |(_, part)| part),
        ) {
            if name != "help" {
                open.push([command.clone(), vec![name]].concat());
            }
        }
        seen += 1;
    }
    assert!(seen >= 25, "only {seen} commands were found");
    assert!(cli.run(&["--help"]).stdout.contains("Exit codes:"));
    assert!(
        std::fs::read_dir(folder.path())
            .expect("the folder")
            .next()
            .is_none(),
        "asking for help leaves no trace"
    );
}

/// The names that a help text lists, each with what it says of it on the same or the next line.
fn entries(help: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = help.lines().collect();
    let listed = lines.iter().enumerate().filter(|(_, line)| {
        let indent = line.len() - line.trim_start().len();
        let first = line.trim_start().chars().next();
        (indent == 2 || (indent == 6 && line.trim_start().starts_with("--")))
            && first.is_some_and(|letter| letter.is_ascii_lowercase() || "-<[".contains(letter))
    });
    listed
        .map(|(index, line)| {
            let line = line.trim_start();
            let (name, words) = line.split_once("  ").unwrap_or((line, ""));
            let next = lines.get(index + 1).map_or("", |next| next.trim());
            let words = if words.trim().is_empty() {
                next
            } else {
                words.trim()
            };
            (
                name.split(' ').next().unwrap_or_default().to_owned(),
                words.to_owned(),
            )
        })
        .collect()
}

#[test]
fn settings_come_from_flag_environment_file_and_default_in_this_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write(
        "klankbord.toml",
        "[server]\nlisten = \"127.0.0.1:1\"\nworkers = 3\n[mail]\nhost = \"file.example\"\npassword = \"hush-file\"\n",
    );
    write("secret", "hush-secret\n");
    let cli = alone(folder.path())
        .env("KLANKBORD_CONFIG", "klankbord.toml")
        .env("KLANKBORD_SERVER_LISTEN", "127.0.0.1:2")
        .env(
            "KLANKBORD_DATABASE_URL",
            "postgres://user:hush-url@db.example:5432/klankbord?host=/run",
        );
    let print = cli
        .run(&["config", "print", "--json"])
        .expect_success()
        .json();
    assert_eq!(
        (&print["server"]["listen"], &print["server"]["workers"]),
        (&json!("127.0.0.1:2"), &json!(3))
    );
    assert_eq!(
        (&print["mail"]["host"], &print["mail"]["port"]),
        (&json!("file.example"), &json!(25))
    );
    assert_eq!(
        print["database"]["url"],
        "postgres://user:[redacted]@db.example:5432/klankbord?host=/run"
    );
    let cli = cli.env("KLANKBORD_MAIL_PASSWORD_FILE", "secret");
    let text = cli
        .run(&["config", "print"])
        .expect_success()
        .stdout
        .clone();
    assert!(
        !text.contains("hush") && text.contains("[redacted]"),
        "{text}"
    );
    // What is printed is a settings file.
    write("printed.toml", &text);
    alone(folder.path())
        .run(&["config", "check", "--config", "printed.toml"])
        .expect_success();
    cli.run(&["config", "check"]).expect_success();

    for (name, value, named) in [
        ("KLANKBORD_MAIL_HOTS", "x", "KLANKBORD_MAIL_HOTS"),
        ("KLANKBORD_SERVER_WORKERS", "0", "server.workers"),
        ("KLANKBORD_DATABASE_URL", "mysql://x", "database.url"),
        (
            "KLANKBORD_MAIL_PASSWORD_FILE",
            "no-such-file",
            "no-such-file",
        ),
    ] {
        let outcome = alone(folder.path())
            .env(name, value)
            .run(&["config", "check"]);
        assert!(
            outcome.expect_code(2).stderr.contains(named),
            "{}",
            outcome.stderr
        );
    }
    write("typo.toml", "[server]\nlissten = \"127.0.0.1:1\"\n");
    let outcome = alone(folder.path()).run(&["config", "check", "--config", "typo.toml"]);
    let words = &outcome.expect_code(2).stderr;
    assert!(
        words.contains("typo.toml") && words.contains("lissten"),
        "{words}"
    );
}

#[test]
fn completions_are_there_for_every_shell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = alone(folder.path()).run(&["completions", shell]);
        let script = &outcome.expect_success().stdout;
        assert!(
            script.contains("klankbord") && script.contains("organisation"),
            "{shell}"
        );
    }
    alone(folder.path())
        .run(&["completions", "cmd"])
        .expect_code(2);
}

#[test]
fn the_demonstration_prints_a_link_for_every_kind_of_person() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cli = alone(folder.path());
    let prepare = [
        "demo",
        "--prepare-only",
        "--data-dir",
        "demo",
        "--listen",
        "127.0.0.1:0",
    ];
    let outcome = cli.run(&prepare);
    let printed = &outcome.expect_success().stdout;
    for words in [
        "a parent",
        "a learner:",
        "easy to read",
        "member of staff",
        "an employer",
    ] {
        let line = printed
            .lines()
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("no {words}:\n{printed}"));
        assert!(
            line.contains("http://127.0.0.1:") && line.contains("/s/"),
            "{line}"
        );
    }
    for words in [
        "/sign-in",
        "/docs/",
        "/openapi.json",
        "curl ",
        "/indicators?round=",
        "demo/mail",
    ] {
        assert!(printed.contains(words), "no {words}:\n{printed}");
    }
    let kept = cli.env("KLANKBORD_DATA_DIR", "demo");
    let rounds = kept
        .run(&["round", "list", "--json"])
        .expect_success()
        .json();
    let stands: Vec<(&str, &str)> = rounds
        .as_array()
        .expect("a list")
        .iter()
        .map(|round| (text(round, "code"), text(round, "status")))
        .collect();
    assert_eq!(
        stands,
        [("autumn-baseline", "closed"), ("autumn-repeat", "open")]
    );
    let again = kept.run(&prepare);
    assert!(
        again.expect_code(1).stderr.contains("not empty"),
        "{}",
        again.stderr
    );
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}
