//! No more mails: a wish that is kept, from a link that goes on working.

use klankbord_tests::{Caller, Community, Press, Request, Stage, stories};
use serde_json::Value;

/// A school with two parents whose first round is under way; gives Ann's link.
fn invited(stage: &Stage) -> (Community<'_>, String) {
    let community = Community::found(stage);
    community.school("de-linde");
    let table = "email,group,organisation,language\nann@home.example,parent,de-linde,en\nbea@home.example,parent,de-linde,nl\n";
    community.enrol_table("de-linde", table);
    community.round("spring", "de-linde", &["parent"]);
    community.invite_by_mail("spring");
    let link = stage.smtp().next("ann@home.example").link("/s/");
    stage.smtp().next("bea@home.example");
    (community, link)
}

/// Invites to the next round; gives what inviting said.
fn next_round(community: &Community<'_>, code: &str) -> Value {
    community.round(code, "de-linde", &["parent"]);
    let invited = community.invite_by_mail(code);
    community.mails_settled(code);
    invited
}

stories! {
    fn one_click_in_a_mail_program_stops_mails_and_keeps_the_link(stage: &Stage) {
        let (community, link) = invited(stage);
        let unsubscribe = link.replace("/s/", "/unsubscribe/");
        // As a mail provider does it: a POST from elsewhere, without cookies, after having looked at the page.
        let body = "List-Unsubscribe=One-Click";
        let click = Request::post(&unsubscribe)
            .bytes("application/x-www-form-urlencoded", body)
            .header("Sec-Fetch-Site", "cross-site");
        stage.anonymous().send(click.clone()).expect_status(200);
        stage.anonymous().send(click).expect_status(200);

        let next = next_round(&community, "summer");
        assert_eq!((&next["created"], &next["mailsQueued"], &next["unsubscribed"]), (&2.into(), &1.into(), &1.into()));
        stage.smtp().next("bea@home.example");
        assert_eq!(stage.smtp().mails().len(), 3, "somebody who wants no mail was mailed");

        let token = link.rsplit('/').next().unwrap_or_default();
        stage.respondent(&link).page().expect_status(200);
        community.submit(token, &community.agree("spring", "parent", 4), 201);
    }

    fn one_click_as_multipart_counts_as_well(stage: &Stage) {
        let (community, link) = invited(stage);
        let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let click = Request::post(&link.replace("/s/", "/unsubscribe/"));
        stage.anonymous().send(click.bytes("multipart/form-data; boundary=b", body)).expect_status(200);
        assert_eq!(next_round(&community, "summer")["unsubscribed"], 1);
    }

    fn a_mail_that_waits_is_not_sent_to_somebody_who_has_unsubscribed_meanwhile(stage: &Stage) {
        let (community, link) = invited(stage);
        stage.smtp().close_doors();
        community.round("summer", "de-linde", &["parent"]);
        community.invite_by_mail("summer");
        stage.anonymous().send(Request::post(&link.replace("/s/", "/unsubscribe/"))).expect_status(200);
        stage.smtp().open_doors();
        let mails = community.mails_settled("summer");
        assert_eq!((&mails["sent"], &mails["cancelled"]), (&1.into(), &1.into()));
        assert_eq!(stage.smtp().mails().len(), 3);
    }

    fn the_page_asks_first_and_can_take_it_back(stage: &Stage) {
        let (community, link) = invited(stage);
        let mut visitor = stage.visitor();
        let unsubscribe = link.replace("/s/", "/unsubscribe/");
        let page = visitor.open(&unsubscribe);
        assert_eq!(page.heading(), "No more mails?");
        // Looking is not asking: scanners of mail look.
        assert_eq!(next_round(&community, "summer")["mailsQueued"], 2);

        let form = visitor.page().forms().remove(0);
        assert_eq!(visitor.send(&form, Press::Enter).heading(), "Done: no more mails");
        assert_eq!(next_round(&community, "autumn")["mailsQueued"], 1);
        assert_eq!(visitor.open(&unsubscribe).heading(), "Done: no more mails");

        let form = visitor.page().forms().remove(0);
        assert_eq!(visitor.send(&form, Press::Label("Send me mails after all")).heading(), "No more mails?");
        assert_eq!(next_round(&community, "winter")["mailsQueued"], 2);
        assert!(visitor.cookie_names().is_empty());
    }

    fn an_unknown_unsubscribe_link_is_explained(stage: &Stage) {
        let (_, link) = invited(stage);
        let cut = link.replace("/s/", "/unsubscribe/");
        let page = stage.anonymous().visit(&cut[stage.base_url().len()..cut.len() - 4]);
        page.expect_status(404).expect_text("We do not know this link");
        stage.anonymous().send(Request::post("/unsubscribe/1-AAAA")).expect_status(404);
    }
}
