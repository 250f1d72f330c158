//! The JSON API. One file per resource; the order here is the order of the document.
#![expect(
    unreachable_pub,
    reason = "the route macros make a public type of every handler"
)]

pub mod ballot;
pub mod claim;
pub mod failures;
pub mod form;
pub mod framework;
pub mod group;
pub mod health;
pub mod indicator;
pub mod invitation;
pub mod oauth;
pub mod organisation;
pub mod page;
pub mod person;
pub mod questionnaire;
pub mod reminder;
pub mod response;
pub mod roster;
pub mod round;
pub mod schema;
pub mod text;

use actix_web::web;

/// Every operation of the API: for a configuration that serves, or for one that writes the document.
macro_rules! operations {
    ($config:expr, $scope:path) => {
        $config
            .service(oauth::get_authorization_server)
            .service(oauth::get_jwks)
            .service(oauth::create_token)
            .service(health::get_liveness)
            .service(health::get_readiness)
            .service(
                $scope("/api/v1")
                    .service(organisation::list_organisations)
                    .service(organisation::create_organisation)
                    .service(organisation::get_organisation)
                    .service(roster::import_roster)
                    .service(person::erase_person)
                    .service(indicator::list_indicators)
                    .service(indicator::get_indicator)
                    .service(group::list_groups)
                    .service(group::put_group)
                    .service(framework::list_frameworks)
                    .service(framework::publish_framework)
                    .service(framework::get_framework)
                    .service(questionnaire::list_questionnaires)
                    .service(questionnaire::publish_questionnaire)
                    .service(questionnaire::validate_questionnaire)
                    .service(questionnaire::get_questionnaire)
                    .service(schema::get_schema)
                    .service(round::list_rounds)
                    .service(round::create_round)
                    .service(round::get_round)
                    .service(round::open_round)
                    .service(round::close_round)
                    .service(invitation::create_invitations)
                    .service(invitation::revoke_invitation)
                    .service(invitation::renew_invitation)
                    .service(reminder::create_reminders)
                    .service(invitation::get_progress)
                    .service(form::get_form)
                    .service(form::validate_answers)
                    .service(response::submit_response)
                    .service(claim::get_claim_key)
                    .service(claim::create_claim)
                    .service(ballot::submit_ballot)
                    .service(claim::finish_claim)
                    .service(claim::put_draft)
                    .service(claim::read_draft),
            )
    };
}

/// Serves every operation.
pub fn configure(config: &mut web::ServiceConfig) {
    operations!(config, web::scope);
}

/// Tells the document of every operation.
pub fn describe(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    operations!(config, utoipa_actix_web::scope);
}
