//! The operator's commands, against an administration API that answers as it was told.

mod failures;
mod first_token;
mod output;
mod requests;
