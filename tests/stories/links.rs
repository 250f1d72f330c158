//! `/s/{link}`: a link works from the first mail to the close, however often and by whomever it is opened.

use std::collections::BTreeMap;
use std::time::Instant;

use klankbord_tests::{Backend, Caller, Community, Link, PATIENCE, Page, Request, Stage, stories};
use serde_json::json;

use crate::behind;

/// The rows of every table of both stores, sorted, by store and table.
fn stored(stage: &Stage) -> BTreeMap<(String, String), Vec<Vec<String>>> {
    let mut found = BTreeMap::new();
    for store in ["roster", "ballots"] {
        let tables = match stage.backend() {
            Backend::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'".to_owned(),
            Backend::Postgres => {
                format!("SELECT tablename FROM pg_tables WHERE schemaname = '{store}'")
            }
        };
        for table in behind::query(stage, store, &tables).concat() {
            let mut rows = behind::query(stage, store, &format!("SELECT * FROM \"{table}\""));
            rows.sort();
            found.insert((store.to_owned(), table), rows);
        }
    }
    found
}

/// A school with an open round and two invited parents whose participation has been counted.
fn round(stage: &Stage) -> (Community<'_>, Vec<Link>) {
    let community = Community::found(stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 2);
    community.round("autumn", "de-linde", &["parent"]);
    let links = community.invite_by_app("autumn");
    (community, links)
}

/// The page behind a link, as an address on the server shows it.
fn visit(stage: &Stage, token: &str) -> Page {
    stage.anonymous().visit(&format!("/s/{token}"))
}

