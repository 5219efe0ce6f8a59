//! Why a call is not answered by the upstream.

use super::credential::SigningUnavailable;
use super::directory::DirectoryUnavailable;
use crate::forward::ForwardError;
use einlass_client::keyset::KeysUnavailable;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::policy::{self, Method, PathRejected};
use einlass_protocol::revocation::Denied;

/// Why a call is not answered by the upstream. What a caller gets for each is in `answer`.
#[derive(Debug)]
pub(super) enum Refusal {
    Path(PathRejected),
    NoToken,
    /// Several `Authorization` fields, another scheme, or nothing after it.
    NotOneBearer,
    Token(TokenRejected),
    Revoked(Denied),
    /// The token is ours and its subject does not fit into a header field.
    SubjectUnusable,
    Keys(KeysUnavailable),
    UnknownOperation,
    MethodNotAllowed(Vec<Method>),
    TenantMissing,
    /// Several tenants, or what is no UUID.
    TenantUnusable,
    NotInstalled,
    /// The person behind the token does not work in the tenant.
    NotAMember,
    Directory(DirectoryUnavailable),
    Policy(policy::Refusal),
    Signing(SigningUnavailable),
    Forward(ForwardError),
}

impl Refusal {
    /// A stable word for programs and for the log.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Path(_) => "PathRejected",
            Self::NoToken => "TokenMissing",
            Self::NotOneBearer => "AuthorizationUnusable",
            Self::Token(_) | Self::SubjectUnusable => "TokenRejected",
            Self::Revoked(_) => "TokenRevoked",
            Self::Keys(_) => "KeysUnavailable",
            Self::UnknownOperation => "OperationUnknown",
            Self::MethodNotAllowed(_) => "MethodNotAllowed",
            Self::TenantMissing => "TenantMissing",
            Self::TenantUnusable => "TenantUnusable",
            Self::NotInstalled => "NotInstalled",
            Self::NotAMember => "NotAMember",
            Self::Directory(_) => "DirectoryUnavailable",
            Self::Policy(policy::Refusal::MissingScopes { .. }) => "ScopeMissing",
            Self::Policy(policy::Refusal::WrongCredential { .. }) => "CredentialWrong",
            Self::Policy(policy::Refusal::Unsatisfiable) => "OperationClosed",
            Self::Policy(policy::Refusal::PublicNotAllowed) => "PublicNotAllowed",
            Self::Signing(_) => "SigningUnavailable",
            Self::Forward(error) => forward_code(error),
        }
    }

    /// For the log alone: what exactly was wrong.
    pub(super) fn cause(&self) -> Option<String> {
        match self {
            Self::Path(why) => Some(why.to_string()),
            Self::Token(why) => Some(why.to_string()),
            Self::Revoked(why) => Some(why.to_string()),
            Self::Keys(why) => Some(why.to_string()),
            Self::Policy(why) => Some(why.to_string()),
            Self::Forward(why) => Some(causes(why)),
            _ => None,
        }
    }
}

fn forward_code(error: &ForwardError) -> &'static str {
    match error {
        ForwardError::Connect(_) => "UpstreamUnreachable",
        ForwardError::ConnectTimedOut | ForwardError::HeadTimedOut => "UpstreamTimeout",
        ForwardError::Broken(_) | ForwardError::Upgrade => "UpstreamBroken",
        ForwardError::CallerStalled => "RequestTimeout",
        ForwardError::Target(_) => "TargetTooLong",
    }
}

/// The error and what it came from.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<PathRejected> for Refusal {
    fn from(why: PathRejected) -> Self {
        Self::Path(why)
    }
}

impl From<TokenRejected> for Refusal {
    fn from(why: TokenRejected) -> Self {
        Self::Token(why)
    }
}

impl From<KeysUnavailable> for Refusal {
    fn from(why: KeysUnavailable) -> Self {
        Self::Keys(why)
    }
}

impl From<DirectoryUnavailable> for Refusal {
    fn from(why: DirectoryUnavailable) -> Self {
        Self::Directory(why)
    }
}

impl From<policy::Refusal> for Refusal {
    fn from(why: policy::Refusal) -> Self {
        Self::Policy(why)
    }
}

impl From<SigningUnavailable> for Refusal {
    fn from(why: SigningUnavailable) -> Self {
        Self::Signing(why)
    }
}

impl From<ForwardError> for Refusal {
    fn from(why: ForwardError) -> Self {
        Self::Forward(why)
    }
}

impl From<http::Error> for Refusal {
    fn from(why: http::Error) -> Self {
        Self::Forward(why.into())
    }
}
