//! Why a client's request was refused, and what the caller is told (RFC 6749 §5.2, RFC 7009 §2.2.1).

use super::token::Reason;
use crate::keys::Busy;
use einlass_protocol::ids::ClientId;
use einlass_protocol::oauth::{ErrorCode, MalformedForm};
use einlass_protocol::scope::ScopeSet;
use einlass_store::StoreError;
use http::StatusCode;
use std::time::Duration;

/// Why a client's request was refused. The text is for the log; `to_wire` is what the caller gets.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// More requests come from the address than one address may make.
    #[error("too many requests from this address")]
    AddressTooBusy {
        /// When the next request is admitted.
        retry_after: Duration,
    },
    /// The connection broke while the body was read.
    #[error("the body ended early")]
    BodyBroken,
    /// Over 16 KiB.
    #[error("the body is larger than 16 KiB")]
    BodyTooLarge,
    /// The body did not arrive within ten seconds.
    #[error("the body took longer than ten seconds")]
    BodyTooSlow,
    /// More signatures are asked for than can be made.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// A token that another client got.
    #[error("client {0} asks to revoke a token of another client")]
    ForeignToken(ClientId),
    /// Repeated parameters, or no UTF-8.
    #[error(transparent)]
    Form(#[from] MalformedForm),
    /// A client id in the body that cannot be one of ours.
    #[error("the client id in the body is malformed")]
    ImpossibleClientId,
    /// The look-up of the client came to no end: this node is about to end, or there is a bug.
    #[error("the look-up of the client came to no end")]
    LookUpBroke,
    /// `Authorization: Basic` without an id and a secret.
    #[error("the Basic credentials are malformed")]
    MalformedBasic,
    /// A scope with characters that no scope has.
    #[error("client {0} asked for a malformed scope")]
    MalformedScope(ClientId),
    /// Any method but `POST`.
    #[error("the method is not POST")]
    MethodNotAllowed,
    /// No `grant_type`.
    #[error("grant_type is missing")]
    MissingGrantType,
    /// No `token`.
    #[error("token is missing")]
    MissingToken,
    /// Neither a header nor body parameters say who the client is.
    #[error("no client authentication")]
    NoAuthentication,
    /// There is no key for the client's algorithm.
    #[error("there is no signing key for the client's algorithm")]
    NoSigningKey,
    /// What was granted counts no more, never did, or is another client's.
    #[error("client {0}: the code or refresh token does not count")]
    GrantRefused(ClientId),
    /// A code or refresh token that had been used, and took what came of it along.
    #[error("client {0}: a code or refresh token came a second time, and its grant has ended")]
    GrantReplayed(ClientId),
    /// A parameter that the grant cannot do without.
    #[error("{0} is missing")]
    MissingParameter(&'static str),
    /// A client without a secret asks for what needs one.
    #[error("client {0} has no secret")]
    PublicClient(ClientId),
    /// The body is not declared as a form.
    #[error("the content type is not application/x-www-form-urlencoded")]
    NotAForm,
    /// `Authorization` with another scheme than Basic.
    #[error("the Authorization scheme is not Basic")]
    OtherAuthentication,
    /// Parameters in the URL.
    #[error("parameters in the URL")]
    ParametersInUrl,
    /// The issuer wants a scope, and `openid` in it.
    #[error("client {0} asked for no scope")]
    ScopeMissing(ClientId),
    /// More than the client may have.
    #[error("client {client} asked for {beyond}, which it may not have")]
    ScopeNotAllowed {
        /// Who asked.
        client: ClientId,
        /// What is beyond it.
        beyond: ScopeSet,
    },
    /// More than one `Authorization` header.
    #[error("several Authorization headers")]
    SeveralAuthorizations,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address, or the client at this address, failed to authenticate too often. Nothing was looked up.
    #[error("client {}: too many failed authentications from this address", repeatable(client))]
    TooManyFailures {
        /// Who asks.
        client: ClientId,
        /// When the next attempt is looked at.
        retry_after: Duration,
    },
    /// The client asks too often.
    #[error("client {} asks too often", repeatable(client))]
    TooManyRequests {
        /// Who asks.
        client: ClientId,
        /// When the next request is admitted.
        retry_after: Duration,
    },
    /// Too many clients at once whom nobody knows yet.
    #[error("too many unknown clients at once")]
    TooManyStrangers,
    /// Two client authentications, or two different client ids.
    #[error("two client authentications at once")]
    TwoAuthentications,
    /// Nobody of this id.
    #[error("client {} is unknown", repeatable(.0))]
    UnknownClient(ClientId),
    /// A grant that there is not.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// The client is known and the secret is none of its own.
    #[error("client {0} presented a wrong, expired or revoked secret")]
    WrongSecret(ClientId),
}

/// What the caller is told.
pub(super) struct Wire {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) description: String,
    pub(super) retry_after: Option<Duration>,
}