stories! {
    fn opening_a_link_a_hundred_times_changes_no_row(stage: &Stage) {
        let (community, links) = round(stage);
        let [first, second] = &links[..] else { panic!("two links") };
        community.submit(&second.token, &community.agree("autumn", "parent", 4), 201);
        // The count of who has answered follows a moment later; the picture is taken after that.
        let deadline = Instant::now() + PATIENCE;
        while behind::query(stage, "roster", "SELECT 1 FROM participation WHERE answered = 1").is_empty() {
            assert!(Instant::now() < deadline, "participation is not counted");
        }
        let before = stored(stage);
        assert!(before[&("roster".to_owned(), "invitation".to_owned())].len() == 2, "{before:?}");

        let anyone = stage.anonymous();
        for time in 0..100 {
            let token = if time % 2 == 0 { &first.token } else { &second.token };
            for path in [format!("/s/{token}"), format!("/unsubscribe/{token}")] {
                for method in ["GET", "HEAD"] {
                    let reply = anyone.send(Request::new(method, &path));
                    reply.expect_status(200);
                    assert_eq!(reply.header("Set-Cookie"), None);
                    assert_eq!(reply.bytes().is_empty(), method == "HEAD");
                }
            }
        }
        assert_eq!(stored(stage), before);
    }

    fn a_link_may_be_typed_by_hand(stage: &Stage) {
        let (_, links) = round(stage);
        let token = &links[0].token;
        let (tenant, secret) = token.split_once('-').expect("a tenant and a secret");
        let groups: Vec<&str> = (0..secret.len()).step_by(4).map(|at| &secret[at..(at + 4).min(secret.len())]).collect();
        let readings = [
            token.to_lowercase(),
            format!("{tenant}-{}", groups.join("-")),
            format!("{tenant}-{}", groups.join("%20")),
            token.replace('0', "O").replace('1', "l"),
            token.replace('0', "o").replace('1', "I"),
            format!("{token}%20"),
        ];
        for reading in readings {
            let page = visit(stage, &reading);
            page.expect_status(200).expect_text("School de-linde");
            assert_eq!(page.attributes("input[name=token]", "value"), std::slice::from_ref(token), "{reading}");
        }
    }

    fn a_link_that_is_not_known_is_explained(stage: &Stage) {
        let (_, links) = round(stage);
        let token = &links[0].token;
        let swapped: String = token.split_once('-').map(|(tenant, secret)| {
            format!("{tenant}-{}", secret.chars().rev().collect::<String>())
        }).unwrap_or_default();
        let wrong = [
            token[..token.len() - 1].to_owned(),
            token[..8].to_owned(),
            format!("{token}A"),
            swapped,
            format!("7{token}"),
            "1-".to_owned(),
            "-".to_owned(),
            "%00".to_owned(),
            "%F0%9F%8E%93".to_owned(),
            "U".repeat(3000),
            "..%2F..%2Fetc%2Fpasswd".to_owned(),
            "'%20OR%20'1'='1".to_owned(),
        ];
        for token in wrong {
            let page = visit(stage, &token);
            page.expect_status(404).expect_text("We do not know this link");
            page.expect_text("Ask the organisation that invited you");
        }
        let dutch = stage.visitor().reading("nl").open("/s/1-AAAA").clone();
        dutch.expect_status(404);
        assert_eq!(dutch.language(), Some("nl"));
    }

    fn a_link_of_another_tenant_opens_nothing_there(stage: &Stage) {
        let (_, links) = round(stage);
        stage.cli().run(&["tenant", "add", "elsewhere", "--name", "Elsewhere", "--level", "community"]).expect_success();
        let (tenant, secret) = links[0].token.split_once('-').expect("a tenant and a secret");
        let next = format!("{}-{secret}", if tenant == "1" { "2" } else { "1" });
        visit(stage, &next).expect_status(404).expect_text("We do not know this link");
    }

    fn a_used_link_says_so_and_lets_answers_be_replaced(stage: &Stage) {
        let (community, links) = round(stage);
        visit(stage, &links[0].token).expect_text("Start");
        let answers = community.agree("autumn", "parent", 4);
        community.submit(&links[0].token, &answers, 201);
        let page = visit(stage, &links[0].token);
        page.expect_status(200).expect_text("You have sent your answers. Thank you!");
        // Behind the first button lies another, which scripts show where something was left unfinished.
        assert_eq!(page.form("/survey").buttons()[0], "Fill in again");
        assert!(!page.text().contains("Agree"), "what was answered can be seen: {}", page.text());
        // The other parent's link knows nothing of it.
        assert_eq!(visit(stage, &links[1].token).form("/survey").buttons()[0], "Start");
    }

    fn a_closed_round_says_so_to_readers_and_refuses_answers(stage: &Stage) {
        let (community, links) = round(stage);
        let token = &links[0].token;
        let mut late = stage.respondent(&links[0].url);
        late.start();
        let mut form = late.form();
        let name = form.names().first().map(ToString::to_string).expect("a question");
        form.choose(&name, "4");
        community.close("autumn");

        visit(stage, token).expect_status(200).expect_text("This survey has closed");
        late.go(&form, "next").expect_status(409).expect_text("This survey has closed");
        let body = json!({"token": token, "answers": {"P.PED1a": 4}});
        community.program().post_json("/api/v1/responses", &body).expect_problem(409, "round_closed");
        assert_eq!(community.progress("autumn")["done"], 0);
        visit(stage, &token[..token.len() - 2]).expect_status(404);
    }

    fn who_took_part_is_counted_after_a_power_cut_too(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 2);
        community.round("autumn", "de-linde", &["parent"]);
        let invite = ["round", "invite", "autumn", "--tenant", Community::CODE, "--print-links"];
        let printed = stage.cli().run(&invite).expect_success().link("/s/");
        let counted = |what: &str| {
            let deadline = Instant::now() + PATIENCE;
            while behind::query(stage, "roster", &format!("SELECT 1 FROM participation WHERE {what}")).is_empty() {
                assert!(Instant::now() < deadline, "nobody counts {what}");
            }
        };
        counted("invited = 2 AND answered = 0");
        let token = printed.rsplit('/').next().unwrap_or_default();
        community.submit(token, &community.agree("autumn", "parent", 4), 201);
        // Gone before anybody has counted; the answer is not.
        stage.server().kill();
        stage.server().start_again();
        counted("answered = 1");
    }
}
