//! Sessions of the ERP's own users, each bound to the key that it was opened with: the ERP's name of a session leaves with a
//! tag that nobody else can make, and counts when it comes back with it. Nothing is kept, so that it holds on every node.

use super::super::headers;
use aws_lc_rs::{constant_time, hmac};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::jose::base64url;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;

/// How much of the HMAC is sent along: 128 bits are not guessed.
const TAG_LENGTH: usize = 16;

/// What binds sessions to keys. Those of one secret know each other's sessions.
#[derive(Clone)]
pub struct Sessions(Arc<hmac::Key>);

/// Why a call may not be made in the session that it names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::gateway) enum SessionFault {
    /// There are several, of which two servers would each pick their own.
    Several,
    /// It was opened with another key, or not through us.
    Foreign,
    /// The caller has no key, and sessions are bound to one.
    Keyless,
}

impl SessionFault {
    /// What to do about it.
    pub(in crate::gateway) const fn message(self) -> &'static str {
        match self {
            Self::Several => "Send one header `X-SessionId`; there are several.",
            Self::Foreign => {
                "This session was not opened with this key: sign in again at `authentication/login`."
            }
            Self::Keyless => {
                "Sessions of the ERP's users belong to on-premise keys: leave `X-SessionId` out."
            }
        }
    }
}

/// Where callers have no keys there are no sessions: one that is named belongs to somebody else.
pub(in crate::gateway) fn no_session(headers: &HeaderMap) -> Result<(), SessionFault> {
    let names_one = headers.keys().any(|name| headers::is_session(name.as_str()));
    if names_one { Err(SessionFault::Keyless) } else { Ok(()) }
}

impl Sessions {
    /// Bound by a secret that every node has, that nobody else has, and that is for nothing else.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }

    /// What the app that opened it calls a session.
    pub(super) fn seal(&self, registration: RegistrationId, session: &str) -> String {
        format!("{session}.{}", self.tag(registration, session))
    }

    /// What the ERP calls the session that a call is made in, if it is in one.
    pub(super) fn open(
        &self,
        registration: RegistrationId,
        headers: &HeaderMap,
    ) -> Result<Option<HeaderValue>, SessionFault> {
        let mut named = headers.iter().filter(|(name, _)| headers::is_session(name.as_str()));
        let Some((_, value)) = named.next() else { return Ok(None) };
        if named.next().is_some() {
            return Err(SessionFault::Several);
        }
        let sealed = value.to_str().map_err(|_| SessionFault::Foreign)?;
        let (session, tag) = sealed.rsplit_once('.').ok_or(SessionFault::Foreign)?;
        let expected = self.tag(registration, session);
        constant_time::verify_slices_are_equal(expected.as_bytes(), tag.as_bytes())
            .map_err(|_| SessionFault::Foreign)?;
        let mut session = HeaderValue::from_str(session).map_err(|_| SessionFault::Foreign)?;
        session.set_sensitive(true);
        Ok(Some(session))
    }

    /// A registration's id is always as long, so that no session runs into it.
    fn tag(&self, registration: RegistrationId, session: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(registration.uuid().as_bytes());
        context.update(session.as_bytes());
        base64url(&context.sign().as_ref()[..TAG_LENGTH])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;
    use uuid::Uuid;

    fn registration(number: u128) -> RegistrationId {
        RegistrationId::new(Uuid::from_u128(number))
    }

    fn opened(sessions: &Sessions, fields: &[(&str, &str)]) -> Result<Option<String>, SessionFault> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let session = sessions.open(registration(1), &headers)?;
        Ok(session.map(|session| session.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_session_comes_back_to_its_own_registration_on_every_node() {
        let (here, there) = (Sessions::new(&[7; 32]), Sessions::new(&[7; 32]));
        for session in ["4711", "with.dots.", "\"quoted\""] {
            let sealed = here.seal(registration(1), session);
            assert!(sealed.starts_with(session) && sealed.len() == session.len() + 23, "{sealed}");
            for name in ["x-sessionid", "X-SessionId", "x_sessionid"] {
                assert_eq!(opened(&there, &[(name, &sealed)]), Ok(Some(session.to_owned())), "{name}");
            }
        }
        assert_eq!(opened(&here, &[("x-appid", "a")]), Ok(None));
    }

    #[test]
    fn nothing_else_is_a_session() {
        let sessions = Sessions::new(&[7; 32]);
        let sealed = sessions.seal(registration(1), "4711");
        let tag = sealed.split_once('.').unwrap().1;
        let others = [
            sessions.seal(registration(2), "4711"),
            Sessions::new(&[8; 32]).seal(registration(1), "4711"),
            format!("4712.{tag}"),
            format!("4711.{}", tag.to_uppercase()),
            format!("{sealed}="),
            format!("{sealed}, {sealed}"),
            sealed[..sealed.len() - 1].to_owned(),
        ];
        let others = others.iter().map(String::as_str);
        for other in others.chain(["4711", "4711.", ".", "", tag, "\u{e4}"]) {
            assert_eq!(opened(&sessions, &[("x-sessionid", other)]), Err(SessionFault::Foreign), "{other}");
        }
        for second in ["x-sessionid", "x_sessionid", "x.sessionid"] {
            let both = [("x-sessionid", &*sealed), (second, &*sealed)];
            assert_eq!(opened(&sessions, &both), Err(SessionFault::Several), "{second}");
        }
    }
}
