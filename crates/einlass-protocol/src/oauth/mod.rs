//! OAuth 2.0 on the wire (RFC 6749): parameters, client authentication, answers and errors.

mod basic;
mod error;
mod form;
mod introspection;
mod metadata;
mod token;

pub use basic::{BasicCredentials, MalformedBasic};
pub use error::{ErrorBody, ErrorCode};
pub use form::{Form, MalformedForm};
pub use introspection::Introspection;
pub use metadata::ServerMetadata;
pub use token::{TokenResponse, TokenType};
