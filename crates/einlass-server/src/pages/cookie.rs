//! What a browser holds: the session, for this host alone and out of reach of script, and the language.

use crate::people::{Held, LONGEST};
use einlass_protocol::language::Language;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// RFC 6265bis §4.1.3.2: with this prefix a browser takes it from nobody but this very host, and over TLS alone.
const SECURE_NAME: &str = "__Host-einlass";
const PLAIN_NAME: &str = "einlass";
const LANGUAGE: &str = "language";

/// How cookies are set where the pages are.
#[derive(Clone, Copy)]
pub(super) struct Cookies {
    over_tls: bool,
}

impl Cookies {
    /// For a platform at this URL.
    pub(super) fn at(public_url: &str) -> Self {
        Self { over_tls: public_url.starts_with("https:") }
    }

    fn name(self) -> &'static str {
        if self.over_tls { SECURE_NAME } else { PLAIN_NAME }
    }

    /// The hash of the session's secret, if there is one of the right form.
    pub(super) fn session(self, headers: &HeaderMap) -> Option<SecretHash> {
        let held = value_of(headers, self.name())?;
        let is_ours = SecretKind::recognise(held) == Some(SecretKind::Session);
        is_ours.then(|| SecretHash::of(&Secret::new(held.into())))
    }

    pub(super) fn hold(self, Held(clear): &Held) -> Option<HeaderValue> {
        let (name, age) = (self.name(), LONGEST.as_secs());
        let mut value =
            HeaderValue::try_from(format!("{name}={}{}; Max-Age={age}", clear.expose(), self.scope()))
                .ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    pub(super) fn drop_session(self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{}={}; Max-Age=0", self.name(), self.scope())).ok()
    }

    /// `Lax`, so that whoever follows a link from elsewhere is still signed in; writes are guarded by `Origin`.
    fn scope(self) -> &'static str {
        if self.over_tls {
            "; Path=/; HttpOnly; SameSite=Lax; Secure"
        } else {
            "; Path=/; HttpOnly; SameSite=Lax"
        }
    }

    /// The language that was chosen.
    pub(super) fn language(headers: &HeaderMap) -> Option<Language> {
        Language::tagged(value_of(headers, LANGUAGE)?)
    }

    pub(super) fn choose_language(self, language: Language) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{LANGUAGE}={}{}; Max-Age=31536000", language.tag(), self.scope())).ok()
    }
}

/// The value of a cookie that is there once: of two with one name, somebody else may have set one.
fn value_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    let (only, other) = (values.next(), values.next());
    only.filter(|_| other.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{OsRandom, Random};

    fn sent(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(line).unwrap())])
    }

    #[test]
    fn over_tls_the_session_is_this_hosts_alone() {
        let held = Held(OsRandom.secret(SecretKind::Session));
        let set = Cookies::at("https://auth.example").hold(&held).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-einlass=ein_se_"), "{set}");
        for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(set.split("; ").any(|it| it == part), "{part} is missing in {set}");
        }
        assert!(!set.to_lowercase().contains("domain"));
    }

    #[test]
    fn what_was_set_comes_back_and_two_of_one_name_are_none() {
        let (cookies, held) =
            (Cookies::at("http://127.0.0.1:8480"), Held(OsRandom.secret(SecretKind::Session)));
        let text = held.0.expose();
        let found = cookies.session(&sent(&format!("a=b; einlass={text}"))).unwrap();
        assert!(found.matches(&SecretHash::of(&held.0)));
        for line in [format!("einlass={text}; einlass={text}"), "einlass=x".into(), format!("other={text}")] {
            assert!(cookies.session(&sent(&line)).is_none(), "{line}");
        }
        assert_eq!(Cookies::language(&sent("language=en")), Some(Language::English));
        assert_eq!(Cookies::language(&sent("language=fr")), None);
    }
}
