//! What is asked: frameworks of quality areas and indicators, and questionnaires that measure them.
//!
//! Both are JSON documents written by people. [`Framework::parse`] and [`Questionnaire::parse`] read
//! them and report *every* [`Finding`] at once, each with an RFC 6901 pointer to the place and a
//! sentence saying how to mend it. A value of either type exists only if its document had no findings,
//! so the rest of the program never meets a dangling reference or a missing translation.
//!
//! ```
//! use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
//!
//! let framework = Framework::parse(defaults::FRAMEWORK).expect("the default framework is sound");
//! let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).expect("so is the questionnaire");
//! let form = questionnaire.form("parent").expect("there is a form for parents");
//! let dutch = questionnaire.chain("nl-BE");
//! assert_eq!(dutch.chosen().as_str(), "nl");
//! assert!(!form.title().resolve(&dutch).is_empty());
//! ```

mod condition;
mod date;
pub mod defaults;
mod definition;
mod finding;
mod form;
mod framework;
mod item;
mod kind;
mod layout;
mod limits;
mod module;
mod option;
mod read;
pub mod schema;
mod selection;
mod text;
mod write;

pub use condition::{Condition, Quantity, Test};
pub use date::Date;
pub use definition::{Questionnaire, ResponseSet, VersionRef};
pub use finding::Finding;
pub(crate) use finding::join;
pub use form::Form;
pub use framework::{Area, Framework, Indicator, IndicatorKind};
pub use item::Item;
pub use kind::ItemKind;
pub use layout::{Layout, Slot};
pub use module::{Module, Scale};
pub use option::{ChoiceOption, MissingKind, MissingOption};
pub use selection::ModuleSelection;
pub use text::{Language, LanguageChain, LocalizedText};
