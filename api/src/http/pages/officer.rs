//! What an officer sees: organisations with their rounds, the indicators of a round, one indicator.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::figures::{ReportView, indicator_page, results_page};
use super::reply::{failure_in, language_of, redirect, show_officer};
use super::view::{OrganisationBranch, OverviewPage, Page, RoundLine, RoundState};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::extract::signed_in;
use crate::service::account::SignedIn;
use crate::service::indicator::{Wanted, report};
use crate::service::organisation::{self, Organisation};
use crate::service::round::{self, Round, Status};
use crate::service::{Caller, localized};

/// `/`, `/organisations` and what lies below it.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    for path in ["/", "/organisations"] {
        cfg.service(
            web::resource(path)
                .route(web::get().to(overview))
                .route(web::head().to(overview)),
        );
    }
    cfg.service(
        web::resource("/organisations/{code}")
            .route(web::get().to(results))
            .route(web::head().to(results)),
    );
    cfg.service(
        web::resource("/organisations/{code}/indicators/{indicator}")
            .route(web::get().to(one_indicator))
            .route(web::head().to(one_indicator)),
    );
}

#[derive(Debug, Default, Deserialize)]
struct Which {
    round: Option<String>,
}

fn which_round(request: &HttpRequest) -> Option<String> {
    web::Query::<Which>::from_query(request.query_string())
        .ok()?
        .into_inner()
        .round
}

/// Who is signed in, or the way to the sign-in page and back.
async fn officer(app: &App, request: &HttpRequest) -> std::result::Result<SignedIn, HttpResponse> {
    match signed_in(request, app).await {
        Ok(officer) => Ok(officer),
        Err(Error::Unauthenticated { .. }) => {
            let wanted = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            Err(redirect(&if wanted == "/" {
                "/sign-in".to_owned()
            } else {
                format!("/sign-in?next={}", escaped(wanted))
            }))
        }
        Err(error) => Err(failure_in(&language_of(request), &error)),
    }
}

/// A path and query as one value of a query (RFC 3986, 2.1).
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn page_of(officer: &SignedIn) -> Page {
    Page::new(&officer.language).signed_in(officer.email.clone())
}

/// All organisations that the officer may see, with the rounds in which they take part.
async fn overview(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let officer = match officer(&app, &request).await {
        Ok(officer) => officer,
        Err(response) => return response,
    };
    match overview_page(&app, &officer).await {
        Ok(page) => show_officer(StatusCode::OK, &page),
        Err(error) => failure_in(&officer.language, &error),
    }
}

async fn overview_page(app: &App, officer: &SignedIn) -> Result<OverviewPage> {
    let page = page_of(officer);
    let organisations = organisation::list(app, &officer.caller).await?;
    let rounds = round::list(app, &officer.caller).await?;
    let tops = organisations
        .iter()
        .filter(|node| !has_parent(&organisations, node));
    let branches = tops
        .map(|top| branch(&page, top, &organisations, &rounds))
        .collect();
    Ok(OverviewPage {
        page,
        organisations: branches,
    })
}

fn has_parent(all: &[Organisation], node: &Organisation) -> bool {
    node.parent
        .as_ref()
        .is_some_and(|parent| all.iter().any(|other| other.code == *parent))
}

fn branch(
    page: &Page,
    node: &Organisation,
    all: &[Organisation],
    rounds: &[Round],
) -> OrganisationBranch {
    let takes_part = |round: &&Round| node.path.split('/').any(|code| code == round.organisation);
    let below = all
        .iter()
        .filter(|other| other.parent.as_ref() == Some(&node.code));
    OrganisationBranch {
        page: page.clone(),
        code: node.code.clone(),
        name: node.name.clone(),
        level: node.level.as_str().to_owned(),
        rounds: rounds
            .iter()
            .rev()
            .filter(takes_part)
            .map(|round| round_line(page, node, round))
            .collect(),
        children: below
            .map(|child| branch(page, child, all, rounds))
            .collect(),
    }
}

fn round_line(page: &Page, node: &Organisation, round: &Round) -> RoundLine {
    let is_run_here = round.organisation == node.code;
    let counted = round.counts.filter(|_| is_run_here);
    let count = |count: i64| usize::try_from(count).unwrap_or_default();
    RoundLine {
        address: format!("/organisations/{}?round={}", node.code, round.code),
        title: localized(&round.title, page.language()).to_owned(),
        state: match round.status {
            Status::Draft => RoundState::Draft,
            Status::Open => RoundState::Open,
            Status::Closing => RoundState::Closed,
            Status::Closed => RoundState::Opened,
        },
        dates: if is_run_here {
            dates(page, round)
        } else {
            String::new()
        },
        participation: counted.map(|counts| (count(counts.issued), count(counts.claimed))),
    }
}

/// When a round is open, in words; empty where nothing is fixed.
pub(super) fn dates(page: &Page, round: &Round) -> String {
    let day = |ms: i64| page.translator().date_of_ms(ms);
    match (
        round.opens_at.map(day),
        round.closes_at.map(|closes| day(closes.saturating_sub(1))),
    ) {
        (Some(opens), Some(closes)) => page.with(
            "round-dates",
            &[("opens", opens.into()), ("closes", closes.into())],
        ),
        (Some(opens), None) => page.one("round-opens", "opens", opens),
        (None, Some(closes)) => page.one("round-closes", "closes", closes),
        (None, None) => String::new(),
    }
}

/// The indicators of a round at an organisation. Without a round the overview helps to choose one.
async fn results(
    app: web::Data<App>,
    code: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let officer = match officer(&app, &request).await {
        Ok(officer) => officer,
        Err(response) => return response,
    };
    let Some(round) = which_round(&request) else {
        return redirect("/");
    };
    match read(&app, &officer, &code, &round, Wanted::default()).await {
        Ok(view) => show_officer(StatusCode::OK, &results_page(page_of(&officer), &view)),
        Err(error) => failure_in(&officer.language, &error),
    }
}

/// One indicator of a round at an organisation.
async fn one_indicator(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let officer = match officer(&app, &request).await {
        Ok(officer) => officer,
        Err(response) => return response,
    };
    let Some(round) = which_round(&request) else {
        return redirect("/");
    };
    let (code, indicator) = path.into_inner();
    let wanted = Wanted {
        indicator: Some(indicator),
        ..Wanted::default()
    };
    let shown = async {
        let view = read(&app, &officer, &code, &round, wanted).await?;
        indicator_page(page_of(&officer), &view).ok_or_else(|| Error::not_found("indicator", "…"))
    };
    match shown.await {
        Ok(page) => show_officer(StatusCode::OK, &page),
        Err(error) => failure_in(&officer.language, &error),
    }
}

async fn read(
    app: &App,
    officer: &SignedIn,
    code: &str,
    round: &str,
    wanted: Wanted,
) -> Result<ReportView> {
    let caller: &Caller = &officer.caller;
    let report = report(app, caller, code, round, wanted).await?;
    let groups = organisation::list_groups(app, caller).await?;
    Ok(ReportView { report, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_the_detour_over_the_sign_in_page() {
        assert_eq!(
            escaped("/organisations/a?round=b&x=é"),
            "/organisations/a%3Fround%3Db%26x%3D%C3%A9"
        );
    }
}
