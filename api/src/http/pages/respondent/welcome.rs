//! The page behind the link itself: what is asked, what is promised, and the buttons that start.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use survey_engine::questionnaire::{LanguageChain, LocalizedText, ModuleSelection};

use super::words::{check_path, in_language, language_choices, last_day, page_for, promise};
use super::{Preference, closed};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::pages::reply::{failure, language_of, show_respondent};
use crate::http::pages::view::{AssignmentLine, Page, WelcomePage, Words};
use crate::i18n::primary;
use crate::service::claim::Claim;
use crate::service::respondent::{self, Respondent, Task};
use crate::service::round::Mode;

/// The welcome page. Whoever opens it, and however often, changes nothing.
pub(super) async fn welcome(
    app: web::Data<App>,
    token: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let preference = Preference::of(&request).language;
    let respondent = match respondent::find(&app, &token).await {
        Ok(respondent) => respondent,
        Err(error) => return failure(&request, &error),
    };
    let chain = chain_for(&respondent, preference.as_deref(), &language_of(&request));
    let page = respondent.tasks.first().map_or_else(
        || Page::new(chain.chosen().as_str()),
        |first| page_for(&first.form, &first.group, chain.chosen()),
    );
    if let Some(response) = closed(&respondent.round, &page, StatusCode::OK) {
        return response;
    }
    match welcome_page(&respondent, &chain, page) {
        Ok(page) => show_respondent(StatusCode::OK, &page),
        Err(error) => failure(&request, &error),
    }
}

/// The languages to read the questionnaire in: as the address says, else as the person is addressed,
/// else as the browser asks, whichever the questionnaire has first.
fn chain_for(respondent: &Respondent, preference: Option<&str>, browser: &str) -> LanguageChain {
    let questionnaire = &respondent.instrument.questionnaire;
    let wanted = [
        preference.unwrap_or_default(),
        respondent.language.as_str(),
        browser,
    ];
    wanted
        .into_iter()
        .map(|language| (questionnaire.chain(language), language))
        .find(|(chain, language)| primary(chain.chosen().as_str()) == primary(language))
        .map_or_else(
            || questionnaire.chain(&respondent.language),
            |(chain, _)| chain,
        )
}

fn welcome_page(respondent: &Respondent, chain: &LanguageChain, page: Page) -> Result<WelcomePage> {
    let round = &respondent.round;
    let language = chain.chosen().as_str();
    let first = respondent
        .tasks
        .first()
        .ok_or_else(|| Error::not_found("link", "…"))?;
    let (form, _) = respondent.form(first)?;
    let is_one_group = respondent
        .tasks
        .iter()
        .all(|task| task.group == first.group);
    let is_one_form = respondent.tasks.iter().all(|task| task.form == first.form);
    let words = |text: &LocalizedText| Words::new(text.resolve(chain), language);
    Ok(WelcomePage {
        token: respondent.token(),
        language: language.to_owned(),
        organisation: respondent.run_by.clone(),
        round: in_language(&round.title, language),
        group: is_one_group
            .then(|| group_name(&page, &first.group))
            .flatten(),
        introduction: is_one_form.then(|| words(form.introduction())),
        closes: last_day(&page, round),
        promise: promise(&page, round, language),
        check: check_path(round, &page),
        blind: round.mode == Mode::Anonymous,
        assignments: assignments(respondent, chain)?,
        languages: language_choices(&respondent.instrument, chain),
        page,
    })
}

/// What a link asks for, a line for each form.
pub(super) fn assignments(
    respondent: &Respondent,
    chain: &LanguageChain,
) -> Result<Vec<AssignmentLine>> {
    let line = |task: &Task| {
        let (form, selection): (_, ModuleSelection) = respondent.form(task)?;
        Ok(AssignmentLine {
            id: format!("{}:{}", task.organisation, task.form),
            organisation: task.organisation_name.clone(),
            form: Words::new(form.title().resolve(chain), chain.chosen().as_str()),
            minutes: usize::try_from(form.estimated_minutes(&selection))
                .unwrap_or_default()
                .max(1),
            done: task.done,
            assisted: task.claim == Some(Claim::Assisted),
            can_replace: true,
        })
    };
    respondent.tasks.iter().map(line).collect()
}

/// The name of a group that the interface knows.
fn group_name(page: &Page, group: &str) -> Option<String> {
    let known = ["learner", "parent", "staff", "employer"].contains(&group);
    known.then(|| page.text(&format!("group-{group}")))
}
