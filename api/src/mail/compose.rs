//! From a [`Message`] to the bytes of an e-mail (RFC 5322) and its envelope.

use std::time::{Duration, SystemTime};

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::message::Message;
use super::send_error::SendError;

/// The longest URL of a header, in bytes: a line of a mail takes 998.
const URL_LENGTH: usize = 900;

/// Who the mail is from, and where answers go.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    /// The sender, with a name where the settings give one.
    pub(super) from: Mailbox,
    /// Where answers go; `None` for the sender.
    pub(super) reply_to: Option<Mailbox>,
}

/// An e-mail as it leaves.
pub(super) struct Composed {
    /// Sender and recipient.
    pub(super) envelope: Envelope,
    /// Headers and body, in ASCII but for addresses that are not.
    pub(super) bytes: Vec<u8>,
}

/// Writes the e-mail, dated `now_ms`.
pub(super) fn compose(
    message: &Message,
    sender: &Sender,
    now_ms: i64,
) -> Result<Composed, SendError> {
    let date = SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms.max(0).unsigned_abs());
    let mut builder = lettre::Message::builder()
        .from(sender.from.clone())
        .to(Mailbox::new(None, message.to.inner().clone()))
        .subject(printable(&message.subject))
        .date(date)
        .message_id(Some(format!(
            "<{}@{}>",
            message.message_id,
            sender.from.email.domain()
        )))
        .raw_header(plain("Auto-Submitted", "auto-generated"))
        .raw_header(plain("Content-Language", &printable(&message.language)));
    let own = message
        .reply_to
        .as_ref()
        .map(|address| Mailbox::new(None, address.inner().clone()));
    if let Some(reply_to) = own.or_else(|| sender.reply_to.clone()) {
        builder = builder.reply_to(reply_to);
    }
    if let Some(url) = &message.list_unsubscribe {
        if !is_sound_url(url) {
            return Err(SendError::permanent(
                "The unsubscribe link of the message is not a URL.",
            ));
        }
        builder = builder
            .raw_header(plain("List-Unsubscribe", &format!("<{url}>")))
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let parts = MultiPart::alternative()
        .singlepart(SinglePart::plain(message.text.clone()))
        .singlepart(SinglePart::html(message.html.clone()));
    let mail = builder
        .multipart(parts)
        .map_err(|error| SendError::permanent(format!("The message cannot be written: {error}")))?;
    Ok(Composed {
        envelope: mail.envelope().clone(),
        bytes: mail.formatted(),
    })
}

/// A header whose value stands on one line, without folding: only for values that are short or must not be broken.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

/// The text with a space for every control character, so that no line of a header can begin inside of it.
fn printable(text: &str) -> String {
    let space = |character: char| {
        let breaks = character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
        if breaks { ' ' } else { character }
    };
    text.chars().map(space).collect()
}

