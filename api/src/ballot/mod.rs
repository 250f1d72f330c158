//! The sealed path: what a ballot holds, the envelope it waits in, and the tag that makes a repeat replace it.

pub mod blind;
mod seal;

pub use seal::{EnvelopeError, reseal_plain};

use crate::auth::SecretKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// One person's answers for one organisation, as they wait in the mailbox.
///
/// It says for whom the answers count and never who gave them, except where the round promised to keep a code or a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    /// The organisation the answers are about.
    pub organisation: String,
    /// The form that was filled in.
    pub form: String,
    /// A pseudonym in a confidential round, the person in an identified one, nothing in an anonymous one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The closed answers, one code an item in the order of the form.
    #[serde(with = "packed")]
    pub packed: Vec<u8>,
    /// The free texts, by item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
}

/// The tag of a ballot: the same for every attempt of one link, organisation and form, and without the key nothing to anyone.
///
/// `secret` is the random part of the link. HMAC-SHA-256 over the parts with their lengths.
#[must_use]
pub fn tag(key: &SecretKey, secret: &[u8], organisation: &str, form: &str) -> [u8; 32] {
    key.keyed_hash(
        "klankbord ballot tag 1",
        &[secret, organisation.as_bytes(), form.as_bytes()],
    )
}

/// The key under which the draft of a link lies: without the key of the round nothing to anyone, and nothing like the ballot's tag.
#[must_use]
pub fn draft_key(key: &SecretKey, link: &str, organisation: &str, form: &str) -> [u8; 32] {
    key.keyed_hash(
        "klankbord draft of a link 1",
        &[link.as_bytes(), organisation.as_bytes(), form.as_bytes()],
    )
}

/// The code that stands for a person in confidential rounds that share a key: 128 bits as hexadecimal digits.
#[must_use]
pub fn pseudonym(key: &SecretKey, person: &str) -> String {
    hexadecimal(
        &key.keyed_hash("klankbord pseudonym 1", &[person.as_bytes()]),
        16,
    )
}

/// The first `count` bytes as hexadecimal digits.
fn hexadecimal(bytes: &[u8], count: usize) -> String {
    bytes
        .iter()
        .take(count)
        .fold(String::new(), |mut digits, byte| {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}

/// The key of a response whose ballot may be replaced after it was opened: the first half of its tag.
#[must_use]
pub fn response_key(tag: &[u8]) -> Vec<u8> {
    tag.iter().take(16).copied().collect()
}

/// The key of a free text of such a response.
#[must_use]
pub fn text_key(tag: &[u8], item: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new()
        .chain_update(b"klankbord text key 1\0")
        .chain_update(tag)
        .chain_update(item.as_bytes())
        .finalize();
    digest.iter().take(16).copied().collect()
}

mod packed {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        STANDARD_NO_PAD
            .decode(String::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_tells_apart_where_one_part_ends_and_the_next_begins() {
        let key = SecretKey::from_bytes([7; 32]);
        assert_eq!(tag(&key, b"s", "ab", "c"), tag(&key, b"s", "ab", "c"));
        assert_ne!(tag(&key, b"s", "ab", "c"), tag(&key, b"s", "a", "bc"));
        assert_eq!(pseudonym(&key, "p").len(), 32);
        assert_ne!(text_key(b"t", "a"), text_key(b"t", "b"));
    }
}
