//! The linkage game: an attacker who owns every file of the installation, and knows who answered when, tries to say whose answers are
//! whose. A server keeps its promise when that succeeds no more often than by guessing.
//!
//! Each run is a round of its own, with sixty people who answer in random order, each with answers that nobody else gives, so that
//! the test, and only the test, knows the truth. After the closing every order that the files still show (of tables, pages, logs,
//! transactions) is held against the order of answering. The same tools are then pointed at stores that leak on purpose: they
//! must find the leak, or finding nothing would mean nothing.

mod attack;
mod double;
mod postgres;
mod remains;
mod round;
mod sqlite;
mod traces;
