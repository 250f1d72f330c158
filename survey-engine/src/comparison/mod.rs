//! Differences between groups, proportions, rounds and units, with their uncertainty.
