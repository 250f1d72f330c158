//! Programs of others that Klankbord has to get on with.

use std::process::Command;

use klankbord_tests::process::{Process, Stream};
use klankbord_tests::structure::{house, python};
use klankbord_tests::{Backend, Community, Stage};
use serde_json::Value;

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