const SOON: Duration = Duration::from_secs(1);

impl OAuthError {
    /// The client that somebody could not prove to be, or in whose name somebody asked too often.
    pub(super) fn turned_away(&self) -> Option<&str> {
        match self {
            Self::WrongSecret(client) => Some(client.as_str()),
            Self::UnknownClient(client) | Self::TooManyRequests { client, .. } => Some(repeatable(client)),
            _ => None,
        }
    }

    /// What it is counted under.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::AddressTooBusy { .. } => Reason::AddressLimit,
            Self::TooManyRequests { .. } => Reason::ClientLimit,
            Self::TooManyFailures { .. } => Reason::FailureLimit,
            Self::TooManyStrangers => Reason::StrangerLimit,
            Self::Busy(_) => Reason::Signing,
            Self::Store(fault) if is_passing(fault) => Reason::Store,
            Self::LookUpBroke | Self::NoSigningKey | Self::Store(_) => Reason::Fault,
            Self::MalformedScope(_) | Self::ScopeMissing(_) | Self::ScopeNotAllowed { .. } => Reason::Scope,
            Self::GrantRefused(_) | Self::GrantReplayed(_) => Reason::Grant,
            Self::ImpossibleClientId
            | Self::MalformedBasic
            | Self::NoAuthentication
            | Self::OtherAuthentication
            | Self::PublicClient(_)
            | Self::UnknownClient(_)
            | Self::WrongSecret(_) => Reason::Authentication,
            Self::BodyBroken
            | Self::BodyTooLarge
            | Self::BodyTooSlow
            | Self::MissingParameter(_)
            | Self::ForeignToken(_)
            | Self::Form(_)
            | Self::MethodNotAllowed
            | Self::MissingGrantType
            | Self::MissingToken
            | Self::NotAForm
            | Self::ParametersInUrl
            | Self::SeveralAuthorizations
            | Self::TwoAuthentications
            | Self::UnsupportedGrantType => Reason::Request,
        }
    }

    /// The status, code and description that a cause has on the wire: every cause, so that a new one cannot
    /// be forgotten.
    pub(super) fn to_wire(&self) -> Wire {
        use ErrorCode as Code;
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::BodyBroken => plain(bad, Code::InvalidRequest, "the body ended early"),
            Self::BodyTooLarge => {
                plain(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidRequest, "the body is larger than 16 KiB")
            }
            Self::BodyTooSlow => {
                plain(StatusCode::REQUEST_TIMEOUT, Code::InvalidRequest, "the body did not arrive in time")
            }
            Self::Form(fault) => plain(bad, Code::InvalidRequest, &fault.to_string()),
            Self::MissingGrantType => plain(
                bad,
                Code::InvalidRequest,
                "send grant_type in the body, as grant_type=client_credentials",
            ),
            Self::MissingParameter(name) => {
                plain(bad, Code::InvalidRequest, &format!("send {name}=… in the body"))
            }
            // RFC 6749 §5.2, for all of what can be wrong with it: who replays one learns nothing.
            Self::GrantRefused(_) | Self::GrantReplayed(_) => plain(
                bad,
                Code::InvalidGrant,
                "the code or refresh token is invalid, expired, used or another client's; sign in again",
            ),
            Self::PublicClient(_) => {
                plain(bad, Code::UnauthorizedClient, "this needs a client that has a secret")
            }
            Self::MissingToken => plain(bad, Code::InvalidRequest, "send token=the-token in the body"),
            // RFC 7009 §2.1: the request is refused and the client informed; §5.2 of RFC 6749 has the code.
            Self::ForeignToken(_) => plain(bad, Code::InvalidGrant, "the token was issued to another client"),
            Self::NotAForm => plain(
                bad,
                Code::InvalidRequest,
                "send the parameters as application/x-www-form-urlencoded (not as JSON)",
            ),
            Self::ParametersInUrl => {
                plain(bad, Code::InvalidRequest, "send the parameters in the body, not in the URL")
            }
            Self::SeveralAuthorizations => plain(bad, Code::InvalidRequest, "send one Authorization header"),
            Self::TwoAuthentications => plain(
                bad,
                Code::InvalidRequest,
                "authenticate once: either by Authorization: Basic or by client_id and client_secret in the body",
            ),
            Self::MethodNotAllowed => plain(StatusCode::METHOD_NOT_ALLOWED, Code::InvalidRequest, "use POST"),
            Self::NoAuthentication => unauthorized(
                "authenticate by Authorization: Basic base64(client_id:client_secret), or by client_id and \
                 client_secret in the body",
            ),
            Self::MalformedBasic => {
                unauthorized("Authorization: Basic must be base64(client_id:client_secret)")
            }
            Self::OtherAuthentication => unauthorized("use Authorization: Basic"),
            Self::ImpossibleClientId | Self::UnknownClient(_) | Self::WrongSecret(_) => unauthorized(
                "the client is unknown or its secret is wrong, expired or revoked; are these credentials of \
                 this environment?",
            ),
            Self::MalformedScope(_) => {
                plain(bad, Code::InvalidScope, "scope must be names separated by spaces")
            }
            Self::ScopeMissing(_) => {
                plain(bad, Code::InvalidScope, "send scope=openid; scopes of the API may stand beside it")
            }
            Self::ScopeNotAllowed { beyond, .. } => {
                plain(bad, Code::InvalidScope, &format!("the app may not have: {beyond}"))
            }
            Self::UnsupportedGrantType => plain(
                bad,
                Code::UnsupportedGrantType,
                "grant_type must be client_credentials, authorization_code or refresh_token",
            ),
            Self::TooManyRequests { retry_after, .. } | Self::AddressTooBusy { retry_after } => {
                too_many("too many requests; keep a token until five minutes before it expires", *retry_after)
            }
            Self::TooManyFailures { retry_after, .. } => {
                too_many("too many failed attempts from this address; fix the credentials", *retry_after)
            }
            Self::Busy(_) | Self::TooManyStrangers => unavailable("busy; try again soon"),
            Self::Store(fault) if is_passing(fault) => unavailable("try again soon"),
            Self::LookUpBroke | Self::NoSigningKey | Self::Store(_) => {
                plain(StatusCode::INTERNAL_SERVER_ERROR, Code::ServerError, "this is our fault")
            }
        }
    }
}

