//! Mails: who gets which, how often, and what a mail carries.

mod faults;
mod reminders;
mod unsubscribe;

use std::collections::BTreeSet;

use klankbord_tests::{Caller, Community, Mail, Stage, stories};

/// A school with three parents, in two languages, and an open round.
fn linde(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("de-linde");
    community.enrol_table(
        "de-linde",
        "email,group,organisation,language\n\
         ann@home.example,parent,de-linde,en\n\
         jan@home.example,parent,de-linde,nl\n\
         joao@home.example,parent,de-linde,pt-BR\n",
    );
    community.round("autumn", "de-linde", &["parent"]);
    community
}

fn recipients(mails: &[Mail]) -> Vec<String> {
    let mut found: Vec<String> = mails
        .iter()
        .flat_map(|mail| mail.recipients().to_vec())
        .collect();
    found.sort();
    found
}

stories! {
    fn everyone_is_mailed_once_in_their_own_language(stage: &Stage) {
        let community = linde(stage);
        let invited = community.invite_by_mail("autumn");
        assert_eq!((&invited["created"], &invited["mailsQueued"]), (&3.into(), &3.into()));
        assert_eq!(community.mails_settled("autumn")["sent"], 3);
        let mails = stage.smtp().mails();
        assert_eq!(recipients(&mails), ["ann@home.example", "jan@home.example", "joao@home.example"]);

        let links: BTreeSet<String> = mails.iter().map(|mail| mail.link("/s/")).collect();
        let ids: BTreeSet<String> = mails.iter().map(Mail::id).collect();
        assert_eq!((links.len(), ids.len()), (3, 3), "everyone has a link and a message of their own");

        let jan = stage.smtp().next("jan@home.example");
        assert_eq!(jan.subject(), "School de-linde hoort graag van u: Ronde autumn");
        assert_eq!(jan.language().as_deref(), Some("nl"));
        assert!(jan.text().contains("Deze link is alleen voor u"), "{}", jan.text());
        assert!(jan.html().contains("Beantwoord de vragen"), "{}", jan.html());
        // A language that the interface does not have falls back to the one that everything has.
        for name in ["ann@home.example", "joao@home.example"] {
            let mail = stage.smtp().next(name);
            assert_eq!(mail.subject(), "School de-linde would like to hear from you: Round autumn");
            assert_eq!(mail.language().as_deref(), Some("en"));
        }
    }

    fn a_mail_is_complete_and_tells_no_more_than_it_must(stage: &Stage) {
        linde(stage).invite_by_mail("autumn");
        let mail = stage.smtp().next("ann@home.example");
        assert_eq!(mail.recipients(), ["ann@home.example"]);
        assert_eq!(mail.envelope_sender(), "survey@school.example");
        assert_eq!(mail.headers("From"), ["Klankbord <survey@school.example>"]);
        assert_eq!(mail.headers("To"), ["ann@home.example"]);
        assert_eq!(mail.headers("Date").len(), 1);

        // RFC 8058: one click, over the same link that the page behind the text uses.
        let link = mail.link("/s/");
        let unsubscribe = link.replace("/s/", "/unsubscribe/");
        assert_eq!(mail.headers("List-Unsubscribe"), [format!("<{unsubscribe}>")]);
        assert_eq!(mail.headers("List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
        assert_eq!(mail.link("/unsubscribe/"), unsubscribe);

        // Both parts carry the link, and nothing is fetched when the mail is read.
        let html = mail.html();
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        for fetched in ["src=", "<link", "url(", "<script", "@import"] {
            assert!(!html.contains(fetched), "the mail fetches something: {fetched} in {html}");
        }
        let other: Vec<&str> = html.match_indices("http").map(|(at, _)| &html[at..]).collect();
        assert!(
            other.iter().all(|address| address.starts_with(stage.base_url())),
            "a link leads elsewhere: {html}"
        );
        stage.respondent(&link).page().expect_status(200).expect_text("School de-linde");
    }

    fn inviting_again_mails_only_newcomers(stage: &Stage) {
        let community = linde(stage);
        community.invite_by_mail("autumn");
        community.mails_settled("autumn");
        let again = community.invite_by_mail("autumn");
        assert_eq!((&again["created"], &again["existing"]), (&0.into(), &3.into()));

        community.enrol_table(
            "de-linde",
            "email,group,organisation\nann@home.example,parent,de-linde\nnew@home.example,parent,de-linde\n",
        );
        let third = community.invite_by_mail("autumn");
        assert_eq!((&third["created"], &third["existing"]), (&1.into(), &3.into()));
        stage.smtp().next("new@home.example");
        assert_eq!(community.mails_settled("autumn")["sent"], 4);
        assert_eq!(stage.smtp().mails().len(), 4, "somebody was mailed twice");
    }

    fn a_person_with_several_roles_has_one_mail_and_one_link(stage: &Stage) {
        let community = Community::found(stage);
        for school in ["de-linde", "de-eik"] {
            community.school(school);
        }
        community.enrol_table(
            Community::CODE,
            "email,group,organisation,language\n\
             sam@home.example,parent,de-linde,en\n\
             sam@home.example,parent,de-eik,en\n\
             Sam@Home.example,staff,de-eik,en\n",
        );
        community.round("autumn", Community::CODE, &["parent", "staff"]);
        let invited = community.invite_by_mail("autumn");
        assert_eq!(invited["created"], 1);
        assert_eq!(community.mails_settled("autumn")["sent"], 1);
        let [mail] = stage.smtp().mails().try_into().expect("one mail");

        let person = stage.respondent(&mail.link("/s/"));
        let listed = person.page().texts(".assignments li strong");
        assert_eq!(listed, ["School de-eik", "School de-eik", "School de-linde"]);
        assert_eq!(community.progress("autumn")["assignments"], 3);

        // A role that comes later opens one more form behind the link that is there already.
        community.enrol_table(
            Community::CODE,
            "email,group,organisation\nsam@home.example,staff,de-linde\n",
        );
        let again = community.invite_by_mail("autumn");
        assert_eq!((&again["created"], &again["assignmentsAdded"]), (&0.into(), &1.into()));
        let person = stage.respondent(&mail.link("/s/"));
        assert_eq!(person.page().texts(".assignments li").len(), 4);
        assert_eq!(community.mails_settled("autumn")["sent"], 1);
    }

    fn who_has_answered_or_cannot_any_more_is_not_mailed(stage: &Stage) {
        let community = linde(stage);
        stage.smtp().close_doors();
        community.invite_by_mail("autumn");
        community.close("autumn");
        stage.smtp().open_doors();
        let mails = community.mails_settled("autumn");
        assert_eq!((&mails["cancelled"], &mails["sent"]), (&3.into(), &0.into()));
        assert_eq!(stage.smtp().mails().len(), 0, "an invitation to a closed round");
    }

    fn nothing_personal_is_logged_at_any_level(stage: &Stage) {
        tell_all(&Stage::on(stage.backend()).env("KLANKBORD_LOG_LEVEL", "trace").start());
    }
}

/// Everything at the level that tells most, on a whole journey with a refused and a delayed mail.
fn tell_all(stage: &Stage) {
    let community = linde(stage);
    stage
        .smtp()
        .plan("ann@home.example", [klankbord_tests::Fault::TryLater]);
    stage
        .smtp()
        .always("joao@home.example", klankbord_tests::Fault::Refuse);
    community.invite_by_mail("autumn");
    let link = stage.smtp().next("ann@home.example").link("/s/");
    let other = stage.smtp().next("jan@home.example").link("/s/");
    community.mails_settled("autumn");
    let mut person = stage.respondent(&link);
    person.start();
    let mut form = person.form();
    let name = form
        .names()
        .first()
        .map(ToString::to_string)
        .expect("a question");
    form.choose(&name, "4");
    person.go(&form, "next");
    let token = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
    community.submit(&token(&link), &community.agree("autumn", "parent", 3), 201);
    stage
        .anonymous()
        .get(&format!("/unsubscribe/{}", token(&other)))
        .expect_status(200);
    community.close("autumn");
    let officer = community.officer("officer@home.example", "de-linde", "officer");
    let session = officer.clone().browser().cookie_lines().concat();
    let session = session
        .split(['=', ';'])
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    assert!(session.len() > 20, "the session has a secret");

    let log = stage.server().transcript();
    assert!(
        log.contains("TRACE") || log.contains("DEBUG"),
        "the log tells too little to test:\n{log}"
    );
    let secret = |link: &str| {
        token(link)
            .split_once('-')
            .map_or_else(String::new, |(_, secret)| secret.to_owned())
    };
    for private in [
        "home.example".to_owned(),
        secret(&link),
        secret(&other),
        secret(&link).to_lowercase(),
        community.program().token().to_owned(),
        "correct horse".to_owned(),
        session,
    ] {
        let lines: Vec<&str> = log
            .lines()
            .filter(|line| line.contains(&private))
            .take(3)
            .collect();
        assert!(lines.is_empty(), "the log holds {private}: {lines:#?}");
    }
}
