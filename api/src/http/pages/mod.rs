//! The pages: for those who answer, without accounts, cookies or scripts; and for those who organise
//! a round and read its results.

pub mod asset;
mod figures;
mod officer;
mod packed;
mod reply;
mod respondent;
mod same_site;
mod setup;
mod sign_in;
mod unsubscribe;
pub mod view;
pub mod wizard;

use actix_web::web;

pub use packed::refuse_packed;
pub use reply::{failure, failure_in, language_of, too_slow};

/// Every page and what pages are made of.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(asset::configure)
        .configure(respondent::configure)
        .configure(unsubscribe::configure)
        .configure(sign_in::configure)
        .configure(setup::configure)
        .configure(officer::configure);
}
