//! What a browser holds: the session, for this host alone and out of reach of script, and the language.

use super::place::Place;
use super::surface::Flow;
use crate::people::{Held, LONGEST};
use einlass_protocol::language::Language;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// RFC 6265bis §4.1.3.2: with this prefix a browser takes it from nobody but this very host, and over TLS alone.
const SECURE: &str = "__Host-";
const LANGUAGE: &str = "language";
/// How long the browser keeps its half of a sign-in.
const FLOW_SECONDS: u32 = 1800;

/// How cookies are set where the pages are.
#[derive(Clone, Copy)]
pub(super) struct Cookies {
    over_tls: bool,
    surface: Option<FirstParty>,
}

impl Cookies {
    /// For pages at this place.
    pub(super) fn at(place: &Place) -> Self {
        Self { over_tls: place.is_secure(), surface: place.surface }
    }

    /// Each place has a name of its own, since it may share its host with others.
    fn name(self) -> String {
        let prefix = if self.over_tls { SECURE } else { "" };
        format!("{prefix}{}", self.surface.map_or("einlass", FirstParty::client_id))
    }

    fn flow_name(self) -> String {
        self.name() + "-flow"
    }

    const fn kind(self) -> SecretKind {
        match self.surface {
            Some(_) => SecretKind::SurfaceSession,
            None => SecretKind::Session,
        }
    }

    /// The hash of the session's secret, if there is one of the right form.
    pub(super) fn session(self, headers: &HeaderMap) -> Option<SecretHash> {
        let held = value_of(headers, &self.name())?;
        let is_ours = SecretKind::recognise(held) == Some(self.kind());
        is_ours.then(|| SecretHash::of(&Secret::new(held.into())))
    }

    pub(super) fn hold(self, Held(clear): &Held) -> Option<HeaderValue> {
        self.secret(&self.name(), clear.expose(), LONGEST.as_secs())
    }

    /// The browser's half of a sign-in that has begun.
    pub(super) fn keep(self, flow: &Flow) -> Option<HeaderValue> {
        self.secret(&self.flow_name(), &flow.to_text(), FLOW_SECONDS.into())
    }

    pub(super) fn flow(self, headers: &HeaderMap) -> Option<&str> {
        value_of(headers, &self.flow_name())
    }

    pub(super) fn forget_flow(self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{}={}; Max-Age=0", self.flow_name(), self.scope())).ok()
    }

    fn secret(self, name: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
        let mut value =
            HeaderValue::try_from(format!("{name}={value}{}; Max-Age={seconds}", self.scope())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    pub(super) fn drop_session(self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{}={}; Max-Age=0", self.name(), self.scope())).ok()
    }

    /// `Lax`, so that whoever follows a link from elsewhere is still signed in; writes are guarded by `Origin`.
    fn scope(self) -> String {
        let (path, secure) = match self.surface {
            // What has the prefix must have the whole host for its path.
            _ if self.over_tls => ("/", "; Secure"),
            surface => (surface.map_or("/", FirstParty::path), ""),
        };
        format!("; Path={path}; HttpOnly; SameSite=Lax{secure}")
    }

    /// The language that was chosen.
    pub(super) fn language(headers: &HeaderMap) -> Option<Language> {
        Language::tagged(value_of(headers, LANGUAGE)?)
    }

    pub(super) fn choose_language(self, language: Language) -> Option<HeaderValue> {
        // For every place of the host: two of one name would be none.
        let whole_host = Self { surface: None, ..self }.scope();
        HeaderValue::try_from(format!("{LANGUAGE}={}{whole_host}; Max-Age=31536000", language.tag())).ok()
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
    use crate::PlatformSettings;
    use crate::random::{OsRandom, Random};

    fn cookies(url: &str, surface: Option<FirstParty>) -> Cookies {
        Cookies::at(&Place::of(&PlatformSettings::new(url), surface))
    }

    fn sent(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(line).unwrap())])
    }

    #[test]
    fn over_tls_the_session_is_this_hosts_alone() {
        let held = Held(OsRandom.secret(SecretKind::Session));
        let set = cookies("https://auth.example", None).hold(&held).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-einlass=ein_se_"), "{set}");
        for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(set.split("; ").any(|it| it == part), "{part} is missing in {set}");
        }
        assert!(!set.to_lowercase().contains("domain"));
    }

    #[test]
    fn a_surface_has_a_cookie_of_its_own_which_no_other_place_takes() {
        let held = Held(OsRandom.secret(SecretKind::SurfaceSession));
        let set = |url, surface| {
            let set = cookies(url, Some(surface)).hold(&held).unwrap();
            set.to_str().unwrap().to_owned()
        };
        let plain = set("http://127.0.0.1:8480", FirstParty::Hub);
        assert!(plain.starts_with("einlass-hub=ein_su_") && plain.contains("; Path=/hub;"), "{plain}");
        let secure = set("https://hub.example", FirstParty::Console);
        assert!(
            secure.starts_with("__Host-einlass-admin=ein_su_") && secure.contains("; Path=/;"),
            "{secure}"
        );
        let line = sent(&format!("einlass-hub={0}; einlass={0}", held.0.expose()));
        let found = |surface| cookies("http://127.0.0.1:8480", surface).session(&line).is_some();
        assert!(found(Some(FirstParty::Hub)));
        assert!(!found(None), "a surface's secret is none of the identity provider's");
        assert!(!found(Some(FirstParty::Partner)));
    }

    #[test]
    fn what_was_set_comes_back_and_two_of_one_name_are_none() {
        let (cookies, held) =
            (cookies("http://127.0.0.1:8480", None), Held(OsRandom.secret(SecretKind::Session)));
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
