//! What is wrong with a document, where, and how to mend it.

use serde::Serialize;

use super::limits;

/// One thing wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// RFC 6901 pointer to the place; the empty string is the whole document.
    pub pointer: String,
    /// A stable word for programs, such as `unknown_key`.
    pub code: &'static str,
    /// English sentences for people: what is wrong, and how to mend it.
    pub detail: String,
}

/// Everything found so far. A reader that cannot make a value adds a finding and goes on without it;
/// [`Findings::release`] lets the whole out only if nothing was found.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(
        &mut self,
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) {
        match self.0.len() {
            0..limits::FINDINGS => {
                self.0.push(Finding {
                    pointer: pointer.into(),
                    code,
                    detail: detail.into(),
                });
            }
            limits::FINDINGS => self.0.push(Finding {
                pointer: String::new(),
                code: "too_many_findings",
                detail: "There is more; mend these first and check again.".to_owned(),
            }),
            _ => {}
        }
    }

    /// The value if nothing was found, else everything that was.
    pub(super) fn release<T>(self, value: Option<T>) -> Result<T, Vec<Finding>> {
        debug_assert!(
            value.is_some() || !self.0.is_empty(),
            "nothing was read and nothing found"
        );
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

/// Appends one reference token to a pointer, escaped as RFC 6901 section 3 asks.
pub(crate) fn join(pointer: &str, token: &str) -> String {
    let escaped = token.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{escaped}")
}
