//! Stories of the people and programs that use the server, laid out like its addresses.

mod backup;
mod behind;
mod boundaries;
mod claims;
mod cli;
mod command_line;
mod erasing;
mod health;
mod indicators;
mod links;
mod mail;
mod officer;
mod organisations;
mod paging_and_caching;
mod questionnaires;
mod real_input;
mod respondent;
mod responses;
mod revoking;
mod rights;
mod roster;
mod rounds;
mod scoring;
mod sealed;
mod setup;
mod trust;
