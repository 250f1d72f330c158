//! E-mail addresses.

use std::fmt;
use std::str::FromStr;

use lettre::Address;

/// The longest address that SMTP carries, in bytes (RFC 5321, section 4.5.3.1, erratum 1690).
const MAX_BYTES: usize = 254;

/// Why a text is not an address that mail can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not an e-mail address; it should look like name@school.example.")]
pub struct AddressError;

/// An address that mail can be sent to, such as `anna@school.example`. It does not print itself in debug output.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(Address);

impl EmailAddress {
    /// Reads an address, with white space around it ignored. Quoted names (`"anna b"@school.example`) are refused.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let odd = |character: char| {
            character.is_whitespace()
                || character.is_control()
                || "\"\\<>()[],;:".contains(character)
        };
        if text.len() > MAX_BYTES || text.contains(odd) {
            return Err(AddressError);
        }
        Address::from_str(text).map(Self).map_err(|_| AddressError)
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What comes after the @.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    pub(super) fn inner(&self) -> &Address {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn usual_addresses_are_read() {
        for text in [
            "anna@school.example",
            " anna@school.example\n",
            "a.b+ouders_2026@sub.school.example",
            "o'neill@school.example",
            "klankbord@localhost",
            "zoë@école.example",
        ] {
            let address = EmailAddress::parse(text).unwrap();
            assert_eq!(address.as_str(), text.trim());
            assert_eq!(format!("{address:?}"), "[redacted]");
        }
        assert_eq!(
            EmailAddress::parse("a@b.example").unwrap().domain(),
            "b.example"
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("{}@{}.example", "a".repeat(60), "b.".repeat(100));
        for text in [
            "",
            "anna",
            "@school.example",
            "anna@",
            "anna@school@example",
            "anna b@school.example",
            "\"anna b\"@school.example",
            "anna@school.example, bert@school.example",
            "Anna <anna@school.example>",
            "anna@school.example\r\nBcc: bert@school.example",
            "anna@[127.0.0.1]",
            "anna@school..example",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(text), Err(AddressError), "{text}");
        }
    }
}
