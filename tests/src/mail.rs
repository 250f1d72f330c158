//! A received mail, read as a mail program reads it.

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};

/// One message as the mail server took it.
#[derive(Clone, Debug)]
pub struct Mail {
    sender: String,
    recipients: Vec<String>,
    raw: Vec<u8>,
}

impl Mail {
    pub(crate) fn new(sender: String, recipients: Vec<String>, raw: Vec<u8>) -> Self {
        Self {
            sender,
            recipients,
            raw,
        }
    }

    /// A message from its source alone, such as a file in the mail folder.
    pub fn from_source(raw: impl Into<Vec<u8>>) -> Self {
        Self::new(String::new(), Vec::new(), raw.into())
    }

    /// The address of the envelope that bounces go to.
    pub fn envelope_sender(&self) -> &str {
        &self.sender
    }

    /// The addresses of the envelope.
    pub fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// Whether the envelope names this address.
    pub fn is_to(&self, recipient: &str) -> bool {
        self.recipients
            .iter()
            .any(|known| known.eq_ignore_ascii_case(recipient))
    }

    /// The source of the message.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The subject, decoded.
    pub fn subject(&self) -> String {
        self.message().subject().unwrap_or_default().to_owned()
    }

    /// The `Message-ID`, without its brackets.
    #[track_caller]
    pub fn id(&self) -> String {
        self.message()
            .message_id()
            .expect("the mail has a Message-ID")
            .to_owned()
    }

    /// The plain text part, decoded.
    #[track_caller]
    pub fn text(&self) -> String {
        let message = self.message();
        let part = message
            .text_body
            .first()
            .and_then(|id| message.parts.get(*id as usize));
        let part = part.filter(|part| {
            part.content_type()
                .is_none_or(|kind| kind.subtype() == Some("plain"))
        });
        part.and_then(|part| part.text_contents())
            .expect("the mail has a plain text part")
            .to_owned()
    }

    /// The HTML part, decoded.
    #[track_caller]
    pub fn html(&self) -> String {
        let message = self.message();
        let part = message
            .html_body
            .first()
            .and_then(|id| message.parts.get(*id as usize));
        let part = part.filter(|part| part.is_text_html());
        part.and_then(|part| part.text_contents())
            .expect("the mail has an HTML part")
            .to_owned()
    }

    /// Every value of a header, unfolded and decoded where the parser knows how, in the order of the message.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let message = self.message();
        let raw = message
            .headers_raw()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        raw.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The language that the message says it is in (`Content-Language`).
    pub fn language(&self) -> Option<String> {
        match self.message().header("Content-Language") {
            Some(HeaderValue::Text(text)) => Some(text.clone().into_owned()),
            _ => None,
        }
    }

    /// The first web address in the plain text whose path begins with `path`.
    #[track_caller]
    pub fn link(&self, path: &str) -> String {
        let text = self.text();
        first_link(&text, path).unwrap_or_else(|| panic!("no link to {path} in this mail:\n{text}"))
    }

    pub(crate) fn summary(&self) -> String {
        format!("to {:?}: {}", self.recipients, self.subject())
    }

    fn message(&self) -> Message<'_> {
        MessageParser::default()
            .parse(&self.raw)
            .expect("the mail can be parsed")
    }
}

/// The first `http` or `https` address in a text whose path begins with `path`.
pub(crate) fn first_link(text: &str, path: &str) -> Option<String> {
    let words = text.split(|sign: char| sign.is_whitespace() || "<>\"'()".contains(sign));
    let links = words.filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    links
        .map(|link| link.trim_end_matches(['.', ',', ';', ':', '!']))
        .find(|link| crate::http::path_of(link).starts_with(path))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITATION: &str = "From: School <school@example.org>\r\nTo: anna@example.org\r\n\
        Subject: =?utf-8?q?Uw_mening_telt_=E2=80=93_echt?=\r\nMessage-ID: <1.2@example.org>\r\n\
        List-Unsubscribe: <mailto:x@example.org>,\r\n <https://k.example/unsubscribe/A-B>\r\n\
        Content-Language: nl\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Beste ouder, ga naar http://127.0.0.1:81/s/A1-B=\r\nCD?lang=3Dnl.\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Beste ouder</p>\r\n--b--\r\n";

    #[test]
    fn every_part_is_decoded() {
        let mail = Mail::from_source(INVITATION);
        assert_eq!(mail.subject(), "Uw mening telt – echt");
        assert_eq!(mail.id(), "1.2@example.org");
        assert_eq!(mail.link("/s/"), "http://127.0.0.1:81/s/A1-BCD?lang=nl");
        assert!(mail.html().contains("<p>Beste ouder</p>"));
        assert_eq!(mail.language().as_deref(), Some("nl"));
        assert_eq!(
            mail.headers("list-unsubscribe"),
            ["<mailto:x@example.org>, <https://k.example/unsubscribe/A-B>"]
        );
        assert!(mail.headers("Reply-To").is_empty());
    }

    #[test]
    #[should_panic(expected = "no link to /setup")]
    fn a_missing_link_shows_the_mail() {
        let _link = Mail::from_source(INVITATION).link("/setup");
    }

    #[test]
    #[should_panic(expected = "an HTML part")]
    fn plain_text_is_not_taken_for_html() {
        let _html = Mail::from_source("Subject: x\r\n\r\nhello").html();
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        let text = "Open (http://h.example/a), <http://h.example/s/1> or http://h.example/s/2.";
        assert_eq!(
            first_link(text, "/s/").as_deref(),
            Some("http://h.example/s/1")
        );
        assert_eq!(
            first_link("see http://h.example/s/2.", "/s/").as_deref(),
            Some("http://h.example/s/2")
        );
        assert_eq!(
            first_link("http://h.example", "/").as_deref(),
            Some("http://h.example")
        );
        assert_eq!(first_link("ftp://h.example/s/2", "/s/"), None);
    }
}
