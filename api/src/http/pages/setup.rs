//! The first steps on a fresh installation.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::reply::{failure, form_config, language_of, show_officer};
use super::same_site::is_same_site;
use super::sign_in::{begin, foreign};
use super::view::{Page, SetupPage, SetupProblem, SetupValues};
use crate::app::App;
use crate::error::{Error, Problem};
use crate::service::organisation::Level;
use crate::service::setup::{self, Setup};

/// The longest name of an organisation, in characters.
const LONGEST_NAME: usize = 200;

/// `/setup`.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/setup")
            .app_data(form_config())
            .route(web::get().to(ask))
            .route(web::head().to(ask))
            .route(web::post().to(finish)),
    );
}

#[derive(Debug, Default, Deserialize)]
struct Arrival {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct Filled {
    token: String,
    organisation: String,
    level: String,
    email: String,
    password: String,
    #[serde(rename = "password-again")]
    password_again: String,
}

async fn ask(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let arrival = web::Query::<Arrival>::from_query(request.query_string())
        .map_or_else(|_| Arrival::default(), web::Query::into_inner);
    if let Err(error) = setup::check_link(&app, &arrival.token).await {
        return failure(&request, &error);
    }
    let page = SetupPage {
        page: Page::new(&language_of(&request)),
        token: arrival.token,
        values: SetupValues::default(),
        problems: Vec::new(),
    };
    show_officer(StatusCode::OK, &page)
}

async fn finish(
    app: web::Data<App>,
    filled: web::Form<Filled>,
    request: HttpRequest,
) -> HttpResponse {
    if !is_same_site(&request, &app.base_url) {
        return failure(&request, &foreign());
    }
    let filled = filled.into_inner();
    let page = Page::new(&language_of(&request));
    let mut problems = check(&page, &filled);
    let level = Level::parse(&filled.level).unwrap_or(Level::Community);
    if problems.is_empty() {
        let setup = Setup {
            code: code_of(&filled.organisation),
            organisation: filled.organisation.trim().to_owned(),
            level,
            email: filled.email.trim().to_owned(),
            password: filled.password.clone(),
            language: page.language().to_owned(),
        };
        match setup::finish(&app, &filled.token, setup).await {
            Ok(session) => return begin(&app, &session, "/"),
            Err(Error::Invalid {
                problems: refused, ..
            }) => {
                problems = refused
                    .iter()
                    .map(|problem| complaint(&page, problem))
                    .collect();
            }
            Err(error) => return failure(&request, &error),
        }
    }
    let again = SetupPage {
        page,
        token: filled.token,
        values: SetupValues {
            organisation: filled.organisation,
            level: level.as_str().to_owned(),
            email: filled.email,
        },
        problems,
    };
    show_officer(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// What is wrong before the service is asked.
fn check(page: &Page, filled: &Filled) -> Vec<SetupProblem> {
    let mut problems = Vec::new();
    let name = filled.organisation.trim();
    let field = |id: &str| page.one(id, "field", page.text("setup-organisation"));
    if name.is_empty() {
        problems.push(SetupProblem {
            field: "organisation",
            message: field("setup-problem-empty"),
        });
    } else if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        problems.push(SetupProblem {
            field: "organisation",
            message: field("setup-problem-long"),
        });
    }
    if filled.email.trim().is_empty() {
        problems.push(SetupProblem {
            field: "email",
            message: page.text("setup-problem-email"),
        });
    }
    if filled.password.is_empty() {
        problems.push(SetupProblem {
            field: "password",
            message: page.text("setup-problem-password"),
        });
    }
    if filled.password != filled.password_again {
        problems.push(SetupProblem {
            field: "password-again",
            message: page.text("setup-problem-password-again"),
        });
    }
    problems
}

/// What the service refuses, in words.
fn complaint(page: &Page, problem: &Problem) -> SetupProblem {
    let (field, id) = match (problem.pointer.as_str(), problem.code.as_str()) {
        ("/email", _) => ("email", "setup-problem-email"),
        ("/password", "password_too_long") => ("password", "setup-problem-password-long"),
        ("/password", "password_is_email") => ("password", "setup-problem-password-email"),
        ("/password", _) => ("password", "setup-problem-password"),
        _ => {
            let name = page.text("setup-organisation");
            return SetupProblem {
                field: "organisation",
                message: page.one("setup-problem-long", "field", name),
            };
        }
    };
    SetupProblem {
        field,
        message: page.text(id),
    }
}

/// A code made of a name: `Stichting Één & Samen` gives `stichting-een-samen`.
fn code_of(name: &str) -> String {
    const LONGEST: usize = 48;
    let mut code = String::new();
    for character in name.to_lowercase().chars().map(without_accent) {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            code.push(character);
        } else if !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
        if code.len() >= LONGEST {
            break;
        }
    }
    let code = code.trim_end_matches('-');
    if code.is_empty() {
        "organisation".to_owned()
    } else {
        code.to_owned()
    }
}

fn without_accent(character: char) -> char {
    const PLAIN: &[(&str, char)] = &[
        ("àáâãäåāăą", 'a'),
        ("çćĉċč", 'c'),
        ("ďđð", 'd'),
        ("èéêëēĕėęě", 'e'),
        ("ĝğġģ", 'g'),
        ("ìíîïĩīĭįı", 'i'),
        ("ķ", 'k'),
        ("ĺļľł", 'l'),
        ("ñńņňŋ", 'n'),
        ("òóôõöøōŏő", 'o'),
        ("ŕŗř", 'r'),
        ("śŝşšș", 's'),
        ("ţťŧț", 't'),
        ("ùúûüũūŭůűų", 'u'),
        ("ýÿŷ", 'y'),
        ("źżž", 'z'),
    ];
    PLAIN
        .iter()
        .find(|(accented, _)| accented.contains(character))
        .map_or(character, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_code() {
        let cases = [
            ("Stichting Één & Samen", "stichting-een-samen"),
            ("  De Wilgenhoek (Utrecht) ", "de-wilgenhoek-utrecht"),
            ("Szkoła nr 5", "szkola-nr-5"),
            ("مدرسة", "organisation"),
            ("---", "organisation"),
        ];
        for (name, code) in cases {
            assert_eq!(code_of(name), code);
        }
        assert!(code_of(&"ab ".repeat(99)).len() <= 64);
    }
}
