//! How far a registration is, and how that is written down.

use super::super::Registered;
use einlass_protocol::secret::Secret;
use serde::{Deserialize, Serialize};

/// How far a registration is.
#[derive(Clone, Debug)]
pub(in super::super) enum Kept {
    /// The request may have been sent.
    Asking { challenge: Secret },
    /// The ERP has the request, under this id.
    Waiting { challenge: Secret, request_id: String },
    /// There is a key.
    Registered(Registered),
}

/// What it is a registration of.
#[derive(Serialize, Deserialize)]
pub(in super::super) struct Named {
    pub(in super::super) site: String,
    pub(in super::super) app_id: String,
}

/// The file's content. It has no `Debug`.
#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    state: State,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum State {
    Asking { challenge_code: String },
    Waiting { challenge_code: String, request_id: String },
    Registered { api_key: String, granted_scopes: Vec<String> },
}

impl Kept {
    pub(super) fn to_json(&self, named: Named) -> Vec<u8> {
        let clear = |secret: &Secret| secret.expose().to_owned();
        let state = match self {
            Self::Asking { challenge } => State::Asking { challenge_code: clear(challenge) },
            Self::Waiting { challenge, request_id } => {
                State::Waiting { challenge_code: clear(challenge), request_id: request_id.clone() }
            }
            Self::Registered(Registered { api_key, granted_scopes }) => {
                State::Registered { api_key: clear(api_key), granted_scopes: granted_scopes.clone() }
            }
        };
        // Text and lists of text are always JSON.
        let mut json = serde_json::to_vec_pretty(&Content { named, state }).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// `None` for what is none, and no reason: it could quote a secret.
    pub(super) fn from_json(json: &[u8]) -> Option<(Named, Self)> {
        let Content { named, state } = serde_json::from_slice(json).ok()?;
        let kept = match state {
            State::Asking { challenge_code } => Self::Asking { challenge: Secret::new(challenge_code) },
            State::Waiting { challenge_code, request_id } => {
                Self::Waiting { challenge: Secret::new(challenge_code), request_id }
            }
            State::Registered { api_key, granted_scopes } => {
                Self::Registered(Registered { api_key: Secret::new(api_key), granted_scopes })
            }
        };
        Some((named, kept))
    }
}
