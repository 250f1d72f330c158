//! People who are erased: what goes with them, and what nobody can take along.

use klankbord_tests::{Caller, Community, Link, Request, Stage, stories};
use serde_json::{Value, json};

use crate::behind::query;

/// A school with six parents and an open round of this mode.
fn school<'s>(stage: &'s Stage, mode: &str) -> (Community<'s>, Vec<Link>) {
    let community = Community::found(stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 6);
    round(&community, "autumn", mode);
    let links = community.invite_by_app("autumn");
    (community, links)
}

fn round(community: &Community<'_>, code: &str, mode: &str) {
    let mut round = json!({
        "code": code, "organisation": "de-linde", "mode": mode, "title": {"en": "Round"}, "groups": [{"group": "parent"}],
        "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
    });
    if mode == "confidential" {
        round["promise"] = json!({"keeper": {"en": "The coordinator"}, "purpose": {"en": "comparing"}, "until": "2099-01-31"});
    }
    community
        .program()
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    community
        .program()
        .post_json(&format!("/api/v1/rounds/{code}/open"), &json!({}))
        .expect_status(200);
}

fn erase(community: &Community<'_>, person: &str) -> Value {
    let path = format!("/api/v1/people/{person}");
    community
        .program()
        .send(Request::new("DELETE", &path))
        .expect_status(200)
        .json()
}

const FIRST: &str = "parent1@de-linde.example";
const LAST: &str = "parent6@de-linde.example";

stories! {
    fn a_person_is_gone_and_an_anonymous_ballot_stays(stage: &Stage) {
        let (community, links) = school(stage, "anonymous");
        let answers = community.agree("autumn", "parent", 4);
        let first = links.iter().find(|link| link.email == FIRST).expect("a link");
        community.submit(&first.token, &answers, 201);
        assert_eq!(erase(&community, FIRST), json!({"invitations": 1, "claimsKept": 1, "responses": 0}));
        assert_eq!(erase(&community, "Parent6@de-linde.example"), json!({"invitations": 1, "claimsKept": 0, "responses": 0}));
        community.program().send(Request::new("DELETE", &format!("/api/v1/people/{FIRST}"))).expect_problem(404, "not_found");
        stage.anonymous().visit(&format!("/s/{}", first.token)).expect_status(404);
        let body = json!({"token": first.token, "answers": answers});
        community.program().post_json("/api/v1/responses", &body).expect_problem(404, "not_found");

        let progress = community.progress("autumn");
        assert_eq!((&progress["invitations"], &progress["assignments"], &progress["done"]), (&json!(4), &json!(5), &json!(1)));
        assert_eq!(community.close("autumn")["counts"], json!({"issued": 5, "claimed": 1, "ballots": 1, "opened": 1}));
        for (table, rows) in [("person", 4), ("role", 4), ("invitation", 4), ("assignment", 4)] {
            assert_eq!(query(stage, "roster", &format!("SELECT * FROM {table}")).len(), rows, "{table}");
        }
        let everything = ["person", "role", "invitation", "assignment", "outbox", "former_claim"]
            .map(|table| query(stage, "roster", &format!("SELECT * FROM {table}")).concat().concat())
            .concat();
        assert!(!everything.contains("parent1@") && !everything.contains("parent6@"), "{everything}");
        // Somebody of that name may come again, as a new person.
        let invited = community.enrol_table("de-linde", &format!("email,group,organisation\n{FIRST},parent,de-linde\n"));
        assert_eq!(invited["peopleAdded"], 1);
    }

    fn mails_to_the_erased_are_called_off(stage: &Stage) {
        let (community, _) = school(stage, "anonymous");
        round(&community, "winter", "anonymous");
        stage.smtp().close_doors();
        community.invite_by_mail("winter");
        let told = stage.cli().run(&["person", "erase", LAST, "--json"]).expect_success().json();
        assert_eq!(told, json!({"invitations": 2, "claimsKept": 0, "responses": 0}));
        stage.smtp().open_doors();
        assert_eq!(community.mails_settled("winter")["sent"], 5);
        assert_eq!(stage.smtp().attempts(LAST), 0);
    }

    fn answers_with_a_name_or_a_living_code_go_too(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 6);
        for mode in ["identified", "confidential"] {
            round(&community, mode, mode);
            for (value, link) in [5, 5, 1, 1, 3, 3].into_iter().zip(community.invite_by_app(mode)) {
                community.submit(&link.token, &community.agree(mode, "parent", value), 201);
            }
        }
        community.close("identified");
        let before = community.indicators("de-linde", "identified");
        assert_eq!(erase(&community, FIRST), json!({"invitations": 2, "claimsKept": 2, "responses": 2}));
        // Published figures stay; those of the round that is open are made without the person.
        assert_eq!(community.indicators("de-linde", "identified"), before);
        assert_eq!(query(stage, "ballots", "SELECT 1 FROM response WHERE round = 'identified'").len(), 5);
        assert_eq!(community.close("confidential")["counts"], json!({"issued": 6, "claimed": 6, "ballots": 5, "opened": 5}));
        assert_eq!(query(stage, "ballots", "SELECT 1 FROM response WHERE round = 'confidential'").len(), 5);
        let figures = community.indicators("de-linde", "confidential").to_string();
        assert!(figures.contains("\"n\":5"), "{figures}");
        assert!(!figures.contains("\"n\":6"), "{figures}");
    }

    fn the_last_answer_of_a_round_can_be_taken_out(stage: &Stage) {
        let (community, links) = school(stage, "identified");
        let first = links.iter().find(|link| link.email == FIRST).expect("a link");
        community.submit(&first.token, &community.agree("autumn", "parent", 4), 201);
        assert_eq!(erase(&community, FIRST)["responses"], 1);
        assert!(query(stage, "ballots", "SELECT 1 FROM tally").is_empty(), "a tally of nobody");
        assert_eq!(community.close("autumn")["counts"], json!({"issued": 6, "claimed": 1, "ballots": 0, "opened": 0}));
    }
}
