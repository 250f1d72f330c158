//! Programs of others that Klankbord has to get on with.

use std::io::Write as _;
use std::process::{Command, Stdio};

use klankbord_tests::process::{Process, Stream};
use klankbord_tests::structure::{house, python};
use klankbord_tests::{Backend, Caller, Community, Device, Link, Stage};
use serde_json::{Value, json};

/// The mail server `aiosmtpd`, which lets in only `school` with this password.
struct Aiosmtpd {
    process: Process,
    port: String,
}

impl Aiosmtpd {
    fn start(password: &str) -> Self {
        let script = house().join("tests/tools/aiosmtpd_server.py");
        let process = Process::start(
            Command::new(python())
                .arg(script)
                .args(["school", password]),
        );
        let port = process.wait_for_line(Stream::Out, |line| {
            line.strip_prefix("listening ").map(str::to_owned)
        });
        let port =
            port.unwrap_or_else(|| panic!("aiosmtpd did not start:\n{}", process.transcript()));
        Self { process, port }
    }

    /// The first message that it took.
    fn first_message(&self) -> Value {
        let message = self
            .process
            .wait_for_line(Stream::Out, |line| serde_json::from_str(line).ok());
        message.unwrap_or_else(|| panic!("no message came:\n{}", self.process.transcript()))
    }
}

#[test]
fn a_mail_server_of_others_that_wants_a_password_takes_our_mail() {
    let mail_server = Aiosmtpd::start("open-sesame");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let password = folder.path().join("password");
    std::fs::write(&password, "open-sesame\n").expect("the password can be written");
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_MAIL_PORT", &mail_server.port)
        .env("KLANKBORD_MAIL_USERNAME", "school")
        .env(
            "KLANKBORD_MAIL_PASSWORD_FILE",
            password.to_str().expect("a plain path"),
        )
        .start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 1);
    community.round("autumn", "de-linde", &["parent"]);
    community.invite_by_mail("autumn");

    let message = mail_server.first_message();
    assert_eq!(
        message.pointer("/to/0").and_then(Value::as_str),
        Some("parent1@de-linde.example")
    );
    assert_eq!(
        message.get("from").and_then(Value::as_str),
        Some("survey@school.example")
    );
}

/// Claims links with the browser's client in Node.js; gives the credentials.
fn claim_with_node(stage: &Stage, links: &[(Link, String)]) -> Vec<String> {
    let wanted: Vec<Value> = links
        .iter()
        .map(|(link, code)| json!({"token": link.token, "code": code}))
        .collect();
    let mut node = Command::new("node")
        .arg(house().join("tests/tools/claim_many.mjs"))
        .arg(stage.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed");
    let mut input = node.stdin.take().expect("an input");
    let text = Value::from(wanted).to_string();
    input.write_all(text.as_bytes()).expect("node reads");
    drop(input);
    let done = node.wait_with_output().expect("node ends");
    assert!(done.status.success(), "node ended with {}", done.status);
    serde_json::from_slice(&done.stdout).expect("credentials")
}

#[test]
fn two_clients_claim_the_same_credentials_and_the_server_takes_them() {
    const LINKS: usize = 1_000;
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", LINKS);
    community.round("autumn", "de-linde", &["parent"]);
    let links = community.invite_by_app("autumn").into_iter();
    let links: Vec<(Link, String)> = links
        .map(|link| (link, klankbord_tests::blind::random_code()))
        .collect();
    assert_eq!(links.len(), LINKS);
    let claim = |links: &[(Link, String)], status| -> Vec<String> {
        let each = links.iter();
        each.map(|(link, code)| Device::new(stage.anonymous(), &link.token, code).claim(status))
            .collect()
    };
    // Half of them are claimed here first, half there: either way each goes on with what the other has begun.
    let (here_first, there_first) = links.split_at(LINKS / 2);
    let mut here = claim(here_first, 201);
    let there = claim_with_node(&stage, &links);
    here.extend(claim(there_first, 200));
    assert!(here == there, "the clients do not agree");

    let answers = community.agree("autumn", "parent", 4);
    for (at, credential) in there.iter().enumerate() {
        let ballot = json!({"credential": credential, "organisation": "de-linde", "form": "parent", "answers": answers});
        let stored = stage.anonymous().post_json("/api/v1/ballots", &ballot);
        assert_eq!(stored.status(), 201, "{at}: {}", stored.text());
    }
}
