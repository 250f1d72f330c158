//! Two servers close the same rounds at the same time: one of them opens the ballots, and nobody is told of a failure.

use klankbord_tests::behind::{execute, query};
use klankbord_tests::{ApiClient, Caller, Community, PATIENCE, Reply, Server, Stage, stories};
use serde_json::json;
use std::sync::Barrier;
use std::time::Instant;

/// Rounds that both are asked to close.
const ASKED: usize = 16;
/// Rounds that both find to be over.
const OVER: usize = 6;
const PEOPLE: usize = 12;
const ANSWERS: usize = 9;

stories! {
    fn two_servers_that_close_a_round_open_each_ballot_once(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", PEOPLE);
        let second = Server::start(stage.cli().clone());
        let closers = [closer(stage, "one", stage.base_url()), closer(stage, "two", second.base_url())];
        let asked: Vec<String> = (1..=ASKED).map(|number| format!("asked-{number}")).collect();
        let over: Vec<String> = (1..=OVER).map(|number| format!("over-{number}")).collect();
        for (number, round) in asked.iter().chain(&over).enumerate() {
            begin(&community, round, if number % 2 == 0 { "anonymous" } else { "identified" });
        }

        for round in &asked {
            let start = Barrier::new(closers.len());
            let replies: Vec<Reply> = std::thread::scope(|scope| {
                let closing: Vec<_> = closers.iter().map(|closer| scope.spawn(|| {
                    start.wait();
                    closer.post_json(&format!("/api/v1/rounds/{round}/close"), &json!({}))
                })).collect();
                closing.into_iter().map(|one| one.join().expect("no thread fails")).collect()
            });
            // The one who comes last may be told that it is closed already.
            assert!(replies.iter().any(|reply| reply.status() == 200), "{round}");
            for reply in replies.iter().filter(|reply| reply.status() != 200) {
                reply.expect_problem(409, "round_not_open");
            }
            expect_closed(stage, &community, round);
        }

        execute(stage, "roster", "UPDATE round SET closes_at = 1 WHERE status = 'open'");
        let begun = Instant::now();
        while query(stage, "roster", "SELECT DISTINCT status FROM round") != [["closed"]] {
            assert!(begun.elapsed() < PATIENCE, "the rounds are not closed in time");
            std::thread::yield_now();
        }
        for round in &over {
            expect_closed(stage, &community, round);
        }
        for words in [stage.server().transcript(), second.transcript()] {
            assert!(!words.contains("ERROR") && !words.contains("will be tried again"), "{words}");
        }
    }
}

/// A program that closes rounds through one of the servers.
fn closer(stage: &Stage, id: &str, base_url: &str) -> ApiClient {
    let scopes = "rounds:write";
    let add = [
        "client",
        "add",
        id,
        "--organisation",
        Community::CODE,
        "--scopes",
        scopes,
        "--json",
    ];
    let made = stage.cli().run(&add).expect_success().json();
    let secret = made["clientSecret"].as_str().expect("a secret");
    ApiClient::with_secret(base_url, id, secret, scopes)
}

/// Opens a round to which some answer.
fn begin(community: &Community<'_>, code: &str, mode: &str) {
    let round = json!({
        "code": code, "organisation": "school-a", "mode": mode, "groups": [{"group": "parent"}],
        "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": code, "nl": code},
    });
    let program = community.program();
    program
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    program
        .post_json(&format!("/api/v1/rounds/{code}/open"), &json!({}))
        .expect_status(200);
    let answers = community.agree(code, "parent", 4);
    for link in &community.invite_by_app(code)[..ANSWERS] {
        community.submit(&link.token, &answers, 201);
    }
}

/// Expects the counts of a round, and as many responses.
#[track_caller]
fn expect_closed(stage: &Stage, community: &Community<'_>, round: &str) {
    let path = format!("/api/v1/rounds/{round}");
    let seen = community.program().get(&path).expect_status(200).json();
    let counts =
        json!({"issued": PEOPLE, "claimed": ANSWERS, "ballots": ANSWERS, "opened": ANSWERS});
    assert_eq!(seen["counts"], counts, "{round}");
    let stored = format!("SELECT count(*) FROM response WHERE round = '{round}'");
    assert_eq!(
        query(stage, "ballots", &stored),
        [[ANSWERS.to_string()]],
        "{round}"
    );
}
