//! Invitations taken back, and links that are replaced.

use klankbord_tests::{Caller, Community, Link, Request, Stage, stories};
use serde_json::{Value, json};

/// A school with three parents, the first two with a reference, and an open round.
fn school(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("de-linde");
    community.enrol_table(
        "de-linde",
        "reference,email,group,organisation\n\
         2024/1 a,ann@home.example,parent,de-linde\n\
         2024/2 b,bea@home.example,parent,de-linde\n\
         ,cas@home.example,parent,de-linde\n",
    );
    community.round("autumn", "de-linde", &["parent"]);
    community
}

const ANN: &str = "/api/v1/rounds/autumn/invitations/2024%2F1%20a";
const CAS: &str = "/api/v1/rounds/autumn/invitations/cas@home.example";

fn of<'l>(links: &'l [Link], email: &str) -> &'l Link {
    links
        .iter()
        .find(|link| link.email == email)
        .expect("a link")
}

fn revoke(community: &Community<'_>, path: &str) -> Value {
    community
        .program()
        .send(Request::new("DELETE", path))
        .expect_status(200)
        .json()
}

fn renew(community: &Community<'_>, path: &str) -> Value {
    let path = format!("{path}/renewal");
    community
        .program()
        .post_json(&path, &json!({}))
        .expect_status(200)
        .json()
}

