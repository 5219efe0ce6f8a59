//! What a refused channel or seller gets: the marketplace's body, in German or English.

use super::super::refusal::Refusal;
use crate::body::{Body, full};
use crate::forward::ForwardError;
use einlass_protocol::policy;
use einlass_protocol::scx::{ErrorList, Language, Said, said};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};

const AWAY: Said = Said {
    code: "SYS100",
    german: "Der Marktplatz antwortet nicht. Bitte noch einmal.",
    english: "The marketplace does not answer. Try again.",
};
const BODY: Said = Said {
    code: "VAL100",
    german: "Der Inhalt brach ab oder kam nicht rechtzeitig an.",
    english: "The body ended early or did not arrive in time.",
};
const TARGET: Said = Said {
    code: "VAL100",
    german: "Pfad und Parameter sind zu lang.",
    english: "Path and parameters are too long.",
};

impl Refusal {
    /// The response for a channel or a seller.
    pub(in crate::gateway) fn answer_scx(&self, language: Language) -> Response<Body> {
        let said = self.said();
        let hint = match self {
            Self::OthersPart(party) => Some(party.hint(language).to_owned()),
            Self::Policy(policy::Refusal::MissingScopes { required, .. }) => Some(required.to_string()),
            _ => None,
        };
        let body = ErrorList::one(said.code, said.in_language(language), hint);
        let mut response = Response::new(full(serde_json::to_string(&body).unwrap_or_default()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.header());
        response
    }

    fn said(&self) -> Said {
        match self {
            Self::Path(_) => said::AMBIGUOUS_PATH,
            Self::NoToken
            | Self::NotOneBearer
            | Self::Token(_)
            | Self::Key(_)
            | Self::Session(_)
            | Self::Revoked(_)
            | Self::SubjectUnusable => said::NO_TOKEN,
            Self::UnknownOperation => said::NO_SUCH_PATH,
            Self::MethodNotAllowed(_) => said::NO_SUCH_METHOD,
            Self::TooManyCalls(_) => said::TOO_MANY,
            Self::OthersPart(_)
            | Self::Policy(_)
            | Self::TenantMissing
            | Self::TenantUnusable
            | Self::OtherTenant
            | Self::NotInstalled
            | Self::OriginUnknown
            | Self::NotAMember => said::NOT_YOURS,
            Self::Unheard | Self::Keys(_) | Self::Signing(_) | Self::Directory(_) => said::BUSY,
            Self::Forward(ForwardError::CallerStalled | ForwardError::CallerBroken) => BODY,
            Self::Forward(ForwardError::Target(_)) => TARGET,
            Self::Forward(_) | Self::Login(_) => AWAY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    #[test]
    fn every_status_from_400_on_has_the_body() {
        for (refusal, status) in
            [(Refusal::NoToken, 401), (Refusal::UnknownOperation, 404), (Refusal::Unheard, 503)]
        {
            for language in [Language::German, Language::English] {
                let response = refusal.answer_scx(language);
                assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
                assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
            }
        }
    }
}
