//! The token in the link of an invitation, as text and as bits.

use std::fmt;

use super::secret::{SecretKey, constant_time_eq};

/// The digits of Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O or U.
pub(super) const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters that carry the secret of an invitation: 26 x 5 = 130 bits.
const SECRET_LENGTH: usize = 26;

/// Bits of the last byte of an invitation's secret that belong to it: 130 = 16 x 8 + 2.
const LAST_BYTE: u8 = 0b1100_0000;

/// A tenant number is below 2^63, which takes at most this many base 32 digits.
const TENANT_LENGTH: usize = 13;

/// What is wrong with a text that should be an invitation token. No message repeats the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenTextError {
    /// There is no text.
    #[error("The code is empty.")]
    Empty,
    /// There is no dash, so the tenant cannot be told from the secret.
    #[error("The code has no dash; it looks like “1-” followed by 26 letters and digits.")]
    NoDash,
    /// The part before the first dash is not a number from 1 to 2^63 - 1.
    #[error("The part of the code before its first dash is not valid.")]
    Tenant,
    /// A character that no code contains.
    #[error("“{character}”, character {position} of the code, does not occur in codes.")]
    Character {
        /// The character.
        character: char,
        /// Its place in the text, from 1.
        position: usize,
    },
    /// Characters are missing or too many.
    #[error(
        "The part of the code after its first dash has {found} letters and digits; it should have 26."
    )]
    Length {
        /// How many there are.
        found: usize,
    },
}

/// The token of one person's invitation: the tenant, so that it is found there, and 130 secret bits.
///
/// The link of the invitation is all that a respondent has: the token is derived anew for each mail from a stored nonce, and
/// only its keyed hash is stored.
#[derive(Clone)]
pub struct InvitationToken {
    tenant: i64,
    secret: [u8; 17],
}

impl InvitationToken {
    /// The token of the invitation with this `nonce`: the first 130 bits of an HMAC-SHA-256 under the link key. The same
    /// key, tenant and nonce give the same token, so a reminder carries the link that the first mail carried.
    #[must_use]
    pub fn derive(link_key: &SecretKey, tenant: i64, nonce: &[u8; 16]) -> Self {
        let hash = link_key.keyed_hash(
            "klankbord invitation link 1",
            &[&tenant.to_be_bytes(), nonce],
        );
        let mut secret = [0; 17];
        for (byte, derived) in secret.iter_mut().zip(hash) {
            *byte = derived;
        }
        secret[16] &= LAST_BYTE;
        Self { tenant, secret }
    }

    /// Reads a token as a link carries it, or as a person typed it from paper.
    ///
    /// Lower case is upper case, I and L are 1, O is 0; white space anywhere, and dashes after the first, do not count.
    pub fn parse(text: &str) -> Result<Self, TokenTextError> {
        let mut characters = text
            .chars()
            .enumerate()
            .filter(|(_, character)| !character.is_whitespace());
        let (mut tenant, mut length) = (0_i64, 0_usize);
        loop {
            let Some((at, character)) = characters.next() else {
                return Err(if length == 0 {
                    TokenTextError::Empty
                } else {
                    TokenTextError::NoDash
                });
            };
            if is_dash(character) {
                break;
            }
            let digit = digit(at, character)?;
            length += 1;
            tenant = tenant
                .checked_mul(32)
                .and_then(|tenant| tenant.checked_add(i64::from(digit)))
                .filter(|_| length <= TENANT_LENGTH)
                .ok_or(if length > TENANT_LENGTH {
                    TokenTextError::NoDash
                } else {
                    TokenTextError::Tenant
                })?;
        }
        if tenant == 0 {
            return Err(TokenTextError::Tenant);
        }
        let (mut secret, mut found) = ([0_u8; 17], 0_usize);
        for (at, character) in characters.filter(|(_, character)| !is_dash(*character)) {
            let digit = digit(at, character)?;
            for bit in 0..5 {
                let place = found * 5 + bit;
                if let Some(byte) = secret.get_mut(place / 8) {
                    *byte |= (digit >> (4 - bit) & 1) << (7 - place % 8);
                }
            }
            found += 1;
        }
        if found != SECRET_LENGTH {
            return Err(TokenTextError::Length { found });
        }
        Ok(Self { tenant, secret })
    }

