//! The words of the user interface: pages, mails and messages, one folder of Fluent files per language.
//!
//! A language is shipped by adding a folder under `locales/`; nothing in the code names it. Texts of
//! questionnaires are not here: they belong to their questionnaire document.

mod language;
mod locale;
mod number;

pub use fluent_bundle::FluentValue;
pub use language::{autonym, best_match, direction, primary};
pub use locale::{Translator, shipped};
