//! The recovery key: it opens the copies of secrets that lie in backups. Its private half belongs off the machine.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::hpke::OpeningKey;
use super::invitation_token::DIGITS;
use super::secret::SecretKey;

/// Characters of the text: 56 x 5 = 280 bits, of which 256 are the key and 24 tell a slip of the pen.
const LENGTH: usize = 56;
/// Bytes of the checksum.
const CHECKSUM: usize = 3;

/// Why a text gives no recovery key. No message repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryTextError {
    /// No line of it looks like one.
    #[error("there is no recovery key in it: a line of 14 groups of 4 letters and digits")]
    Missing,
    /// A line looks like one, and its last characters do not fit the others.
    #[error("the recovery key was not copied exactly: its last characters do not fit the others")]
    Slip,
}

/// The private half of the recovery key.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey(SecretKey);

impl RecoveryKey {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(SecretKey::generate())
    }

    /// What opens the copies.
    #[must_use]
    pub fn opening_key(&self) -> OpeningKey {
        OpeningKey::new(&self.0)
    }

    /// One line of 14 groups of four characters of Crockford's base 32, to be kept on paper or in a safe.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bits = Zeroizing::new(self.0.as_bytes().to_vec());
        bits.extend(checksum(&self.0));
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / 4));
        for place in 0..LENGTH {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            let value = (place * 5..place * 5 + 5).fold(0, |value, bit| {
                let byte = bits.get(bit / 8).copied().unwrap_or(0);
                value << 1 | usize::from(byte >> (7 - bit % 8) & 1)
            });
            text.push(DIGITS.get(value).copied().map_or('0', char::from));
        }
        text
    }

    /// Finds the key in a text, which may say other things on other lines. Lower case is upper case, I and L are 1, O is 0; blanks
    /// and dashes do not count.
    pub fn parse(text: &str) -> Result<Self, RecoveryTextError> {
        let bits = text
            .lines()
            .find_map(bits)
            .ok_or(RecoveryTextError::Missing)?;
        let (key, sum) = bits.split_at(bits.len() - CHECKSUM);
        let key: [u8; 32] = key.try_into().map_err(|_| RecoveryTextError::Missing)?;
        let key = SecretKey::from_bytes(key);
        if checksum(&key) == sum {
            Ok(Self(key))
        } else {
            Err(RecoveryTextError::Slip)
        }
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

fn checksum(key: &SecretKey) -> Vec<u8> {
    let digest = Sha256::new()
        .chain_update(b"klankbord recovery key 1\0")
        .chain_update(key.as_bytes())
        .finalize();
    digest.iter().take(CHECKSUM).copied().collect()
}

/// The 35 bytes of a line that looks like a key.
fn bits(line: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bits = Zeroizing::new(vec![0_u8; LENGTH * 5 / 8]);
    let mut place = 0;
    for character in line
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
    {
        let upper = match character.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            upper => upper,
        };
        let digit = DIGITS
            .iter()
            .position(|digit| char::from(*digit) == upper)?;
        for bit in 0..5 {
            let at = place * 5 + bit;
            *bits.get_mut(at / 8)? |= u8::from(digit >> (4 - bit) & 1 == 1) << (7 - at % 8);
        }
        place += 1;
    }
    (place == LENGTH).then_some(bits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_recovery_key_survives_paper_and_a_slip_is_noticed() {
        for _ in 0..100 {
            let key = RecoveryKey::generate();
            let text = key.to_text();
            assert_eq!(text.len(), 69, "{}", *text);
            assert_eq!(RecoveryKey::parse(&text).unwrap(), key);
            let typed = format!(
                "Keep this safe.\n\n {} \nThank you, all of you.\n",
                text.to_lowercase().replace('0', "o").replace('-', " ")
            );
            assert_eq!(RecoveryKey::parse(&typed).unwrap(), key);
            let mut slipped = text.to_string();
            let last = slipped.pop().unwrap();
            slipped.push(if last == 'A' { 'B' } else { 'A' });
            assert_eq!(RecoveryKey::parse(&slipped), Err(RecoveryTextError::Slip));
            assert_eq!(
                RecoveryKey::parse(&text[1..]),
                Err(RecoveryTextError::Missing)
            );
        }
        assert_eq!(RecoveryKey::parse(""), Err(RecoveryTextError::Missing));
    }
}
