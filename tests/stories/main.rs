//! Stories of the people and programs that use the server, laid out like its addresses.

mod behind;
mod health;
mod indicators;
mod mail;
mod real_input;
mod responses;
mod rounds;
