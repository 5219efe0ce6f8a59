//! What the tokens say.

mod access;
mod audience;
mod id;
mod session;

pub use access::AccessClaims;
pub(crate) use audience::Audience;
pub use id::IdClaims;
pub use session::SessionClaims;
