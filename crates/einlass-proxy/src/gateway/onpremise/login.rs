//! A user of the ERP's signs in: the ERP alone knows its users, so the call goes there, and the session that it answers is
//! bound to the key before it leaves.

use super::super::door::Door;
use super::super::{Admission, Admitted};
use super::Sessions;
use crate::body::{Body, full};
use einlass_protocol::ids::RegistrationId;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response};
use http_body_util::BodyExt as _;
use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// How much of an answer is read.
const LONGEST: usize = 64 * 1024;

/// A call that opens a session.
pub(in crate::gateway) struct Login<'g> {
    sessions: &'g Sessions,
    registration: RegistrationId,
}

/// Why the ERP's answer to somebody who signed in is not passed on: what is not understood may hold a session that is not
/// bound.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(in crate::gateway) enum LoginFault {
    #[error("it broke off")]
    BrokeOff,
    #[error("it is longer than 64 KiB")]
    TooLong,
    #[error("it is no JSON object")]
    NoObject,
    #[error("it has not one `SessionId` of visible ASCII")]
    NoSession,
}

impl<'g> Login<'g> {
    /// What this call is, if it is one.
    pub(in crate::gateway) fn of<D>(door: &'g Door<D>, parts: &Parts, admission: &Admission) -> Option<Self> {
        let (Door::OnPremise(onpremise), Admitted::Key { key, .. }) = (door, &admission.caller) else {
            return None;
        };
        let is_one = parts.method == Method::POST && super::is_login(admission.path.canonical());
        is_one.then(|| Self { sessions: &onpremise.sessions, registration: key.registration })
    }

    /// Has the ERP answer what can be read.
    pub(in crate::gateway) fn put_on(headers: &mut HeaderMap) {
        headers.remove(ACCEPT_ENCODING);
    }

    /// The answer with its session bound, if it has opened one.
    pub(in crate::gateway) async fn bind(
        &self,
        answer: Response<Body>,
    ) -> Result<Response<Body>, LoginFault> {
        if !answer.status().is_success() {
            return Ok(answer);
        }
        let (mut parts, body) = answer.into_parts();
        let body = self.bound(&read(body).await?)?;
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        Ok(Response::from_parts(parts, full(body)))
    }

    /// Everything but the session is as it came.
    fn bound(&self, text: &str) -> Result<String, LoginFault> {
        let named = sessions_in(text).map_err(|_| LoginFault::NoObject)?;
        // Of two a client may read the one and we the other.
        let [value] = named[..] else { return Err(LoginFault::NoSession) };
        let session: String = serde_json::from_str(value.get()).map_err(|_| LoginFault::NoSession)?;
        // What fits no header could never come back.
        if session.is_empty() || !session.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(LoginFault::NoSession);
        }
        let sealed = Value::from(self.sessions.seal(self.registration, &session)).to_string();
        let start = value.get().as_ptr().addr() - text.as_ptr().addr();
        Ok([&text[..start], &sealed, &text[start + value.get().len()..]].concat())
    }
}

async fn read(mut body: Body) -> Result<String, LoginFault> {
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| LoginFault::BrokeOff)?;
        read.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
        if read.len() > LONGEST {
            return Err(LoginFault::TooLong);
        }
    }
    String::from_utf8(read).map_err(|_| LoginFault::NoObject)
}

/// Every session that a JSON object names, as it is written there.
fn sessions_in(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let found = reader.deserialize_map(Named)?;
    reader.end()?;
    Ok(found)
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some((name, value)) = members.next_entry::<String, &RawValue>()? {
            if name.eq_ignore_ascii_case("SessionId") {
                found.push(value);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn bound(text: &str) -> Result<String, LoginFault> {
        let (sessions, registration) = (&Sessions::new(&[7; 32]), RegistrationId::new(Uuid::nil()));
        let bound = Login { sessions, registration }.bound(text)?;
        // As long as it is, the tag is another matter.
        let tag = sessions.seal(registration, "4711").split_off("4711".len());
        Ok(bound.replace(&tag, "<tag>"))
    }

    #[test]
    fn everything_but_the_session_is_as_it_came() {
        for (text, expected) in [
            (r#"{"SessionId":"4711"}"#, r#"{"SessionId":"4711<tag>"}"#),
            (
                r#"{"z": 1.50, "sessionId": "4711" , "a":"4711"}"#,
                r#"{"z": 1.50, "sessionId": "4711<tag>" , "a":"4711"}"#,
            ),
            (
                "{\n\"User\":{\"SessionId\":1},\"SESSIONID\":\"\\u0034711\"\n}",
                "{\n\"User\":{\"SessionId\":1},\"SESSIONID\":\"4711<tag>\"\n}",
            ),
        ] {
            assert_eq!(bound(text).as_deref(), Ok(expected));
        }
        assert!(bound(r#"{"SessionId":"a\"\\b"}"#).unwrap().starts_with(r#"{"SessionId":"a\"\\b."#));
    }

    #[test]
    fn what_has_not_one_session_is_not_passed_on() {
        use LoginFault as F;
        for (text, fault) in [
            ("", F::NoObject),
            ("4711", F::NoObject),
            (r#"["SessionId"]"#, F::NoObject),
            (r#"{"SessionId":"4711"} {}"#, F::NoObject),
            (r#"{"SessionId":"4711""#, F::NoObject),
            ("{}", F::NoSession),
            (r#"{"Session":{"SessionId":"4711"}}"#, F::NoSession),
            (r#"{"SessionId":""}"#, F::NoSession),
            (r#"{"SessionId":4711}"#, F::NoSession),
            (r#"{"SessionId":null}"#, F::NoSession),
            (r#"{"SessionId":"4711","sessionId":"4712"}"#, F::NoSession),
            (r#"{"SessionId":"4711","Sess\u0069onId":"4711"}"#, F::NoSession),
            (r#"{"SessionId":"47 11"}"#, F::NoSession),
            (r#"{"SessionId":"ä"}"#, F::NoSession),
            (r#"{"SessionId":"a\r\nb"}"#, F::NoSession),
        ] {
            assert_eq!(bound(text), Err(fault), "{text}");
        }
    }
}
