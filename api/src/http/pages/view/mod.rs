//! What each page shows: one typed context per template, with samples by which a test renders them all.

mod account;
mod chart;
mod check;
mod indicator;
#[cfg(test)]
mod markup;
mod notice;
mod overview;
mod page;
mod question;
mod results;
mod review;
#[cfg(test)]
mod samples;
mod section;
mod thanks;
mod unsubscribe;
mod welcome;
mod words;

pub use account::{SetupPage, SetupProblem, SetupValues, SignInPage};
pub use chart::{Mark, VoiceChart};
pub use check::{CheckCounts, CheckPage, SigningKeyLine, grouped};
pub use indicator::{IndicatorPage, Share, VoiceDetail};
pub use notice::{Notice, NoticePage};
pub use overview::{OrganisationBranch, OverviewPage, RoundLine, RoundState};
pub use page::{LanguageChoice, Page};
pub use question::{Choice, Control, Place, QuestionView, RankedOption};
pub use results::{AreaTable, Cell, Figure, IndicatorRow, Participation, ResultsPage, Withheld};
pub use review::{ReviewLine, ReviewPage, ReviewPart};
pub use section::{Bearer, SectionPage, Wizard};
pub use thanks::{BarePage, ThanksPage};
pub use unsubscribe::UnsubscribePage;
pub use welcome::{AssignmentLine, Promise, WelcomePage};
pub use words::Words;
