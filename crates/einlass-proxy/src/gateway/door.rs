//! Whose calls a gateway takes, and how they are known.

use super::authenticate::AccessTokens;
use super::installation::Installations;
use super::marketplace::Marketplace;
use super::refusal::Refusal;
use crate::body::Body;
use einlass_protocol::scx::{Language, is_platforms};
use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, Response};

/// Whose calls a gateway takes. What opens one door opens no other.
pub enum Door<D> {
    /// Those of apps on behalf of tenants.
    Apps(Apps<D>),
    /// Those of channels and sellers.
    Marketplace(Marketplace),
}

/// What apps are judged by.
pub struct Apps<D> {
    /// Which access tokens are accepted.
    pub tokens: AccessTokens,
    /// Which apps are installed where.
    pub installations: Installations<D>,
}

impl<D> Door<D> {
    /// What refusals are to be written in.
    pub(super) fn language(&self, headers: &HeaderMap) -> Language {
        match self {
            Self::Apps(_) => Language::English,
            Self::Marketplace(_) => {
                Language::of(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
            }
        }
    }

    /// The answer to a call that was refused; `path` is without the gateway's prefix.
    pub(super) fn refuse(&self, refusal: &Refusal, path: &str, language: Language) -> Response<Body> {
        match self {
            Self::Apps(_) => refusal.answer(path),
            Self::Marketplace(_) => refusal.answer_scx(language),
        }
    }

    /// Whether a path is behind it: some of `/v1` is the platform's own.
    pub(super) fn has(&self, path: &str) -> bool {
        match self {
            Self::Apps(_) => true,
            Self::Marketplace(_) => !is_platforms(path),
        }
    }
}
