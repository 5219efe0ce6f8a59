//! Whose calls a gateway takes, and how they are known.

use super::authenticate::AccessTokens;
use super::installation::Installations;
use super::marketplace::Marketplace;
use super::onpremise::{self, OnPremise};
use super::origins::Origins;
use super::refusal::Refusal;
use crate::body::Body;
use einlass_protocol::scx::{Language, is_platforms};
use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, Response};

/// Whose calls a gateway takes. What opens one door opens no other.
#[expect(clippy::large_enum_variant, reason = "there is one for each gateway, and most are the largest")]
pub enum Door<D> {
    /// Those of apps on behalf of tenants.
    Apps(Apps<D>),
    /// Those of channels and sellers.
    Marketplace(Marketplace),
    /// Those of apps at a merchant's own premises.
    OnPremise(OnPremise<D>),
}

/// What apps are judged by.
pub struct Apps<D> {
    /// Which access tokens are accepted.
    pub tokens: AccessTokens,
    /// Which apps are installed where.
    pub installations: Installations<D>,
    /// Whose pages may read in a browser what is answered.
    pub origins: Origins<D>,
}

impl<D> Door<D> {
    /// What refusals are to be written in.
    pub(super) fn language(&self, headers: &HeaderMap) -> Language {
        match self {
            Self::Apps(_) | Self::OnPremise(_) => Language::English,
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
            Self::OnPremise(_) => refusal.answer_onpremise(path),
        }
    }

    /// Whether a path is behind it, and not the platform's own; `below` is what of it comes after the prefix.
    pub(super) fn has(&self, path: &str, below: &str) -> bool {
        match self {
            Self::Apps(_) => true,
            Self::Marketplace(_) => !is_platforms(path),
            Self::OnPremise(_) => !onpremise::is_platforms(below),
        }
    }

    /// Whether its prefix is compared without case, as the ERP compares it.
    pub(super) const fn ignores_case(&self) -> bool {
        matches!(self, Self::OnPremise(_))
    }
}
