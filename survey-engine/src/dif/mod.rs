//! Differential item functioning: whether an item works alike in two groups.
