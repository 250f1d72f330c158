//! A browser test.
