#![allow(clippy::unwrap_used)]

use super::*;

const LINK: &str = "https://survey.example/s/1A-STA7T3VX4QXZSTDGZCYJHJZM0M";
const STOP: &str = "https://survey.example/unsubscribe/1A-STA7T3VX4QXZSTDGZCYJHJZM0M";

fn invitation(language: &str) -> Invitation<'_> {
    Invitation {
        occasion: Occasion::Invitation,
        to: EmailAddress::parse("anna@school.example").unwrap(),
        message_id: MessageId::new("invitation-7.1").unwrap(),
        language,
        informal: false,
        organisation: "De Brug",
        round: "Onze school 2026",
        group: "Ouders en verzorgers",
        link: LINK,
        closes: Some("4 december 2026"),
        minutes: 8,
        promise: "Niemand kan zien welke antwoorden van u zijn.",
        unsubscribe: STOP,
        reply_to: None,
    }
}

/// The words of an HTML text, without markup.
fn words(html: &str) -> String {
    let (_, body) = html.split_once("<body").unwrap();
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap();
        text.push_str(
            if tag.starts_with('/') || tag.starts_with('p') || tag == "br" {
                " "
            } else {
                ""
            },
        );
        text.push_str(rest);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_invitation_in_dutch() {
    let message = invitation("nl-BE").message().unwrap();
    assert_eq!(
        message.subject,
        "De Brug hoort graag van u: Onze school 2026"
    );
    assert_eq!(message.language, "nl");
    assert_eq!(message.list_unsubscribe.as_deref(), Some(STOP));
    assert_eq!(
        message.text,
        "Hallo,\n\
         \n\
         De Brug wil graag weten wat u vindt. Wilt u de vragen van “Onze school 2026” beantwoorden? U bent uitgenodigd in \
         deze groep: Ouders en verzorgers. Het kost ongeveer 8 minuten. U kunt antwoorden tot en met 4 december \
         2026.\n\
         \n\
         Open deze link om de vragen te beantwoorden:\n\
         https://survey.example/s/1A-STA7T3VX4QXZSTDGZCYJHJZM0M\n\
         \n\
         Niemand kan zien welke antwoorden van u zijn.\n\
         \n\
         Deze link is alleen voor u. Geef hem niet door: wie hem heeft, kan in uw plaats antwoorden.\n\
         \n\
         -- \n\
         Klankbord stuurde u deze e-mail namens De Brug.\n\
         Ik wil deze e-mails niet meer krijgen: \
         https://survey.example/unsubscribe/1A-STA7T3VX4QXZSTDGZCYJHJZM0M"
    );
}

#[test]
fn a_reminder_in_english() {
    let reminder = Invitation {
        occasion: Occasion::Reminder,
        closes: None,
        minutes: 1,
        promise: "Nobody can see which answers are yours.",
        ..invitation("en")
    };
    let message = reminder.message().unwrap();
    assert_eq!(message.subject, "Reminder from De Brug: Onze school 2026");
    assert_eq!(
        words(&message.html),
        "Hello, De Brug wrote to you about “Onze school 2026”. Your answers are still very welcome. Have you answered in the \
         meantime? Then you need not do anything. You are invited in this group: Ouders en verzorgers. It takes about \
         one minute. Answer the questions Does the button not work? Then copy this link into your browser: \
         https://survey.example/s/1A-STA7T3VX4QXZSTDGZCYJHJZM0M Nobody can see which answers are yours. This link is meant for \
         you alone. Please do not pass it on: whoever has it can answer in your place. Klankbord sent you this e-mail on \
         behalf of De Brug. I do not want these e-mails any more"
    );
}

#[test]
fn both_forms_say_the_same_in_every_language() {
    for language in crate::i18n::shipped() {
        let message = invitation(language).message().unwrap();
        assert_eq!(message.language, *language);
        let html = words(&message.html);
        let needed = [
            "De Brug",
            "Onze school 2026",
            "Ouders en verzorgers",
            "4 december 2026",
            "8",
            LINK,
        ];
        for needed in needed {
            assert!(
                message.text.contains(needed) && html.contains(needed),
                "{language}: {needed}"
            );
        }
        assert!(
            !message.text.contains("mail-") && !html.contains("mail-"),
            "{language}"
        );
        assert!(message.text.contains(STOP) && message.html.contains(&format!("href=\"{STOP}\"")));
        assert!(message.subject.contains("De Brug"));
    }
}

#[test]
fn the_html_tells_its_language_and_loads_nothing() {
    let html = invitation("nl").message().unwrap().html;
    assert_eq!(html.matches("lang=\"nl\" dir=\"ltr\"").count(), 2);
    assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    for loads in [
        "<img", "src=", "url(", "@import", "<link", "<script", "<form",
    ] {
        assert!(!html.contains(loads), "{loads}");
    }
    let addresses = html.matches("http").count();
    assert_eq!(
        addresses,
        html.matches(LINK).count() + html.matches(STOP).count()
    );
}

#[test]
fn a_name_is_text_and_neither_markup_nor_lines() {
    let hostile = Invitation {
        organisation: "De Brug\r\nBcc: all@school.example\r\n\r\nhttps://evil.example",
        round: "<a href=\"https://evil.example\">klik</a>",
        group: "\u{1}Ouders\u{2028}& co",
        ..invitation("nl")
    };
    let message = hostile.message().unwrap();
    assert_eq!(message.subject.lines().count(), 1);
    assert!(
        message
            .subject
            .starts_with("De Brug Bcc: all@school.example https://evil.example hoort")
    );
    assert!(
        !message
            .text
            .lines()
            .any(|line| line.starts_with("Bcc") || line.starts_with("https://evil"))
    );
    assert!(!message.html.contains("<a href=\"https://evil.example\">"));
    assert!(message.text.contains("deze groep: Ouders & co."));
}

#[test]
fn long_names_are_cut_and_unknown_times_left_out() {
    let long = "Ö".repeat(500);
    let message = Invitation {
        organisation: &long,
        round: &long,
        closes: None,
        minutes: 0,
        ..invitation("nl")
    }
    .message()
    .unwrap();
    assert!(message.subject.chars().count() < 300);
    assert!(
        message
            .subject
            .contains(&format!("{}… hoort", "Ö".repeat(120)))
    );
    assert!(!message.text.contains("minu") && !message.text.contains("tot en met"));
    assert!(message.text.contains("Ouders en verzorgers.\n\n"));
}

#[test]
fn nothing_prints_the_person() {
    let printed = format!(
        "{:?} {:?}",
        invitation("nl"),
        invitation("nl").message().unwrap()
    );
    assert!(printed.contains("invitation-7.1"));
    assert!(
        !printed.contains("anna") && !printed.contains("STA7"),
        "{printed}"
    );
}