/// An id that nobody has proved, as it may be written down: what has the form of our own. Anything else may be a
/// secret in the wrong place.
fn repeatable(id: &ClientId) -> &str {
    let is_ours = id.as_str().parse::<uuid::Uuid>().is_ok();
    if is_ours { id.as_str() } else { "of a foreign form" }
}

fn is_passing(fault: &StoreError) -> bool {
    matches!(fault, StoreError::Unavailable(_))
}

fn plain(status: StatusCode, code: ErrorCode, description: &str) -> Wire {
    Wire { status, code, description: description.into(), retry_after: None }
}

fn unauthorized(description: &str) -> Wire {
    plain(StatusCode::UNAUTHORIZED, ErrorCode::InvalidClient, description)
}

/// RFC 6585 §4: with a time. RFC 6749 has no code for it; `temporarily_unavailable` (§4.1.2.1) comes nearest.
fn too_many(description: &str, retry_after: Duration) -> Wire {
    let wire = plain(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TemporarilyUnavailable, description);
    Wire { retry_after: Some(retry_after), ..wire }
}

fn unavailable(description: &str) -> Wire {
    let wire = plain(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::TemporarilyUnavailable, description);
    Wire { retry_after: Some(SOON), ..wire }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unproved_id_is_written_down_only_if_it_has_the_form_of_ours() {
        let said = |id: &str| OAuthError::UnknownClient(id.parse().unwrap()).to_string();
        let ours = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
        assert!(said(ours).contains(ours));
        assert!(!said("canary-secret-of-another-platform").contains("canary"));
    }

    #[test]
    fn what_passes_is_503_with_a_time_and_what_is_our_fault_is_500() {
        let told = |error: OAuthError| {
            let wire = error.to_wire();
            (wire.status.as_u16(), wire.code.as_str(), wire.retry_after.is_some())
        };
        assert_eq!(told(Busy.into()), (503, "temporarily_unavailable", true));
        assert_eq!(told(OAuthError::NoSigningKey), (500, "server_error", false));
        let damaged = StoreError::Inconsistent { column: "scopes" };
        assert_eq!(told(damaged.into()), (500, "server_error", false));
    }
}
