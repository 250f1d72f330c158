//! The page on which anyone can check what a round promises.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::Preference;
use super::words::{in_language, promise};
use crate::app::App;
use crate::http::pages::reply::{failure_on, show};
use crate::http::pages::view::{
    CheckCounts, CheckPage, LanguageChoice, Page, SigningKeyLine, Words, grouped,
};
use crate::i18n;
use crate::service::check::{self, Check};
use crate::service::round::Status;

/// What anyone can check of a round: without a link, without an account.
pub(super) async fn check(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let page = Preference::of(&request).page(&request);
    let (tenant, round) = path.into_inner();
    // A tenant that is no number is one that there is not.
    match check::find(&app, tenant.parse().unwrap_or_default(), &round).await {
        Ok(check) => show(StatusCode::OK, &check_page(page, &check)),
        Err(error) => failure_on(page, &error),
    }
}

fn check_page(page: Page, check: &Check) -> CheckPage {
    let language = page.language();
    let round = &check.round;
    let chain = check.instrument.questionnaire.chain(language);
    let form = |id: &str| {
        check.instrument.form(id).map_or_else(
            |_| Words::new(id, language),
            |(form, _)| Words::new(form.title().resolve(&chain), chain.chosen().as_str()),
        )
    };
    CheckPage {
        organisation: check.run_by.clone(),
        round: in_language(&round.title, language),
        promise: promise(&page, round, language),
        open: round.status == Status::Open,
        counts: round.counts.map(|counts| CheckCounts {
            issued: counts.issued,
            claimed: counts.claimed,
            ballots: counts.ballots,
            opened: counts.opened,
        }),
        sealing_key: check.sealing_key.as_deref().map(grouped),
        signing_keys: check
            .signing_keys
            .iter()
            .map(|key| SigningKeyLine {
                number: key.number,
                form: form(&key.form),
                fingerprint: grouped(&key.fingerprint),
            })
            .collect(),
        languages: LanguageChoice::among(i18n::shipped(), language),
        page,
    }
}
