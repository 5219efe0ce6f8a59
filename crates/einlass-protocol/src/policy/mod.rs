//! What an operation needs and what a caller may do.
