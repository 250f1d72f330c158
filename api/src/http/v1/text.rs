//! Texts in several languages, as the document shows them.

use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A text by language: each key is a BCP 47 tag.
#[derive(ToSchema)]
pub struct TextByLanguage(pub BTreeMap<String, String>);
