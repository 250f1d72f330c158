//! Weights, designs and their standard errors.
