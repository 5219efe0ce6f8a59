//! Tokens as an attacker would make them, and keys as a careless issuer would publish them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access_tokens;
mod forge;
mod fuzz_documents;
mod fuzz_paths;
mod many_operations;
mod oracle;
mod revocation;
mod session_tokens;
