//! Short pages that say one thing: it is too early, too late, not found, or not working now.

use askama::Template;

use super::Page;

/// What a short page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The round has not opened.
    NotOpenYet {
        /// The first day, in words, if it is fixed.
        opens: Option<String>,
    },
    /// The round has closed.
    Closed,
    /// No invitation has this token.
    UnknownLink,
    /// The posted form was larger than a questionnaire can be.
    TooLarge,
    /// The posted form lacked a part that every page of ours sends.
    Incomplete,
    /// More requests than the server can take now; the answers on the page before are not lost.
    Busy,
    /// More requests from this address than are reasonable.
    TooMany,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 500.
    Failed,
    /// 503.
    Unavailable,
    /// 507: nothing could be stored.
    Full,
    /// The link of the set-up page has been used or has expired.
    SetupUsed,
    /// Another device claimed the questionnaire blindly; only its code goes on.
    BegunElsewhere,
    /// What the page carried in place of a link does not hold.
    WrongCredential,
}

impl Notice {
    /// The first part of the ids of the page's texts.
    fn id(&self) -> &'static str {
        match self {
            Self::NotOpenYet { .. } => "notice-not-open-yet",
            Self::Closed => "notice-closed",
            Self::UnknownLink => "notice-unknown-link",
            Self::TooLarge => "notice-too-large",
            Self::Incomplete => "notice-incomplete",
            Self::Busy => "notice-busy",
            Self::TooMany => "notice-too-many",
            Self::Forbidden => "notice-forbidden",
            Self::NotFound => "notice-not-found",
            Self::Failed => "notice-failed",
            Self::Unavailable => "notice-unavailable",
            Self::Full => "notice-full",
            Self::SetupUsed => "notice-setup-used",
            Self::BegunElsewhere => "notice-begun-elsewhere",
            Self::WrongCredential => "notice-wrong-credential",
        }
    }
}

/// One short page.
#[derive(Debug, Clone, Template)]
#[template(path = "notice.html")]
pub struct NoticePage {
    /// The frame.
    pub page: Page,
    /// What it says.
    pub notice: Notice,
    /// What a report to the administrator should quote.
    pub reference: Option<String>,
}

impl NoticePage {
    /// The heading.
    #[must_use]
    pub fn title(&self) -> String {
        self.page.text(&format!("{}-title", self.notice.id()))
    }

    /// What it means.
    #[must_use]
    pub fn body(&self) -> String {
        let id = format!("{}-body", self.notice.id());
        match &self.notice {
            Notice::NotOpenYet { opens: Some(date) } => {
                self.page
                    .one("notice-not-open-yet-date", "date", date.as_str())
            }
            _ => self.page.text(&id),
        }
    }

    /// What the person can do.
    #[must_use]
    pub fn advice(&self) -> Vec<String> {
        let ids: &[&str] = match self.notice {
            Notice::UnknownLink => &[
                "notice-unknown-link-cut",
                "notice-unknown-link-copy",
                "notice-unknown-link-closed",
                "notice-unknown-link-ask",
            ],
            Notice::BegunElsewhere => &[
                "notice-begun-elsewhere-there",
                "notice-begun-elsewhere-code",
                "notice-begun-elsewhere-lost",
            ],
            _ => &[],
        };
        ids.iter().map(|id| self.page.text(id)).collect()
    }
}
