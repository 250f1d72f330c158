//! Stories of the people and programs that use the server, laid out like its addresses.

mod health;
mod mail;
mod real_input;
