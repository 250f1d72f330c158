//! What anyone can check of a round, without a link.

use klankbord_tests::{Caller, Community, stories};
use serde_json::json;

use super::{agree, expect_modest, send};

const LABEL: &str = "Your browser does not hide by itself who sends the answers";

stories! {
    fn anyone_reads_what_is_protected_and_the_counts_once_the_round_has_closed(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 2);
        let draft = json!({
            "code": "later", "organisation": "de-linde", "mode": "anonymous", "groups": [{"group": "parent"}],
            "title": {"en": "Later"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
        });
        community.program().post_json("/api/v1/rounds", &draft).expect_status(201);
        community.round("autumn", "de-linde", &["parent"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        let check = person.page().attributes("a[target=_blank]", "href").remove(0);
        assert!(check.starts_with("/rounds/"), "{check}");
        assert!(!check.contains(&link.token), "the link is told to whoever asks for the page");

        // While it is open nothing tells who answers when, not even that somebody did.
        let mut anyone = stage.visitor();
        let before = anyone.open(&check).reply().text();
        expect_modest(anyone.page().expect_status(200));
        let page = anyone.page().expect_text("not the school, and not the makers of this system");
        page.expect_text("What is not protected").expect_text("The counts follow when the survey has closed.");
        person.start();
        agree(&mut person, "4");
        send(&mut person);
        assert_eq!(anyone.open(&check).reply().text(), before, "the page changes when somebody answers");
        let dutch = check.replace("language=en", "language=nl");
        assert_eq!(anyone.open(&dutch).expect_text("Wat niet beschermd is").language(), Some("nl"));

        community.close("autumn");
        let page = anyone.open(&check).expect_status(200);
        assert_eq!(page.texts("td.figure"), ["2", "1", "1", "1"]);
        for unknown in [check.replace("autumn", "later"), check.replace("autumn", "none"), "/rounds/x/autumn".to_owned()] {
            anyone.open(&unknown).expect_status(404);
        }
    }

    fn whoever_answers_without_scripts_is_told_what_the_server_sees(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 1);
        community.round("autumn", "de-linde", &["parent"]);
        let named = json!({
            "code": "named", "organisation": "de-linde", "mode": "identified", "groups": [{"group": "parent"}],
            "title": {"en": "Named"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
        });
        community.program().post_json("/api/v1/rounds", &named).expect_status(201);
        community.program().post_json("/api/v1/rounds/named/open", &json!({})).expect_status(200);
        for (round, told) in [("autumn", true), ("named", false)] {
            let link = community.invite_by_app(round).remove(0);
            let mut person = stage.respondent(&link.url);
            assert_eq!(person.page().text().contains(LABEL), told, "{round}: {}", person.page().text());
            person.start();
            agree(&mut person, "4");
            assert_eq!(person.page().text().contains(LABEL), told, "{round}: {}", person.page().text());
            assert!(person.page().link("How does that work? (opens in a new window)").contains(round));
            send(&mut person);
        }
    }
}
