//! Signing in, and setting up a fresh installation.

use askama::Template;

use super::Page;

/// `GET /sign-in`, and the answer to a sign-in that failed.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub page: Page,
    /// The address as it was typed.
    pub email: String,
    /// Whether address and password did not fit.
    pub failed: bool,
    /// Whether the person has just signed out.
    pub signed_out: bool,
    /// The path to go to afterwards, for the hidden field.
    pub next: String,
}

/// What was typed into the set-up form, without the password.
#[derive(Debug, Clone, Default)]
pub struct SetupValues {
    /// The organisation at the top of the tree.
    pub organisation: String,
    /// How wide it is: `system`, `region`, `community` or `school`; empty until chosen.
    pub level: String,
    /// The first officer's address.
    pub email: String,
}

/// One field of the set-up form that needs another look.
#[derive(Debug, Clone)]
pub struct SetupProblem {
    /// The name of the field, which is its id too.
    pub field: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// `GET /setup?token=`: the first officer of a fresh installation.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/setup.html")]
pub struct SetupPage {
    /// The frame.
    pub page: Page,
    /// The one-time token of the link, for the hidden field.
    pub token: String,
    /// What was typed.
    pub values: SetupValues,
    /// What is wrong with it.
    pub problems: Vec<SetupProblem>,
}

impl SetupPage {
    /// The levels to choose from: value, name, and whether it is chosen. A group of schools, unless another was.
    #[must_use]
    pub fn levels(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = if self.values.level.is_empty() {
            "community"
        } else {
            &self.values.level
        };
        ["school", "community", "region", "system"]
            .map(|level| {
                (
                    level,
                    self.page.text(&format!("setup-level-{level}")),
                    level == chosen,
                )
            })
            .to_vec()
    }

    /// What is wrong with one field.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.message.as_str())
    }
}
