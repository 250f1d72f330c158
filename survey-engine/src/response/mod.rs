//! Who answered: response rates and representativity.
