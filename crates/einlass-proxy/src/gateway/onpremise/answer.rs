//! What a refused app is told: the ERP's own body whatever the status, since here nothing stands before the ERP that a
//! client would know of.

use super::super::answer::respond;
use super::super::refusal::Refusal;
use crate::body::Body;
use einlass_protocol::erp::{Casing, ErpError};
use einlass_protocol::policy;
use http::Response;

impl Refusal {
    /// The response for a request to `path`, which is without the gateway's prefix.
    pub(in crate::gateway) fn answer_onpremise(&self, path: &str) -> Response<Body> {
        let message = match self {
            Self::Policy(policy::Refusal::MissingScopes { not_granted, .. }) => format!(
                "The key lacks: {not_granted}. A key's scopes never change: register the app again and have them granted."
            ),
            _ => self.message(),
        };
        // What RFC 6750 §3.1 says of scopes is said of bearer tokens.
        let header = self.header().filter(|_| !matches!(self, Self::Policy(_)));
        let error = ErpError { code: self.code(), message, errors: Vec::new() };
        respond(self.status(), &error.to_json(Casing::of_path(path)), header)
    }
}
