//! The mail that asks a person to take part in a round, and the one that reminds.

use askama::Template;
use fluent_bundle::FluentValue;

use super::address::EmailAddress;
use super::message::{Message, MessageId};
use crate::error::{Error, Result};
use crate::i18n::Translator;

/// The longest name or title that a mail shows in full, in characters.
const NAME_LENGTH: usize = 120;

/// Whether the person is asked for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The first mail of a round.
    Invitation,
    /// A later mail, to a person who has not taken part yet. It carries the same link.
    Reminder,
}

/// What an invitation says. Every text is shown as it is, on one line and never as markup.
#[derive(Clone)]
pub struct Invitation<'a> {
    /// First mail or reminder.
    pub occasion: Occasion,
    /// Whom it goes to.
    pub to: EmailAddress,
    /// The number of the message.
    pub message_id: MessageId,
    /// The language of the person, as a BCP 47 tag; the mail is in the closest language of the user interface.
    pub language: &'a str,
    /// Whether the person is a child, who is addressed as one.
    pub informal: bool,
    /// Who asks.
    pub organisation: &'a str,
    /// The title of the round.
    pub round: &'a str,
    /// The title of the group that the person belongs to.
    pub group: &'a str,
    /// The person's link into the survey.
    pub link: &'a str,
    /// The last day on which answers are taken, in words, in the language of the person; `None` where there is no such day.
    pub closes: Option<&'a str>,
    /// How long answering takes, in minutes; 0 where that is not known.
    pub minutes: u32,
    /// What the round's mode promises, in the language of the person.
    pub promise: &'a str,
    /// The person's link to receive no more of these mails; a POST to it is enough (RFC 8058).
    pub unsubscribe: &'a str,
    /// Where an answer goes, if not to the address that the settings name.
    pub reply_to: Option<EmailAddress>,
}

/// What both templates say, in the language of the mail.
struct Words<'a> {
    language: &'a str,
    direction: &'a str,
    subject: &'a str,
    greeting: String,
    ask: String,
    group: String,
    /// How long it takes and until when one can answer; may be empty.
    practical: String,
    start: String,
    start_below: String,
    link_in_full: String,
    link: &'a str,
    promise: String,
    personal: String,
    sender: String,
    stop: String,
    unsubscribe: &'a str,
}

#[derive(Template)]
#[template(path = "mail/invitation.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/invitation.txt")]
struct Text<'a> {
    words: &'a Words<'a>,
}

impl Invitation<'_> {
    /// The finished message.
    ///
    /// # Errors
    /// [`Error::Internal`] where a template fails, which only a lack of memory could cause.
    pub fn message(&self) -> Result<Message> {
        let mut translator = Translator::for_language(self.language);
        if self.informal {
            translator = translator.informal();
        }
        let organisation = one_line(self.organisation, NAME_LENGTH);
        let round = one_line(self.round, NAME_LENGTH);
        let values: [(&str, FluentValue<'_>); 2] = [
            ("organisation", organisation.as_str().into()),
            ("round", round.as_str().into()),
        ];
        let (subject, ask) = match self.occasion {
            Occasion::Invitation => ("mail-invitation-subject", "mail-invitation-ask"),
            Occasion::Reminder => ("mail-reminder-subject", "mail-reminder-ask"),
        };
        let subject = one_line(&translator.with(subject, &values), usize::MAX);
        let words = Words {
            language: translator.language(),
            direction: translator.direction(),
            subject: &subject,
            greeting: translator.text("mail-greeting"),
            ask: translator.with(ask, &values),
            group: translator.one("mail-group", "group", one_line(self.group, NAME_LENGTH)),
            practical: self.practical(translator),
            start: translator.text("mail-start"),
            start_below: translator.text("mail-start-below"),
            link_in_full: translator.text("mail-link-in-full"),
            link: self.link,
            promise: one_line(self.promise, usize::MAX),
            personal: translator.text("mail-personal"),
            sender: translator.one("mail-sender", "organisation", organisation.as_str()),
            stop: translator.text("mail-unsubscribe"),
            unsubscribe: self.unsubscribe,
        };
        Ok(Message {
            to: self.to.clone(),
            language: translator.language().to_owned(),
            text: Text { words: &words }.render().map_err(Error::internal)?,
            html: Html { words: &words }.render().map_err(Error::internal)?,
            list_unsubscribe: Some(self.unsubscribe.to_owned()),
            message_id: self.message_id.clone(),
            reply_to: self.reply_to.clone(),
            subject,
        })
    }

    fn practical(&self, translator: Translator) -> String {
        let duration =
            (self.minutes > 0).then(|| translator.one("mail-duration", "minutes", self.minutes));
        let closes = self
            .closes
            .map(|date| translator.one("mail-closes", "date", one_line(date, NAME_LENGTH)));
        [duration, closes]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl std::fmt::Debug for Invitation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// A text on one line, without control characters and at most `length` characters long.
fn one_line(text: &str, length: usize) -> String {
    let words = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
