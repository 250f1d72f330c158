//! Bodies that are slow, large, or not what they seem.

use std::process::Command;

use klankbord_tests::{Backend, Stage};

use crate::wire::{Answer, Wire};

const JSON: &str = "content-type: application/json";

fn stage() -> Stage {
    Stage::on(Backend::Sqlite).start()
}

fn post(stage: &Stage, path: &str, headers: &[&str], body: &[u8]) -> Answer {
    let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
    Wire::open(stage.base_url())
        .and_then(|mut wire| wire.ask(&format!("POST {path}"), &headers, body))
        .expect("the server answers")
}

#[track_caller]
fn expect_safe_headers(answer: &Answer) {
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
    ] {
        assert!(
            answer.header(name).is_some(),
            "{name} is missing: {}",
            answer.head
        );
    }
}

#[test]
fn a_body_that_does_not_come_is_cut() {
    let stage = stage();
    std::thread::scope(|scope| {
        for (path, kind) in [
            ("/api/v1/claims", "application/json"),
            ("/oauth/token", "application/x-www-form-urlencoded"),
            ("/survey", "application/x-www-form-urlencoded"),
        ] {
            let stage = &stage;
            scope.spawn(move || {
                let mut wire = Wire::open(stage.base_url()).expect("the server listens");
                let head = format!("POST {path} HTTP/1.1\r\nhost: k\r\ncontent-type: {kind}\r\ncontent-length: 100\r\n\r\ntoken=");
                wire.write(head.as_bytes()).expect("the head is taken");
                let answer = wire.answer().expect("the server answers");
                assert_eq!(answer.status, 408, "{path}: {answer:?}");
                assert_eq!(answer.header("connection"), Some("close"));
                expect_safe_headers(&answer);
            });
        }
    });
}

#[test]
fn a_head_that_does_not_come_is_cut() {
    let stage = stage();
    let mut wire = Wire::open(stage.base_url()).expect("the server listens");
    wire.write(b"POST /survey HTTP/1.1\r\nhost: k\r\n")
        .expect("it is taken");
    assert_eq!(wire.answer().expect("the server answers").status, 408);
}

#[test]
fn a_body_of_more_than_256_kib_is_refused() {
    let stage = stage();
    let large = vec![b' '; 256 * 1024 + 1];
    let answer = post(&stage, "/api/v1/claims", &[JSON], &large);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
    let form = "content-type: application/x-www-form-urlencoded";
    assert_eq!(post(&stage, "/survey", &[form], &large).status, 413);
    let within = post(&stage, "/api/v1/claims", &[JSON], &large[2..]);
    assert_eq!(within.status, 400, "{within:?}");
}

#[test]
fn a_body_of_deep_nesting_is_refused() {
    let stage = stage();
    let deep = format!("{{\"token\": {}", "[".repeat(100_000));
    let answer = post(&stage, "/api/v1/claims", &[JSON], deep.as_bytes());
    assert_eq!((answer.status, answer.code().as_str()), (400, "unreadable"));
}

/// A quarter of a gigabyte of nothing, a quarter of a megabyte on the wire.
#[test]
fn a_bomb_is_refused_and_takes_no_memory() {
    let stage = stage();
    let packed = Command::new("sh")
        .args(["-c", "head -c 268435456 /dev/zero | gzip -9"])
        .output()
        .expect("gzip runs")
        .stdout;
    assert!(
        (100_000..=300_000).contains(&packed.len()),
        "{}",
        packed.len()
    );
    post(&stage, "/api/v1/claims", &[JSON], b"{}");
    let before = peak_memory(&stage);
    for path in [
        "/api/v1/claims",
        "/api/v1/responses",
        "/survey",
        "/oauth/token",
    ] {
        for _ in 0..5 {
            let answer = post(&stage, path, &[JSON, "content-encoding: gzip"], &packed);
            assert_eq!(answer.status, 400, "{path}");
        }
    }
    let grown = peak_memory(&stage) - before;
    println!("twenty bombs of 256 MiB took {} KiB", grown / 1024);
    assert!(grown < 32 << 20, "the bombs took {grown} bytes");
}

/// The most memory that the server has held, in bytes.
fn peak_memory(stage: &Stage) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", stage.server().id()))
        .expect("the process lives");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes.expect("a number of kB") * 1024
}
