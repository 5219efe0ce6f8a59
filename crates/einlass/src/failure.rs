//! What ends a command, and its exit code. The codes are stable:
//!
//! | code | meaning |
//! |---|---|
//! | 0 | it worked |
//! | 1 | it did not work |
//! | 2 | the command line or a file that it names is wrong |
//! | 4 | credentials are missing or not accepted |
//! | 5 | the identity provider or the API is unavailable; trying again may help |

use einlass_client::api::{ApiError, SetupError};
use einlass_client::environment::InvalidEnvironment;
use einlass_client::login::SignInFileError;
use einlass_client::source::NoCredentials;
use einlass_client::{TokenError, transport};
use std::process::ExitCode;

/// Why a command ended early. Its text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It did not work.
    #[error("{0}")]
    Failed(String),
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// Credentials are missing or not accepted.
    #[error("{0}")]
    Credentials(String),
    /// Somebody is not there at the moment.
    #[error("{0}")]
    Unavailable(String),
    /// One of these, which the log has said already.
    #[error("see the log")]
    Logged(u8),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    /// The same, where nothing more is to be said.
    pub(crate) fn logged(&self) -> Self {
        Self::Logged(self.code())
    }

    const fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Credentials(_) => 4,
            Self::Unavailable(_) => 5,
            Self::Logged(code) => *code,
        }
    }
}

/// How to come by the values of a platform on this machine.
pub(crate) const HOW_TO_LOAD: &str = "with `einlass dev` running: set -a; . .einlass/dev.env; set +a";

impl From<SetupError> for Failure {
    fn from(fault: SetupError) -> Self {
        match fault {
            SetupError::Environment(fault) => fault.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<InvalidEnvironment> for Failure {
    fn from(fault: InvalidEnvironment) -> Self {
        match fault {
            InvalidEnvironment::NoUrl(_)
            | InvalidEnvironment::NoScxBase
            | InvalidEnvironment::NotSet(_)
            | InvalidEnvironment::Credentials(NoCredentials::Missing(_)) => {
                Self::Credentials(format!("{fault} ({HOW_TO_LOAD})"))
            }
            other => Self::Credentials(other.to_string()),
        }
    }
}

impl From<transport::NoTls> for Failure {
    fn from(fault: transport::NoTls) -> Self {
        Self::Failed(fault.to_string())
    }
}

impl From<TokenError> for Failure {
    fn from(fault: TokenError) -> Self {
        if fault.is_transient() {
            Self::Unavailable(fault.to_string())
        } else {
            Self::Credentials(fault.to_string())
        }
    }
}

impl From<SignInFileError> for Failure {
    fn from(fault: SignInFileError) -> Self {
        match fault {
            SignInFileError::Nobody(_) => Self::Credentials(format!("{fault}, with `einlass login`")),
            SignInFileError::Foreign(_) => Self::Usage(format!("{fault} (--file FILE)")),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(fault: ApiError) -> Self {
        match fault {
            ApiError::Token(fault) => fault.into(),
            ApiError::Key(_) | ApiError::KeyRefused { .. } => Self::Credentials(fault.to_string()),
            ApiError::Path | ApiError::Reserved(_) => Self::Usage(fault.to_string()),
            ApiError::Unreachable(_) | ApiError::TimedOut => Self::Unavailable(fault.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(fault: std::io::Error) -> Self {
        Self::Failed(fault.to_string())
    }
}
