//! OAuth 2.0 on the wire (RFC 6749): parameters, client authentication, answers and errors.

mod basic;
mod error;
mod first_party;
mod form;
mod generation;
mod introspection;
mod metadata;
mod pkce;
mod token;

pub use basic::{BasicCredentials, MalformedBasic};
pub use error::{ErrorBody, ErrorCode};
pub use first_party::{FirstParty, NotFirstParty};
pub use form::{Form, MalformedForm};
pub use generation::{Generation, InvalidGeneration, Paths};
pub use introspection::Introspection;
pub use metadata::ServerMetadata;
pub use pkce::{CodeChallenge, CodeVerifier, InvalidChallenge, InvalidVerifier};
pub use token::{TokenResponse, TokenType};
