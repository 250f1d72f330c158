//! Mail servers fail in many ways; everybody gets their mail all the same, and answering never waits for it.

use std::collections::{BTreeMap, BTreeSet};

use klankbord_tests::{Caller, Community, Fault, Mail, Stage, stories};

/// A school with so many parents and an open round.
fn school(stage: &Stage, parents: usize) -> (Community<'_>, Vec<String>) {
    let community = Community::found(stage);
    community.school("de-linde");
    let people = community.enrol("de-linde", "parent", parents);
    community.round("autumn", "de-linde", &["parent"]);
    (community, people)
}

fn to<'a>(mails: &'a [Mail], person: &str) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.is_to(person)).collect()
}

stories! {
    fn a_greylisting_server_takes_the_mail_once_in_the_end(stage: &Stage) {
        let (community, people) = school(stage, 2);
        stage.smtp().plan(&people[0], [Fault::TryLater, Fault::TryLaterAfterDot, Fault::TryLater]);
        community.invite_by_mail("autumn");
        stage.smtp().next(&people[0]);
        assert_eq!(community.mails_settled("autumn")["sent"], 2);
        assert_eq!(stage.smtp().attempts(&people[0]), 4);
        assert_eq!(stage.smtp().attempts(&people[1]), 1, "another's trouble is not yours");
        assert_eq!(stage.smtp().mails().len(), 2);
    }

    fn a_refused_address_is_given_up_and_shown(stage: &Stage) {
        let (community, people) = school(stage, 3);
        stage.smtp().always(&people[1], Fault::Refuse);
        community.invite_by_mail("autumn");
        let mails = community.mails_settled("autumn");
        assert_eq!((&mails["sent"], &mails["failed"]), (&2.into(), &1.into()));
        assert_eq!(stage.smtp().attempts(&people[1]), 1, "a refusal for good is not asked again");
        assert_eq!(community.progress("autumn")["invitations"], 3);
    }

    fn a_connection_cut_after_the_last_dot_doubles_a_mail_at_most_and_under_one_number(stage: &Stage) {
        let (community, people) = school(stage, 2);
        stage.smtp().plan(&people[0], [Fault::DropAfterDot]);
        community.invite_by_mail("autumn");
        assert_eq!(community.mails_settled("autumn")["sent"], 2);
        let mails = stage.smtp().mails();
        let [first, second] = to(&mails, &people[0])[..] else {
            panic!("{} mails to {}", to(&mails, &people[0]).len(), people[0]);
        };
        assert_eq!(first.id(), second.id());
        assert_eq!(first.link("/s/"), second.link("/s/"));
        assert_eq!(to(&mails, &people[1]).len(), 1);
    }

    fn answering_goes_on_while_no_mail_leaves(stage: &Stage) {
        let (community, people) = school(stage, 5);
        stage.smtp().close_doors();
        community.invite_by_mail("autumn");

        // Another round's links come from an app, and are answered while the post is shut.
        community.round("winter", "de-linde", &["parent"]);
        let answers = community.agree("winter", "parent", 4);
        for link in community.invite_by_app("winter") {
            community.submit(&link.token, &answers, 201);
        }
        assert_eq!(community.progress("winter")["done"], 5);
        let mails = community.progress("autumn")["mails"].take();
        assert_eq!((&mails["waiting"], &mails["sent"], &mails["failed"]), (&5.into(), &0.into(), &0.into()));

        stage.smtp().open_doors();
        assert_eq!(community.mails_settled("autumn")["sent"], 5);
        let mails = stage.smtp().mails();
        assert!(people.iter().all(|person| to(&mails, person).len() == 1), "each once");
    }

    fn a_server_that_dies_while_mailing_mails_everybody_after_all(stage: &Stage) {
        // What a dead server was sending is taken over after a while that grows with this.
        die_while_mailing(&Stage::on(stage.backend()).env("KLANKBORD_MAIL_TIMEOUT_SECONDS", "2").start());
    }
}

/// The server dies while mail goes out, twice; everybody has their mail afterwards.
fn die_while_mailing(stage: &Stage) {
    let (community, people) = school(stage, 150);
    community.invite_by_mail("autumn");
    for arrived in [20, 70] {
        stage.smtp().wait_for(arrived);
        stage.server().kill();
        stage.server().start_again();
    }
    let mails = community.mails_settled("autumn");
    assert_eq!((&mails["sent"], &mails["failed"]), (&150.into(), &0.into()));

    let mut links: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    let came = stage.smtp().mails();
    for person in &people {
        let of_person = to(&came, person);
        // One kill may repeat what the server had taken but not told; each mail is cut off by at most one of the two.
        assert!(
            (1..=2).contains(&of_person.len()),
            "{person} has {} mails",
            of_person.len()
        );
        for mail in of_person {
            links
                .entry(person.clone())
                .or_default()
                .insert((mail.id(), mail.link("/s/")));
        }
    }
    assert!(
        links.values().all(|known| known.len() == 1),
        "a repeat with another number or link"
    );
    let all: BTreeSet<_> = links.values().flatten().collect();
    assert_eq!(all.len(), 150);
    stage
        .anonymous()
        .get(&came[0].link("/s/"))
        .expect_status(200);
}
