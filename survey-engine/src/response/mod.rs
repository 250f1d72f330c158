//! Who answered: response rates and representativity.
//!
//! A figure about a school is about those who answered. [`Dispositions`] count what became of everybody who was invited, and
//! [`Dispositions::rates`] turns them into the rates that the American Association for Public Opinion Research defines, so that a
//! rate can be compared with those of others. A high rate alone does not help if one kind of persons keeps silent:
//! [`representativity`] says how evenly the kinds answered, and which of them are missing.

mod disposition;
mod representativity;

pub use disposition::{Disposition, Dispositions, Eligibility, ResponseRates};
pub use representativity::{
    CellResponse, PartialIndicator, RepresentationUndefined, Representativity, RepresentedCell,
    representativity,
};
