//! Why a message did not leave, without saying to whom it should have gone.

/// The longest detail that is kept, in characters.
const DETAIL_LENGTH: usize = 300;

/// Why a message did not leave. No detail contains an address or a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again later: the server is away, silent, busy, or does not let this server in. That says nothing about the
    /// message or its recipient.
    #[error("{detail}")]
    Temporary {
        /// A sentence for the operator.
        detail: String,
    },
    /// Do not try again: the server refused this message or its recipient, or the message cannot be sent as it is.
    #[error("{detail}")]
    Permanent {
        /// A sentence for the operator.
        detail: String,
    },
}

impl SendError {
    /// An error that another attempt may not meet.
    pub(super) fn temporary(detail: impl AsRef<str>) -> Self {
        Self::Temporary {
            detail: discreet(detail.as_ref()),
        }
    }

    /// An error that every attempt would meet.
    pub(super) fn permanent(detail: impl AsRef<str>) -> Self {
        Self::Permanent {
            detail: discreet(detail.as_ref()),
        }
    }

    /// Whether another attempt makes sense.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. })
    }

    /// The sentence for the operator.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::Temporary { detail } | Self::Permanent { detail } => detail,
        }
    }
}

/// A text on one line, without addresses and links and not too long. Mail servers like to repeat the recipient.
fn discreet(text: &str) -> String {
    let words = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.contains('@') {
                "[address]"
            } else if word.contains("://") {
                "[link]"
            } else {
                word
            }
        });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(DETAIL_LENGTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_keeps_the_reason_and_loses_the_person() {
        let error = SendError::permanent(
            "550 5.1.1 <anna@school.example>: Recipient\r\n rejected, see https://mx.example/help?anna",
        );
        assert_eq!(
            error.to_string(),
            "550 5.1.1 [address] Recipient rejected, see [link]"
        );
        assert!(!error.is_temporary());
    }

    #[test]
    fn a_long_detail_is_cut() {
        let error = SendError::temporary("é".repeat(5_000));
        assert_eq!(error.detail().chars().count(), DETAIL_LENGTH + 1);
    }
}
