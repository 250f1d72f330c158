//! A look behind the server's back: straight into its databases.

pub(crate) use klankbord_tests::behind::{execute, query};
