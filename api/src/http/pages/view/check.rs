//! What anyone can check of a round: the promise in plain words, the counts, and the fingerprints of the keys.

use askama::Template;

use super::{LanguageChoice, Page, Promise, Words};

/// A key that signs the right to answer.
#[derive(Debug, Clone)]
pub struct SigningKeyLine {
    /// Its number within the round.
    pub number: i64,
    /// Title of the form that it signs for.
    pub form: Words,
    /// Its fingerprint, in hexadecimal digits.
    pub fingerprint: String,
}

/// Counts of a round that has closed.
#[derive(Debug, Clone)]
pub struct CheckCounts {
    /// Questionnaires that people were asked to fill in.
    pub issued: i64,
    /// Of these, where somebody used the right to answer.
    pub claimed: i64,
    /// Ballots that were in the box.
    pub ballots: i64,
    /// Ballots that were opened and counted.
    pub opened: i64,
}

impl CheckCounts {
    /// The lines of the table: the id of the text, and the number.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, i64); 4] {
        [
            ("check-issued", self.issued),
            ("check-claimed", self.claimed),
            ("check-ballots", self.ballots),
            ("check-opened", self.opened),
        ]
    }

    /// Whether more was counted than there were rights to answer.
    #[must_use]
    pub fn is_more(&self) -> bool {
        self.ballots > self.claimed
    }
}

/// `GET /rounds/{tenant}/{round}`.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/check.html")]
pub struct CheckPage {
    /// The frame.
    pub page: Page,
    /// Who asks.
    pub organisation: String,
    /// What the round is called.
    pub round: Words,
    /// What is promised.
    pub promise: Promise,
    /// Whether people can still answer.
    pub open: bool,
    /// The counts, once the ballots are opened.
    pub counts: Option<CheckCounts>,
    /// The fingerprint of the sealing key.
    pub sealing_key: Option<String>,
    /// The signing keys.
    pub signing_keys: Vec<SigningKeyLine>,
    /// Every shipped language.
    pub languages: Vec<LanguageChoice>,
}

impl CheckPage {
    /// The texts of what is protected.
    #[must_use]
    pub fn protected(&self) -> Vec<String> {
        let ids: &[&str] = match self.promise {
            Promise::Anonymous => &[
                "check-sealed",
                "check-apart",
                "check-blind",
                "check-opening",
                "check-small",
            ],
            Promise::Confidential { .. } => &["check-sealed-known", "check-code", "check-small"],
            Promise::Identified => &["check-sealed-known", "check-small"],
        };
        ids.iter().map(|id| self.page.text(id)).collect()
    }

    /// The texts of what is not protected.
    #[must_use]
    pub fn unprotected(&self) -> Vec<String> {
        let ids: &[&str] = match self.promise {
            Promise::Anonymous => &[
                "check-watcher",
                "check-assisted",
                "check-both",
                "check-texts",
                "check-device",
            ],
            Promise::Confidential { .. } => &[
                "check-keeper",
                "check-watcher-known",
                "check-texts",
                "check-device",
            ],
            Promise::Identified => &["check-named", "check-watcher-known", "check-device"],
        };
        ids.iter().map(|id| self.page.text(id)).collect()
    }
}

/// A fingerprint in groups of four digits, as people compare it.
#[must_use]
pub fn grouped(fingerprint: &str) -> String {
    fingerprint
        .chars()
        .enumerate()
        .flat_map(|(at, digit)| [(at > 0 && at % 4 == 0).then_some(' '), Some(digit)])
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_fingerprint_is_read_in_fours() {
        assert_eq!(grouped("66687aadf8"), "6668 7aad f8");
        assert_eq!(grouped("6668"), "6668");
        assert_eq!(grouped(""), "");
    }
}
