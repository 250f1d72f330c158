//! Klankbord: a multi-stakeholder survey platform.
//!
//! Imports run one way: `cli` → [`startup`] → [`http`], [`job`] → [`service`] → [`store`], [`ballot`], [`mail`],
//! [`auth`] → `survey_engine`. The rooms, and three walks through them, are described in `docs/ARCHITECTURE.md`.

pub mod app;
pub mod auth;
pub mod ballot;
pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod http;
pub mod i18n;
pub mod job;
pub mod mail;
pub mod random;
pub mod service;
pub mod startup;
pub mod store;
