//! Tokens as an attacker would make them, and keys as a careless issuer would publish them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access_tokens;
mod app_tokens;
mod forge;
mod fuzz_documents;
mod fuzz_manifests;
mod fuzz_paths;
mod id_tokens;
mod manifests;
mod many_operations;
mod oracle;
mod revocation;
mod session_tokens;
