//! Who calls a merchant's ERP, as every call says it.

use crate::fetch::FetchError;
use crate::source::ApiKey;
use einlass_protocol::secret::Secret;
use http::header::InvalidHeaderValue;
use http::{HeaderMap, HeaderName, HeaderValue};

const APP_ID: HeaderName = HeaderName::from_static("x-appid");
const APP_VERSION: HeaderName = HeaderName::from_static("x-appversion");
const RUN_AS: HeaderName = HeaderName::from_static("x-runas");
const SESSION: HeaderName = HeaderName::from_static("x-sessionid");

/// An app with its key, and on whose behalf it calls.
///
/// What a single call says by [`header`](crate::api::ApiRequest::header) takes the place of what is said here.
#[derive(Clone, Debug)]
pub struct Caller {
    key: ApiKey,
    headers: HeaderMap,
}

impl Caller {
    /// Whoever has this key.
    #[must_use]
    pub fn new(key: ApiKey) -> Self {
        Self { key, headers: HeaderMap::new() }
    }

    /// Says which app it is, `x-appid` and `x-appversion`: what its manifest says. Fails for what fits no header.
    pub fn app(self, id: &str, version: &str) -> Result<Self, InvalidHeaderValue> {
        Ok(self.says(APP_ID, HeaderValue::from_str(id)?).says(APP_VERSION, HeaderValue::from_str(version)?))
    }

    /// On behalf of this user of the ERP's, `x-runas`; the key needs the scope `application.runas`. Fails for what fits no
    /// header.
    pub fn run_as(self, user: &str) -> Result<Self, InvalidHeaderValue> {
        Ok(self.says(RUN_AS, HeaderValue::from_str(user)?))
    }

    /// Inside this session of somebody who signed in to the ERP, `X-SessionId`. Fails for what fits no header.
    pub fn in_session(self, session: &Secret) -> Result<Self, InvalidHeaderValue> {
        let mut session = HeaderValue::from_str(session.expose())?;
        session.set_sensitive(true);
        Ok(self.says(SESSION, session))
    }

    /// The value of `Authorization` as it is now.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, FetchError> {
        self.key.authorization()
    }

    /// What every call says beside it.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn says(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