stories! {
    fn a_link_that_was_taken_back_opens_nothing(stage: &Stage) {
        let community = school(stage);
        let links = community.invite_by_app("autumn");
        let link = of(&links, "ann@home.example");
        let answers = community.agree("autumn", "parent", 4);
        assert_eq!(revoke(&community, ANN), json!({"removed": 1, "kept": 0}));
        stage.anonymous().visit(&format!("/s/{}", link.token)).expect_status(404).expect_text("We do not know this link");
        let body = json!({"token": link.token, "answers": answers});
        community.program().post_json("/api/v1/responses", &body).expect_problem(404, "not_found");
        assert_eq!(revoke(&community, ANN), json!({"removed": 0, "kept": 0}), "taking it back twice changes nothing");
        let progress = community.progress("autumn");
        assert_eq!((&progress["invitations"], &progress["assignments"]), (&json!(2), &json!(2)));

        // Inviting everybody does not undo it, and others are not touched.
        let again = community.program()
            .post_json("/api/v1/rounds/autumn/invitations", &json!({"delivery": "mail"}))
            .expect_status(200)
            .json();
        assert_eq!((&again["created"], &again["existing"], &again["revoked"]), (&json!(0), &json!(2), &json!(1)));
        community.submit(&of(&links, "cas@home.example").token, &answers, 201);
        assert_eq!(community.close("autumn")["counts"], json!({"issued": 2, "claimed": 1, "ballots": 1, "opened": 1}));
    }

    fn what_was_answered_before_stays_and_stays_counted(stage: &Stage) {
        let community = school(stage);
        let links = community.invite_by_app("autumn");
        let token = &of(&links, "cas@home.example").token;
        let answers = community.agree("autumn", "parent", 4);
        community.submit(token, &answers, 201);
        assert_eq!(revoke(&community, CAS), json!({"removed": 0, "kept": 1}));
        let body = json!({"token": token, "answers": answers});
        community.program().post_json("/api/v1/responses", &body).expect_problem(404, "not_found");
        let told = community.program().post_json(&format!("{CAS}/renewal"), &json!({})).expect_problem(409, "already_claimed");
        assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("count twice")), "{told}");
        let progress = community.progress("autumn");
        assert_eq!((&progress["invitations"], &progress["assignments"], &progress["done"]), (&json!(3), &json!(3), &json!(1)));
        assert_eq!(community.close("autumn")["counts"], json!({"issued": 3, "claimed": 1, "ballots": 1, "opened": 1}));
        community.program().send(Request::new("DELETE", ANN)).expect_problem(409, "round_not_open");
    }

    fn a_mail_that_waits_is_called_off_and_no_reminder_follows(stage: &Stage) {
        let community = school(stage);
        stage.smtp().close_doors();
        community.invite_by_mail("autumn");
        stage.cli().run(&["round", "revoke", "autumn", "2024/1 a"]).expect_success();
        stage.smtp().open_doors();
        let mails = community.mails_settled("autumn");
        assert_eq!((&mails["sent"], &mails["cancelled"]), (&json!(2), &json!(1)));
        let reminded = community.program().post_json("/api/v1/rounds/autumn/reminders", &json!({})).expect_status(200).json();
        assert_eq!((&reminded["queued"], &reminded["capped"]), (&json!(2), &json!(0)));
        community.mails_settled("autumn");
        assert_eq!(stage.smtp().mails().iter().filter(|mail| mail.is_to("ann@home.example")).count(), 0);
    }

    fn a_new_link_takes_the_place_of_the_old_one(stage: &Stage) {
        let community = school(stage);
        community.invite_by_mail("autumn");
        community.mails_settled("autumn");
        let old = stage.smtp().next("ann@home.example").link("/s/");
        assert_eq!(renew(&community, ANN), json!({"mailQueued": true, "link": null}));
        let new = stage.smtp().next("ann@home.example").link("/s/");
        assert_ne!(old, new);
        stage.anonymous().get(&old).expect_status(404);
        let token = new.rsplit('/').next().unwrap_or_default();
        community.submit(token, &community.agree("autumn", "parent", 4), 201);

        // Back again after it was taken back, with all that it asked.
        assert_eq!(revoke(&community, CAS), json!({"removed": 1, "kept": 0}));
        let told = stage.cli().run(&["round", "renew", "autumn", "cas@home.example", "--json"]).expect_success().json();
        assert_eq!(told["mailQueued"], true);
        stage.smtp().next("cas@home.example");
        let new = stage.smtp().next("cas@home.example").link("/s/");
        stage.respondent(&new).page().expect_status(200).expect_text("School de-linde");
        assert_eq!(community.progress("autumn")["assignments"], 3);
        assert_eq!(community.close("autumn")["counts"], json!({"issued": 3, "claimed": 1, "ballots": 1, "opened": 1}));
    }

    fn a_link_that_an_app_delivers_is_renewed_into_its_hands(stage: &Stage) {
        let community = school(stage);
        let links = community.invite_by_app("autumn");
        let renewed = renew(&community, ANN);
        assert_eq!((&renewed["mailQueued"], &renewed["link"]["reference"]), (&json!(false), &json!("2024/1 a")));
        assert_eq!(renewed["link"]["assignments"], json!([{"organisation": "de-linde", "form": "parent"}]));
        let token = renewed["link"]["token"].as_str().expect("a token");
        let answers = community.agree("autumn", "parent", 4);
        community.submit(token, &answers, 201);
        let body = json!({"token": of(&links, "ann@home.example").token, "answers": answers});
        community.program().post_json("/api/v1/responses", &body).expect_problem(404, "not_found");
    }

    fn only_those_who_manage_all_that_a_person_is_asked_about_can_do_this(stage: &Stage) {
        let community = school(stage);
        community.school("de-eik");
        community.enrol_table(
            Community::CODE,
            "reference,email,group,organisation\nx1,two@home.example,parent,de-eik\nx2,two@home.example,parent,de-eik\n\
             x3,both@home.example,parent,de-linde\nx3,both@home.example,parent,de-eik\n",
        );
        community.round("all", Community::CODE, &["parent"]);
        community.invite_by_app("all");
        let eik = community.another_program("eik-app", "de-eik", "invitations:write people:write");
        let at = |person: &str| format!("/api/v1/rounds/all/invitations/{person}");
        let refused = |method: &str, path: &str, status: u16, code: &str| {
            eik.send(Request::new(method, path)).expect_problem(status, code);
        };
        refused("DELETE", &at("cas@home.example"), 404, "not_found");
        refused("DELETE", &at("nobody@home.example"), 404, "not_found");
        refused("DELETE", &at("x3"), 403, "forbidden");
        refused("POST", &format!("{}/renewal", at("x3")), 403, "forbidden");
        refused("DELETE", &at("two@home.example"), 409, "several_people");
        refused("DELETE", "/api/v1/people/x3", 403, "forbidden");
        refused("DELETE", "/api/v1/people/cas@home.example", 404, "not_found");
        refused("DELETE", "/api/v1/people/two@home.example", 409, "several_people");
        eik.send(Request::new("DELETE", &at("x1"))).expect_status(200);
        // Asked by nobody yet, or in another round only: there is no invitation to take back.
        refused("DELETE", "/api/v1/rounds/autumn/invitations/x1", 404, "not_found");
    }
}
