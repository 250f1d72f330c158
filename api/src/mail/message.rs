//! A finished message, ready to leave.

use std::fmt;

use super::address::EmailAddress;

/// The longest number of a message, in characters.
const MAX_LENGTH: usize = 128;

/// The text cannot be the number of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The number of a message takes 1 to 128 letters, digits, dots, dashes and underscores, without a dot at an end or two in a row."
)]
pub struct MessageIdError;

/// The number of a message: the part of its `Message-ID` before the @. What comes after is the domain of the sender.
///
/// It stays the same for every attempt to deliver the message, so that a server which has it already can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// Takes a number that is unique within the installation, such as `4f0c....1`.
    pub fn new(number: impl Into<String>) -> Result<Self, MessageIdError> {
        let number = number.into();
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let valid = (1..=MAX_LENGTH).contains(&number.len())
            && number.bytes().all(sound)
            && number.split('.').all(|part| !part.is_empty());
        if valid {
            Ok(Self(number))
        } else {
            Err(MessageIdError)
        }
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One message to one person, in two forms of the same text.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Whom it goes to.
    pub to: EmailAddress,
    /// The language of its texts, as a BCP 47 tag.
    pub language: String,
    /// The subject, on one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where a single POST unsubscribes the person (RFC 8058), as an http or https URL.
    pub list_unsubscribe: Option<String>,
    /// Its number.
    pub message_id: MessageId,
    /// Where an answer goes, if not to the address that the settings name.
    pub reply_to: Option<EmailAddress>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_safe_in_headers_and_file_names() {
        for number in [
            "1",
            "4f0c2a1e-77d1-4c7e-9d8e-2f5f0a3b1c11.2",
            "A_b-c",
            &"a".repeat(128),
        ] {
            assert!(MessageId::new(number).is_ok(), "{number}");
        }
        for number in [
            "",
            ".",
            "..",
            ".a",
            "a.",
            "a..b",
            "a/b",
            "a b",
            "a@b",
            "a\r\nb",
            "é",
            &"a".repeat(129),
        ] {
            assert_eq!(MessageId::new(number), Err(MessageIdError), "{number}");
        }
    }
}
