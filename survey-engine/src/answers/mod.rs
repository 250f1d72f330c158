//! What was answered: from raw values to [`ValidAnswers`], or every problem at once.
//!
//! ```
//! use survey_engine::answers::{RawAnswers, ValidAnswers};
//! use survey_engine::questionnaire::{Framework, ModuleSelection, Questionnaire, defaults};
//!
//! let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
//! let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
//! let form = &questionnaire.forms()[0];
//! let everything = ModuleSelection::default_of(form);
//!
//! let raw: RawAnswers = serde_json::from_str(r#"{"no-such-item": 3}"#).unwrap();
//! let problems = ValidAnswers::check(form, &everything, &raw).unwrap_err();
//! assert_eq!((problems[0].pointer.as_str(), problems[0].code), ("/answers/no-such-item", "unknown_item"));
//! ```

mod answer;
mod packed;
mod problem;
mod raw;
mod reading;
mod valid;
mod visibility;

use answer::Answer;
pub use packed::{PackedCode, StoredAnswersError};
pub use problem::AnswerProblem;
pub use raw::{RawAnswer, RawAnswers};
pub use valid::ValidAnswers;
pub use visibility::visible;
