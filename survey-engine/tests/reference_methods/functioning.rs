//! Methods to come.

use super::Method;

pub(crate) const METHODS: &[(&str, Method)] = &[];
