//! No more mails: the question and its confirmation.

use askama::Template;

use super::Page;

/// `/unsubscribe/{token}`: opening the page changes nothing; the button does.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/unsubscribe.html")]
pub struct UnsubscribePage {
    /// The frame.
    pub page: Page,
    /// The person's token, for the form's address.
    pub token: String,
    /// Who asks.
    pub organisation: String,
    /// Whether the mails have just been stopped.
    pub done: bool,
}
