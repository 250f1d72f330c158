//! The pages: for those who answer, without accounts, cookies or scripts; and for those who organise
//! a round and read its results.

pub mod asset;
pub mod view;
