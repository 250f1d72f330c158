//! Stories of the people and programs that use the server, laid out like its addresses.

mod behind;
mod health;
mod indicators;
mod links;
mod mail;
mod officer;
mod real_input;
mod respondent;
mod responses;
mod rounds;