fn is_sound_url(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.len() <= URL_LENGTH
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>\",".contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use mail_parser::MessageParser;

    use super::*;
    use crate::mail::{EmailAddress, MessageId};

    fn sender() -> Sender {
        Sender {
            from: "Klankbord <survey@klankbord.example>".parse().unwrap(),
            reply_to: Some("Kwaliteit <quality@school.example>".parse().unwrap()),
        }
    }

    fn message() -> Message {
        Message {
            to: EmailAddress::parse("anna@school.example").unwrap(),
            language: "nl".to_owned(),
            subject: "Uw mening".to_owned(),
            text: "Hallo\nhttps://survey.example/s/1-A\n".to_owned(),
            html: "<p>Hallo</p>".to_owned(),
            list_unsubscribe: Some("https://survey.example/unsubscribe/1-A".to_owned()),
            message_id: MessageId::new("invitation-7.1").unwrap(),
            reply_to: None,
        }
    }

    fn written(message: &Message) -> String {
        String::from_utf8(
            compose(message, &sender(), 1_795_000_000_000)
                .unwrap()
                .bytes,
        )
        .unwrap()
    }

    fn headers(mail: &str) -> Vec<&str> {
        let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
        headers.split("\r\n").collect()
    }

    #[test]
    fn the_headers_are_these_and_no_others() {
        let mail = written(&message());
        let headers = headers(&mail);
        assert_eq!(
            headers[..12],
            [
                "From: Klankbord <survey@klankbord.example>",
                "To: anna@school.example",
                "Subject: Uw mening",
                "Date: Wed, 18 Nov 2026 11:06:40 +0000",
                "Message-ID: <invitation-7.1@klankbord.example>",
                "Auto-Submitted: auto-generated",
                "Content-Language: nl",
                "Reply-To: Kwaliteit <quality@school.example>",
                "List-Unsubscribe: <https://survey.example/unsubscribe/1-A>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                "MIME-Version: 1.0",
                "Content-Type: multipart/alternative;",
            ]
        );
        assert_eq!(headers.len(), 13, "{headers:?}");
        assert!(headers[12].starts_with(" boundary="));
    }

    #[test]
    fn the_envelope_names_sender_and_recipient() {
        let envelope = compose(&message(), &sender(), 0).unwrap().envelope;
        assert_eq!(
            envelope.from().unwrap().to_string(),
            "survey@klankbord.example"
        );
        let to: Vec<String> = envelope.to().iter().map(ToString::to_string).collect();
        assert_eq!(to, ["anna@school.example"]);
    }

    #[test]
    fn both_forms_of_the_text_arrive_in_any_script() {
        let text = "Zoë – çok güzel – مرحبا – 你好\n".repeat(40);
        let html = format!("<p>{}</p>", text.replace('\n', "<br>"));
        let message = Message {
            text: text.clone(),
            html: html.clone(),
            ..message()
        };
        let mail = written(&message);
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 998));
        let read = MessageParser::default().parse(mail.as_bytes()).unwrap();
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), text);
        assert_eq!(read.body_html(0).unwrap(), html);
        assert_eq!(read.parts.len(), 3);
    }

    #[test]
    fn a_subject_cannot_become_a_header() {
        let long = "Basisschool De Brug in Zoetermeer ".repeat(20);
        for subject in [
            "Uw mening\r\nBcc: all@school.example",
            "Uw mening\nBcc: all@school.example",
            "Zoë\rBcc: all@school.example\r\n\r\nOpen https://evil.example",
            "a\u{0}b\u{b}c\u{85}d\u{2028}Bcc: e",
            &long,
            &"x".repeat(2_000),
        ] {
            let mail = written(&Message {
                subject: subject.to_owned(),
                ..message()
            });
            let read = MessageParser::default().parse(mail.as_bytes()).unwrap();
            assert!(read.bcc().is_none());
            assert_eq!(read.headers().len(), 12, "{subject:?}: {mail}");
            assert_eq!(read.header_values("Subject").count(), 1);
            assert!(
                headers(&mail)
                    .iter()
                    .all(|line| line.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
            );
        }
    }

    #[test]
    fn a_language_or_link_cannot_become_a_header() {
        let mail = written(&Message {
            language: "nl\r\nBcc: all@school.example".to_owned(),
            ..message()
        });
        assert!(!headers(&mail).iter().any(|line| line.starts_with("Bcc")));
        for url in [
            "https://survey.example/\r\nBcc: all@school.example",
            "https://survey.example/>, <https://evil.example/",
            "javascript:alert(1)",
            "https://survey.example/é",
            &format!("https://survey.example/{}", "a".repeat(1_000)),
        ] {
            let refused = compose(
                &Message {
                    list_unsubscribe: Some(url.to_owned()),
                    ..message()
                },
                &sender(),
                0,
            );
            assert!(refused.is_err_and(|error| !error.is_temporary()), "{url}");
        }
    }

    #[test]
    fn an_answer_goes_where_the_message_says_first() {
        let reply_to = |message: &Message, sender: &Sender| {
            let mail = String::from_utf8(compose(message, sender, 0).unwrap().bytes).unwrap();
            let line = mail.lines().find(|line| line.starts_with("Reply-To"));
            line.map(str::to_owned)
        };
        let own = Message {
            reply_to: Some(EmailAddress::parse("own@school.example").unwrap()),
            ..message()
        };
        assert_eq!(
            reply_to(&own, &sender()).unwrap(),
            "Reply-To: own@school.example"
        );
        let silent = Sender {
            reply_to: None,
            ..sender()
        };
        assert_eq!(reply_to(&message(), &silent), None);
        let mail = written(&Message {
            list_unsubscribe: None,
            ..message()
        });
        assert!(!mail.contains("List-Unsubscribe"));
    }
}
