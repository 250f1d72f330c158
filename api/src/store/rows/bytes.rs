//! Bytes, as JSON can hold them: base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};
use std::borrow::Cow;

pub(in crate::store::rows) fn serialize<S: Serializer>(
    bytes: &[u8],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

pub(in crate::store::rows) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<u8>, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    STANDARD_NO_PAD
        .decode(text.as_ref())
        .map_err(D::Error::custom)
}

/// Bytes that may be missing.
pub(in crate::store::rows) mod maybe {
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    struct Given(#[serde(with = "super")] Vec<u8>);

    #[expect(clippy::ref_option, reason = "serde asks for this form")]
    pub(in crate::store::rows) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => super::serialize(bytes, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::store::rows) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        Ok(Option::<Given>::deserialize(deserializer)?.map(|given| given.0))
    }
}
