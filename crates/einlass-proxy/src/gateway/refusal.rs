//! Why a call is not answered by the upstream.

use super::credential::SigningUnavailable;
use super::directory::DirectoryUnavailable;
use super::onpremise::{KeyFault, LoginFault, SessionFault};
use super::words::Reason;
use crate::forward::ForwardError;
use einlass_client::keyset::KeysUnavailable;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::policy::{self, Method, PathRejected};
use einlass_protocol::revocation::Denied;
use einlass_protocol::scx::Party;
use std::time::Duration;

/// Why a call is not answered by the upstream. What a caller gets for each is in `answer`.
#[derive(Debug)]
pub(super) enum Refusal {
    Path(PathRejected),
    NoToken,
    /// Several `Authorization` fields, another scheme, or nothing after it.
    NotOneBearer,
    Token(TokenRejected),
    /// An on-premise app's key.
    Key(KeyFault),
    /// The session of an ERP's user that it calls in.
    Session(SessionFault),
    Revoked(Denied),
    /// It is not known what was revoked lately.
    Unheard,
    /// The token is ours and its subject does not fit into a header field.
    SubjectUnusable,
    Keys(KeysUnavailable),
    UnknownOperation,
    MethodNotAllowed(Vec<Method>),
    TenantMissing,
    /// Several tenants, or what is no UUID.
    TenantUnusable,
    /// Not the one that the token counts for.
    OtherTenant,
    NotInstalled,
    /// A browser asks for a page at an origin that no app has registered.
    OriginUnknown,
    /// The person behind the token does not work in the tenant.
    NotAMember,
    /// A channel called the sellers' part of `/v1`, or a seller the channels'.
    OthersPart(Party),
    /// It may come again when this has passed.
    TooManyCalls(Duration),
    Directory(DirectoryUnavailable),
    Policy(policy::Refusal),
    Signing(SigningUnavailable),
    Forward(ForwardError),
    /// The ERP's answer to somebody who signed in there.
    Login(LoginFault),
}

impl Refusal {
    /// Why, in one of a few words.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Path(_) => Reason::PathRejected,
            Self::NoToken => Reason::TokenMissing,
            Self::Key(KeyFault::Missing) => Reason::KeyMissing,
            Self::Key(KeyFault::Unknown | KeyFault::Unlicensed) => Reason::KeyRejected,
            Self::NotOneBearer | Self::Key(_) => Reason::AuthorizationUnusable,
            Self::Session(_) => Reason::SessionRejected,
            Self::Token(_) | Self::SubjectUnusable => Reason::TokenRejected,
            Self::Revoked(_) => Reason::TokenRevoked,
            Self::Unheard => Reason::RevocationsUnheard,
            Self::Keys(_) => Reason::KeysUnavailable,
            Self::UnknownOperation => Reason::OperationUnknown,
            Self::MethodNotAllowed(_) => Reason::MethodNotAllowed,
            Self::TenantMissing => Reason::TenantMissing,
            Self::TenantUnusable => Reason::TenantUnusable,
            Self::OtherTenant => Reason::OtherTenant,
            Self::NotInstalled => Reason::NotInstalled,
            Self::OriginUnknown => Reason::OriginUnknown,
            Self::NotAMember => Reason::NotAMember,
            Self::OthersPart(_) => Reason::OthersPart,
            Self::TooManyCalls(_) => Reason::TooManyCalls,
            Self::Directory(_) => Reason::DirectoryUnavailable,
            Self::Policy(policy::Refusal::MissingScopes { .. }) => Reason::ScopeMissing,
            Self::Policy(policy::Refusal::WrongCredential { .. }) => Reason::CredentialWrong,
            Self::Policy(policy::Refusal::Unsatisfiable) => Reason::OperationClosed,
            Self::Policy(policy::Refusal::PublicNotAllowed) => Reason::PublicNotAllowed,
            Self::Signing(_) => Reason::SigningUnavailable,
            Self::Forward(error) => forward_reason(error),
            Self::Login(_) => Reason::SessionUnbound,
        }
    }

    /// Whether it is for something that the caller did or may not do, and not for want of somebody else.
    pub(super) fn is_of_the_caller(&self) -> bool {
        match self {
            Self::Unheard
            | Self::Keys(_)
            | Self::Directory(_)
            | Self::Signing(_)
            | Self::Forward(_)
            | Self::Login(_) => false,
            Self::Path(_)
            | Self::NoToken
            | Self::NotOneBearer
            | Self::Token(_)
            | Self::Key(_)
            | Self::Session(_)
            | Self::Revoked(_)
            | Self::SubjectUnusable
            | Self::UnknownOperation
            | Self::MethodNotAllowed(_)
            | Self::TenantMissing
            | Self::TenantUnusable
            | Self::OtherTenant
            | Self::NotInstalled
            | Self::OriginUnknown
            | Self::NotAMember
            | Self::OthersPart(_)
            | Self::TooManyCalls(_)
            | Self::Policy(_) => true,
        }
    }

    /// A stable word for programs and for the log.
    pub(super) fn code(&self) -> &'static str {
        self.reason().word()
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
            Self::Login(why) => Some(why.to_string()),
            _ => None,
        }
    }
}

fn forward_reason(error: &ForwardError) -> Reason {
    match error {
        ForwardError::Connect(_) => Reason::UpstreamUnreachable,
        ForwardError::ConnectTimedOut | ForwardError::HeadTimedOut => Reason::UpstreamTimeout,
        ForwardError::Broken(_) | ForwardError::Upgrade => Reason::UpstreamBroken,
        ForwardError::CallerStalled => Reason::RequestTimeout,
        ForwardError::CallerBroken => Reason::BodyBroken,
        ForwardError::Target(_) => Reason::TargetTooLong,
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

impl From<KeyFault> for Refusal {
    fn from(why: KeyFault) -> Self {
        Self::Key(why)
    }
}

impl From<SessionFault> for Refusal {
    fn from(why: SessionFault) -> Self {
        Self::Session(why)
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

impl From<LoginFault> for Refusal {
    fn from(why: LoginFault) -> Self {
        Self::Login(why)
    }
}

impl From<http::Error> for Refusal {
    fn from(why: http::Error) -> Self {
        Self::Forward(why.into())
    }
}
