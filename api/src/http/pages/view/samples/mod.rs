//! Samples of every page, in every state that looks different.

use askama::Template;

use super::Words;

mod officer;
mod question;
mod respondent;

/// Every page with every sample, in one language: a name for the file and the markup.
pub(super) fn rendered(language: &str) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    add(&mut pages, "welcome", &respondent::welcome(language));
    add(&mut pages, "section", &respondent::section(language));
    add(&mut pages, "review", &respondent::review(language));
    add(&mut pages, "thanks", &respondent::thanks(language));
    add(&mut pages, "check", &respondent::check(language));
    add(&mut pages, "bare", &respondent::bare(language));
    add(&mut pages, "notice", &respondent::notices(language));
    add(
        &mut pages,
        "unsubscribe",
        &respondent::unsubscribe(language),
    );
    add(&mut pages, "sign-in", &officer::sign_in(language));
    add(&mut pages, "setup", &officer::setup(language));
    add(&mut pages, "overview", &officer::overview(language));
    add(&mut pages, "results", &officer::results(language));
    add(&mut pages, "indicator", &officer::indicator(language));
    pages
}

fn add<T: Template>(pages: &mut Vec<(String, String)>, name: &str, samples: &[T]) {
    for (number, sample) in samples.iter().enumerate() {
        pages.push((format!("{name}-{}", number + 1), sample.render().unwrap()));
    }
}

const SCHOOL: &str = "De Wilgenhoek <school & co>";

fn pick<'a>(language: &str, english: &'a str, dutch: &'a str) -> &'a str {
    if language == "nl" { dutch } else { english }
}

fn words(language: &str, english: &str, dutch: &str) -> Words {
    Words::new(pick(language, english, dutch), pick(language, "en", "nl"))
}
