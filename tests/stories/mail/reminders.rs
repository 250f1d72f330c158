//! Reminders: to those who have not finished, never too many, and with the link they have already.

use klankbord_tests::{Caller, Community, Mail, Request, Stage, stories};
use serde_json::{Value, json};

/// A school with so many parents, invited by mail to an open round; gives their mails, in the order of the parents.
fn invited(stage: &Stage, parents: usize) -> (Community<'_>, Vec<Mail>) {
    let community = Community::found(stage);
    community.school("de-linde");
    let people = community.enrol("de-linde", "parent", parents);
    community.round("autumn", "de-linde", &["parent"]);
    community.invite_by_mail("autumn");
    community.mails_settled("autumn");
    let mails = people
        .iter()
        .map(|person| stage.smtp().next(person))
        .collect();
    (community, mails)
}

fn token(mail: &Mail) -> String {
    mail.link("/s/")
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn remind(community: &Community<'_>, body: &Value) -> Value {
    community
        .program()
        .post_json("/api/v1/rounds/autumn/reminders", body)
        .expect_status(200)
        .json()
}

/// What reminding says: queued, finished, unsubscribed, capped, waiting.
fn counts(told: &Value) -> [u64; 5] {
    ["queued", "finished", "unsubscribed", "capped", "waiting"]
        .map(|name| told[name].as_u64().expect("a count"))
}

stories! {
    fn a_reminder_reaches_those_who_have_not_finished_and_want_mail(stage: &Stage) {
        let (community, mails) = invited(stage, 4);
        let answers = community.agree("autumn", "parent", 4);
        community.submit(&token(&mails[0]), &answers, 201);
        stage.anonymous().send(Request::post(&mails[1].link("/unsubscribe/"))).expect_status(200);
        assert_eq!(counts(&remind(&community, &json!({}))), [2, 1, 1, 0, 0]);
        assert_eq!(community.mails_settled("autumn")["sent"], 6);
        for (first, person) in [(&mails[2], "parent3@de-linde.example"), (&mails[3], "parent4@de-linde.example")] {
            let reminder = stage.smtp().next(person);
            assert_eq!(reminder.subject(), "Reminder from School de-linde: Round autumn");
            assert!(reminder.text().contains("Your answers are still very welcome"), "{}", reminder.text());
            assert!(reminder.html().contains("Your answers are still very welcome"));
            assert_eq!((reminder.link("/s/"), reminder.id() == first.id()), (first.link("/s/"), false));
        }
        assert_eq!(stage.smtp().mails().len(), 6);
        community.submit(&token(&mails[2]), &answers, 201);
    }

    fn nobody_gets_more_than_three_mails_about_a_round(stage: &Stage) {
        let (community, _) = invited(stage, 2);
        for sent in [4, 6] {
            assert_eq!(counts(&remind(&community, &json!({"groups": ["parent"]}))), [2, 0, 0, 0, 0]);
            assert_eq!(community.mails_settled("autumn")["sent"], sent);
        }
        assert_eq!(counts(&remind(&community, &json!({}))), [0, 0, 0, 2, 0]);
        community.mails_settled("autumn");
        assert_eq!(stage.smtp().mails().len(), 6);
    }

    fn reminding_many_times_at_once_sends_one_reminder(stage: &Stage) {
        let (community, _) = invited(stage, 5);
        stage.smtp().close_doors();
        let told: Vec<[u64; 5]> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| counts(&remind(&community, &json!({}))))).collect();
            calls.into_iter().map(|call| call.join().expect("an answer")).collect()
        });
        assert_eq!(told.iter().filter(|one| **one == [5, 0, 0, 0, 0]).count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|one| **one == [0, 0, 0, 0, 5]).count(), 5, "{told:?}");
        stage.smtp().open_doors();
        assert_eq!(community.mails_settled("autumn")["sent"], 10);
        assert_eq!(stage.smtp().mails().len(), 10);
    }

    fn a_reminder_that_waits_is_dropped_once_it_is_not_needed(stage: &Stage) {
        let (community, mails) = invited(stage, 3);
        stage.smtp().close_doors();
        assert_eq!(remind(&community, &json!({}))["queued"], 3);
        let answers = community.agree("autumn", "parent", 4);
        community.submit(&token(&mails[0]), &answers, 201);
        stage.anonymous().send(Request::post(&mails[1].link("/unsubscribe/"))).expect_status(200);
        stage.smtp().open_doors();
        let settled = community.mails_settled("autumn");
        assert_eq!((&settled["sent"], &settled["cancelled"]), (&json!(4), &json!(2)));
        assert_eq!(stage.smtp().mails().len(), 4, "somebody who needs no reminder got one");
    }

    fn no_reminder_outlives_its_round(stage: &Stage) {
        let (community, _) = invited(stage, 2);
        stage.smtp().close_doors();
        remind(&community, &json!({}));
        community.close("autumn");
        stage.smtp().open_doors();
        assert_eq!(community.mails_settled("autumn")["cancelled"], 2);
        assert_eq!(stage.smtp().mails().len(), 2);
        community.program().post_json("/api/v1/rounds/autumn/reminders", &json!({})).expect_problem(409, "round_not_open");
    }

    fn a_school_reminds_its_own_and_nobody_without_a_mailed_link(stage: &Stage) {
        let community = Community::found(stage);
        for school in ["de-linde", "de-eik", "de-beuk"] {
            community.school(school);
            community.enrol(school, "parent", 2);
        }
        community.round("autumn", Community::CODE, &["parent"]);
        let invite = |organisation: &str, delivery: &str| {
            let body = json!({"delivery": delivery, "organisation": organisation});
            community.program().post_json("/api/v1/rounds/autumn/invitations", &body).expect_status(200);
        };
        invite("de-linde", "mail");
        invite("de-eik", "mail");
        invite("de-beuk", "app");
        community.mails_settled("autumn");
        let school = community.another_program("linde-app", "de-linde", "invitations:write");
        let path = "/api/v1/rounds/autumn/reminders";
        school.post_json(path, &json!({})).expect_error_at(422, "invalid", "/organisation", "missing");
        school.post_json(path, &json!({"organisation": "de-eik"})).expect_problem(404, "not_found");
        let own = school.post_json(path, &json!({"organisation": "de-linde"})).expect_status(200).json();
        assert_eq!(counts(&own), [2, 0, 0, 0, 0]);
        school.post_json(path, &json!({"organisation": "de-linde", "groups": ["staff"]}))
            .expect_error_at(422, "invalid", "/groups/0", "group_not_asked");
        community.mails_settled("autumn");
        let args = ["round", "remind", "autumn", "--group", "parent", "--json"];
        let all = stage.cli().run(&args).expect_success().json();
        assert_eq!(counts(&all), [4, 0, 0, 0, 0], "links that an app delivers are not mailed");
        community.mails_settled("autumn");
        assert_eq!(stage.smtp().mails().len(), 10);
    }

    fn learners_are_reminded_as_children_are_addressed(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol_table(
            "de-linde",
            "email,group,organisation,language\nsam@school.example,learner,de-linde,nl\nout@school.example,parent,de-linde,nl\n",
        );
        let round = json!({
            "code": "autumn", "organisation": "de-linde", "mode": "anonymous", "closesAt": "2099-06-30T22:00:00Z",
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"nl": "Ronde"},
        });
        community.program().post_json("/api/v1/rounds", &round).expect_status(201);
        community.program().post_json("/api/v1/rounds/autumn/open", &json!({})).expect_status(200);
        community.invite_by_mail("autumn");
        community.mails_settled("autumn");
        remind(&community, &json!({}));
        community.mails_settled("autumn");
        for (person, words, closing) in [
            ("sam@school.example", "Je antwoorden zijn nog steeds heel welkom.", "Je kunt antwoorden tot en met 30 juni 2099."),
            ("out@school.example", "Uw antwoorden zijn nog steeds heel welkom.", "U kunt antwoorden tot en met 30 juni 2099."),
        ] {
            stage.smtp().next(person);
            let reminder = stage.smtp().next(person);
            assert_eq!(reminder.subject(), "Herinnering van School de-linde: Ronde");
            let text = reminder.text();
            assert!(text.contains(words) && text.contains(closing), "{text}");
        }
    }
}
