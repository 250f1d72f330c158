// The school of the book: its questionnaire and what was answered. Examples include this file.

pub use survey_engine::answers::{RawAnswer, RawAnswers, ValidAnswers};
pub use survey_engine::disclosure::{Node, Reach, Released, Size, plan};
pub use survey_engine::indicator::{Estimate, estimate};
pub use survey_engine::questionnaire::{Form, Framework, MissingKind, ModuleSelection, Questionnaire};
pub use survey_engine::scoring::Blueprint;
pub use survey_engine::tally::Tally;

pub const FRAMEWORK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/framework.json"));
pub const QUESTIONNAIRE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.json"));

/// A word per person, a sign per item: the option that was chosen, `?` for "I don't know", `-` for a blank.
pub const CLASS_7A: &str = "3333 2224 5?15 3443 4514 4413 533- 4424 3232 3242 4524 5415";
pub const CLASS_7B: &str = "5434 45-4 5515 4222 2232 3344 1333 4435 3333 3342 3423";
pub const CLASS_7C: &str = "5524 2423 3333 5443 2432 3424 3342 3424";
pub const STAFF: &str = "4?15 4413 4414 44?5 3524 4325 4414 4-23 4415";
pub const LAST_YEAR: &str = "3233 3421 -333 3434 4413 4415 4524 3244 3334 2242 3525 4424 3232 1141 \
    4233 2324 ?424 4543 2243 4315 2515 3323 3523 4423 3531 5435 5324 2342";

pub fn questionnaire() -> Questionnaire {
    let framework = Framework::parse(FRAMEWORK).unwrap();
    Questionnaire::parse(QUESTIONNAIRE, &framework).unwrap()
}

/// The same with one more item: who does not like coming here is asked why.
pub fn with_follow_up() -> Questionnaire {
    let last = r#""text": {"en": "An adult here knows me well."}}"#;
    let why = r#"{"id": "WHY", "type": "short_text", "text": {"en": "Why not?"}, "help": {"en": "A few words will do."}, "showIf": {"item": "L1", "atMost": 2}}"#;
    let document = QUESTIONNAIRE.replace(last, &format!("{last},\n{why}"));
    Questionnaire::parse(&document, &Framework::parse(FRAMEWORK).unwrap()).unwrap()
}

/// The answers of one person, as a page would send them.
pub fn answers(form: &Form, word: &str) -> ValidAnswers {
    let raw: RawAnswers = form
        .items()
        .zip(word.chars())
        .filter_map(|((_, item), sign)| {
            let answer = match sign {
                '-' => return None,
                '?' => RawAnswer::Missing(MissingKind::DontKnow),
                digit => RawAnswer::Number(f64::from(digit.to_digit(10)?)),
            };
            Some((item.id(), answer))
        })
        .collect();
    ValidAnswers::check(form, &ModuleSelection::default_of(form), &raw).unwrap()
}

/// The tally of a class, or of any other set of persons.
pub fn tally(form: &Form, words: &str) -> Tally {
    let blueprint = Blueprint::of(form).unwrap();
    let mut tally = Tally::new(&blueprint);
    for word in words.split_whitespace() {
        tally.add(&blueprint, answers(form, word).packed()).unwrap();
    }
    tally
}

/// The figures of a school of one class, as far as they may be shown.
pub fn figures(form: &Form, words: &str, minimum: u32) -> Released<Estimate> {
    let (blueprint, tally) = (Blueprint::of(form).unwrap(), tally(form, words));
    let node = Node { parent: None, reach: Reach::School, minimum };
    let size = Size::of(&blueprint, &tally, 0).unwrap();
    let decisions = plan(&[node], &[size]).unwrap();
    estimate(&blueprint, &tally, 0, &decisions[0], None).unwrap()
}