    /// The text that a link carries: the tenant, a dash and 26 characters, all in upper case.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = Vec::with_capacity(TENANT_LENGTH + 1 + SECRET_LENGTH);
        let mut rest = self.tenant.unsigned_abs();
        loop {
            text.push(letter((rest % 32) as usize));
            rest /= 32;
            if rest == 0 {
                break;
            }
        }
        text.reverse();
        text.push('-');
        for place in 0..SECRET_LENGTH {
            let value = (place * 5..place * 5 + 5).fold(0, |value, bit| {
                let byte = self.secret.get(bit / 8).copied().unwrap_or(0);
                value << 1 | usize::from(byte >> (7 - bit % 8) & 1)
            });
            text.push(letter(value));
        }
        text.into_iter().collect()
    }

    /// The tenant that the invitation belongs to, as the token says.
    #[must_use]
    pub fn tenant(&self) -> i64 {
        self.tenant
    }

    /// The 130 secret bits, from the highest bit of the first byte; the last six bits are 0.
    #[must_use]
    pub fn secret(&self) -> &[u8; 17] {
        &self.secret
    }

    /// What is stored in place of the token: HMAC-SHA-256 of tenant and secret under the pepper.
    #[must_use]
    pub fn keyed_hash(&self, pepper: &SecretKey) -> [u8; 32] {
        pepper.keyed_hash(
            "klankbord invitation hash 1",
            &[&self.tenant.to_be_bytes(), &self.secret],
        )
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for InvitationToken {
    fn eq(&self, other: &Self) -> bool {
        self.tenant == other.tenant && constant_time_eq(&self.secret, &other.secret)
    }
}

impl Eq for InvitationToken {}

/// A dash as keyboards and word processors make them: hyphen-minus, hyphen, non-breaking hyphen, figure dash, en dash,
/// em dash, minus.
fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2014}' | '\u{2212}')
}

/// The value of a digit that stands at `at` (from 0).
fn digit(at: usize, character: char) -> Result<u8, TokenTextError> {
    let upper = match character.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        upper => upper,
    };
    DIGITS
        .iter()
        .position(|digit| char::from(*digit) == upper)
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(TokenTextError::Character {
            character,
            position: at + 1,
        })
}

/// The digit of a value below 32.
fn letter(value: usize) -> char {
    DIGITS.get(value).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::random;

    fn sample() -> InvitationToken {
        InvitationToken::derive(&SecretKey::from_bytes([7; 32]), 42, &[9; 16])
    }

    #[test]
    fn a_token_survives_the_way_to_text_and_back() {
        for tenant in [1, 31, 32, 1_024, i64::MAX] {
            let token = InvitationToken::derive(&SecretKey::generate(), tenant, &random::bytes());
            let text = token.to_text();
            let (number, secret) = text.split_once('-').unwrap();
            assert_eq!(secret.len(), SECRET_LENGTH);
            assert!(number.len() <= TENANT_LENGTH && !number.starts_with('0'));
            let read = InvitationToken::parse(&text).unwrap();
            assert_eq!(read, token);
            assert_eq!(read.tenant(), tenant);
        }
    }

    #[test]
    fn derived_links_never_change() {
        // Released links stay valid only while these values stand.
        assert_eq!(sample().to_text(), "1A-2V337REM9HJ99WMHVBNPQHZ3Z0");
        assert_eq!(sample(), sample());
    }

    #[test]
    fn key_tenant_and_nonce_all_count() {
        let key = SecretKey::from_bytes([7; 32]);
        assert_ne!(sample(), InvitationToken::derive(&key, 42, &[8; 16]));
        assert_ne!(
            sample().secret(),
            InvitationToken::derive(&key, 43, &[9; 16]).secret()
        );
        let other = SecretKey::from_bytes([8; 32]);
        assert_ne!(sample(), InvitationToken::derive(&other, 42, &[9; 16]));
        assert_ne!(sample().keyed_hash(&key), sample().keyed_hash(&other));
        assert_eq!(sample().secret()[16] & !LAST_BYTE, 0);
    }

    #[test]
    fn people_may_type_a_token_as_they_like() {
        let text = sample().to_text();
        let grouped = format!(
            " {} -{}\u{a0}-\u{2011}{}\n",
            &text[..2],
            &text[3..10],
            &text[10..]
        );
        assert_eq!(
            InvitationToken::parse(&grouped.to_lowercase()).unwrap(),
            sample()
        );
        let ones = InvitationToken::parse("I-lLiI1-0oO00-LLLLL-OOOOO-iiiii-1").unwrap();
        assert_eq!(ones.to_text(), "1-11111000001111100000111111");
    }

    #[test]
    fn a_wrong_text_is_told_what_is_wrong() {
        let long = "1".repeat(27);
        for (text, problem) in [
            ("", TokenTextError::Empty),
            ("  \n", TokenTextError::Empty),
            ("1AB", TokenTextError::NoDash),
            (long.as_str(), TokenTextError::NoDash),
            ("-11111000001111100000111111", TokenTextError::Tenant),
            ("0-11111000001111100000111111", TokenTextError::Tenant),
            (
                "ZZZZZZZZZZZZZ-11111000001111100000111111",
                TokenTextError::Tenant,
            ),
            ("1-1111", TokenTextError::Length { found: 4 }),
            (
                "1-111110000011111000001111110",
                TokenTextError::Length { found: 27 },
            ),
            (
                "1-11u",
                TokenTextError::Character {
                    character: 'u',
                    position: 5,
                },
            ),
            (
                "1-é",
                TokenTextError::Character {
                    character: 'é',
                    position: 3,
                },
            ),
            (
                "?-1",
                TokenTextError::Character {
                    character: '?',
                    position: 1,
                },
            ),
        ] {
            assert_eq!(InvitationToken::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_token_does_not_print_itself() {
        assert_eq!(format!("{:?}", sample()), "[redacted]");
    }
}
