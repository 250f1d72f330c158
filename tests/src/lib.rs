//! The test house: everything a story needs to meet the `klankbord` binary as its users do.
//!
//! A story is a function of one [`Stage`]: a freshly started server with an empty database, a mail server of its own
//! and nothing else. The [`stories!`] macro makes two tests of each, `sqlite::name` and `postgres::name`:
//!
//! ```ignore
//! use klankbord_tests::stories;
//!
//! stories! {
//!     /// A visitor without a link is told what the link looks like.
//!     fn a_wrong_link_is_explained(stage: &Stage) {
//!         let page = stage.anonymous().visit("/s/NOT-A-LINK");
//!         page.expect_status(404);
//!     }
//! }
//! ```
//!
//! Nothing here waits by the clock: a wait ends when the thing happens, and [`PATIENCE`] only turns a hang into a
//! failure with an explanation.

use std::time::Duration;

pub mod behind;
pub mod blind;
pub mod cli;
pub mod community;
pub mod database;
pub mod definition;
pub mod http;
pub mod mail;
pub mod openapi;
pub mod process;
pub mod server;
pub mod smtp;
pub mod stage;
pub mod structure;

pub use blind::Device;
pub use cli::{Cli, Outcome};
pub use community::{Community, Link};
pub use http::{
    Anonymous, ApiClient, Caller, Form, OfficerSession, Page, Press, Reply, Request, Respondent,
    Visitor,
};
pub use mail::Mail;
pub use server::Server;
pub use smtp::{Fault, Smtp};
pub use stage::{Backend, Stage};

/// How long a wait may last before it counts as a hang. No test measures time with it.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Turns each story into one test per database, in the modules `sqlite` and `postgres`.
///
/// Use it once per module. A story takes `stage: &Stage` and panics to fail.
#[macro_export]
macro_rules! stories {
    ($($(#[$meta:meta])* fn $name:ident($stage:ident : &Stage) $body:block)+) => {
        $(
            $(#[$meta])*
            fn $name($stage: &$crate::Stage) $body
        )+

        /// The stories on the built-in database.
        mod sqlite {
            $(
                #[test]
                fn $name() {
                    $crate::Stage::perform($crate::Backend::Sqlite, super::$name);
                }
            )+
        }

        /// The same stories on PostgreSQL.
        mod postgres {
            $(
                #[test]
                fn $name() {
                    $crate::Stage::perform($crate::Backend::Postgres, super::$name);
                }
            )+
        }
    };
}
