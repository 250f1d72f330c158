//! Whole journeys, from the link to the thanks.

use std::thread;

use klankbord_tests::{Caller, Community, Press, Request, stories};
use serde_json::json;

use super::{agree, expect_modest, offers, send};

stories! {
    fn a_parent_of_two_schools_answers_for_both_behind_one_link(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.school("de-eik");
        community.enrol_table(
            Community::CODE,
            "email,group,organisation,language\npat@home.example,parent,de-linde,en\npat@home.example,parent,de-eik,en\n",
        );
        community.round("autumn", Community::CODE, &["parent"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        expect_modest(person.page().expect_status(200));
        person.page().expect_text("0 of 2 sent").expect_text("This survey is anonymous.");

        person.start().expect_text("School de-eik");
        assert_eq!(agree(&mut person, "4"), community.items("autumn", "parent").len());
        // From the thanks straight on to the other school, without the link.
        send(&mut person).expect_text("One more questionnaire").expect_text("School de-linde");
        person.start().expect_text("School de-linde");
        agree(&mut person, "2");
        let thanks = send(&mut person);
        assert!(thanks.forms().is_empty(), "nothing is left to do: {}", thanks.text());
        assert!(!thanks.path().contains(&link.token), "the link stays in the address bar");

        let welcome = person.browser().open(&link.url);
        welcome.expect_text("2 of 2 sent");
        assert!(person.browser().cookie_names().is_empty());
        assert_eq!(community.progress("autumn")["done"], 2);
        assert_eq!(community.close("autumn")["counts"]["opened"], 2);
    }

    fn a_learner_who_reads_slowly_gets_the_easy_form_in_large_type(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        let table = "reference,group,organisation,language,form\n17,learner,de-linde,nl,learner-easy\n18,learner,de-linde,nl,\n";
        community.enrol_table("de-linde", table);
        let groups = json!([{"group": "learner", "forms": [{"form": "learner"}, {"form": "learner-easy"}]}]);
        let round = json!({
            "code": "autumn", "organisation": "de-linde", "mode": "anonymous", "groups": groups,
            "title": {"nl": "Hoe is het op school?", "en": "How is school?"},
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
        });
        community.program().post_json("/api/v1/rounds", &round).expect_status(201);
        community.program().post_json("/api/v1/rounds/autumn/open", &json!({})).expect_status(200);
        let links = community.invite_by_app("autumn");
        assert_eq!(links.len(), 2);
        let mut easy = 0;
        for link in &links {
            let mut person = stage.respondent(&link.url);
            assert_eq!(person.page().language(), Some("nl"), "the person's language, not the browser's");
            person.start();
            let large = !person.page().attributes("body.easy", "class").is_empty();
            let questions = agree(&mut person, "3");
            let review = person.form();
            person.go(&review, "send").expect_status(200).expect_text("Dank");
            if questions == 15 {
                easy += 1;
                assert!(large, "the easy form looks like the others");
            } else {
                assert_eq!(questions, community.items("autumn", "learner").len());
                assert!(!large);
            }
        }
        assert_eq!(easy, 1);
        assert_eq!(community.close("autumn")["counts"]["opened"], 2);
    }

    fn an_employer_answers_for_three_schools_in_any_order(stage: &Stage) {
        let community = Community::found(stage);
        for school in ["de-linde", "de-eik", "de-beuk"] {
            community.school(school);
            community.enrol_table(school, &format!("email,group,organisation\nboss@work.example,employer,{school}\n"));
        }
        community.round("autumn", Community::CODE, &["employer"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        for (done, school) in ["de-linde", "de-beuk", "de-eik"].iter().enumerate() {
            let welcome = person.browser().open(&link.url);
            welcome.expect_text(&format!("{done} of 3 sent"));
            let wanted = format!("{school}:employer");
            let start = welcome.forms().into_iter().find(|form| form.values("assignment") == [wanted.as_str()]);
            let start = start.expect("a form for the school");
            person.go(&start, "start").expect_text(&format!("School {school}"));
            assert_eq!(agree(&mut person, "5"), 18);
            send(&mut person);
        }
        person.browser().open(&link.url).expect_text("3 of 3 sent");
        assert_eq!(community.close("autumn")["counts"]["opened"], 3);
    }

    fn sending_twice_counts_once_however_close_together(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 1);
        community.round("autumn", "de-linde", &["parent"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        person.start();
        agree(&mut person, "4");
        let sent = person.form().pairs(Press::Value("send"));
        // Ten fingers on one button.
        let anyone = stage.anonymous();
        thread::scope(|scope| {
            let press = || scope.spawn(|| anyone.send(Request::post("/survey").form(&sent)));
            let fingers: Vec<_> = (0..10).map(|_| press()).collect();
            for finger in fingers {
                let reply = finger.join().expect("an answer");
                assert!(reply.expect_status(200).text().contains("Thank you!"), "{}", reply.text());
            }
        });

        // Once more from the start, with other answers: they take the place of the first.
        person.browser().open(&link.url);
        person.start();
        agree(&mut person, "1");
        send(&mut person).expect_text("They take the place of the earlier ones.");
        assert_eq!(community.progress("autumn")["done"], 1);
        assert_eq!(
            community.close("autumn")["counts"],
            json!({"issued": 1, "claimed": 1, "ballots": 1, "opened": 1})
        );
    }

    fn nothing_is_counted_before_the_answers_are_sent(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 1);
        community.round("autumn", "de-linde", &["parent"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        person.start();
        agree(&mut person, "4");
        assert!(offers(person.page(), "send"));
        assert_eq!(crate::behind::query(stage, "ballots", "SELECT 1 FROM mailbox").len(), 0);
        assert_eq!(community.progress("autumn")["done"], 0);
        send(&mut person);
        assert_eq!(crate::behind::query(stage, "ballots", "SELECT 1 FROM mailbox").len(), 1);
    }

    fn the_style_and_everything_else_a_page_needs_comes_from_here_and_is_kept(stage: &Stage) {
        let page = stage.anonymous().visit("/s/1-AAAA");
        let needed = page.attributes("link[href]", "href");
        assert!(!needed.is_empty());
        for path in needed {
            let reply = stage.anonymous().get(&path);
            reply.expect_status(200);
            let kept = reply.header("Cache-Control").unwrap_or_default();
            assert!(kept.contains("immutable"), "{path}: {kept}");
            if reply.media_type() == "text/css" {
                let text = reply.text();
                assert!(["//", "@import"].iter().all(|sign| !text.contains(sign)), "{path} leads elsewhere");
            }
        }
    }

    fn a_page_without_its_form_leads_back_to_the_mail(stage: &Stage) {
        let mut visitor = stage.visitor();
        visitor.open("/survey").expect_status(200).expect_text("start from the link in your mail");
        let reply = stage.anonymous().send(Request::post("/survey").form(&[("go", "next")]));
        reply.expect_status(400);
    }
}
