//! Units within a population: agreement, reliability of unit means, shrinkage.
