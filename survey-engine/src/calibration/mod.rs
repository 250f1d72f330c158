//! The partial credit model: thresholds, scores and fit from counts.
