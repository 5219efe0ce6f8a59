//! Where pages are: at the identity provider, or at a surface, which may have a host of its own.

use crate::PlatformSettings;
use axum::extract::Request;
use einlass_protocol::oauth::FirstParty;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, Method};

/// Where a page is.
#[derive(Debug)]
pub(super) struct Place {
    /// Which surface it belongs to; none: the identity provider.
    pub(super) surface: Option<FirstParty>,
    /// Its scheme and host.
    pub(super) origin: String,
    /// What stands before the identity provider's paths in links: nothing where it is at the same host.
    pub(super) identity: String,
    /// Which other hosts have pages, and whose.
    others: Vec<(String, Option<FirstParty>)>,
    /// Its content security policy.
    pub(super) policy: HeaderValue,
}

impl Place {
    pub(super) fn of(settings: &PlatformSettings, surface: Option<FirstParty>) -> Self {
        let origin = settings.origin_of(surface).to_owned();
        let is_here = origin == settings.public_url;
        let everywhere = settings.homes.keys().map(|home| Some(*home)).chain([None]);
        let others: Vec<_> = everywhere
            .map(|home| (settings.origin_of(home).to_owned(), home))
            .filter(|(other, _)| *other != origin)
            .collect();
        let identity = if is_here { String::new() } else { settings.public_url.clone() };
        // A browser holds the way on after a form to `form-action` too, and signing in leads to other hosts of ours.
        let mut led_to: Vec<&str> = others.iter().map(|(other, _)| other.as_str()).collect();
        led_to.sort_unstable();
        led_to.dedup();
        let policy = policy(&led_to.join(" "));
        Self { surface, origin, identity, others, policy }
    }

    /// Whether it is reached over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// The path at which it begins.
    pub(super) fn path(&self) -> &'static str {
        self.surface.map_or("/", FirstParty::path)
    }

    /// Whether a request calls its host by name.
    pub(super) fn is_named_by(&self, request: &Request) -> bool {
        names(request, &self.origin)
    }

    /// Where a request belongs that came here under the name of another host of ours.
    pub(super) fn elsewhere(&self, request: &Request) -> Option<String> {
        if self.is_named_by(request) || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let (_, home) = self.others.iter().find(|(origin, _)| names(request, origin))?;
        let uri = request.uri();
        match (uri.path(), home) {
            ("/", Some(surface)) => Some(surface.path().into()),
            _ => Some(format!("{}{}", self.origin, uri.path_and_query().map_or("/", |it| it.as_str()))),
        }
    }
}

fn names(request: &Request, origin: &str) -> bool {
    let said = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = request.uri().authority().map(Authority::as_str).or(said).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, host)| host.eq_ignore_ascii_case(authority))
}

/// No script but ours from our own host, no style but ours, nothing from elsewhere, forms to us alone, and in nobody's
/// frame (clickjacking).
#[expect(clippy::expect_used, reason = "origins are visible characters, which configuration sees to")]
fn policy(led_to: &str) -> HeaderValue {
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self' {led_to}; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::try_from(text.replace(" ;", ";")).expect("origins are visible characters")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn settings() -> PlatformSettings {
        let homes = [(FirstParty::Hub, "https://hub.example"), (FirstParty::Console, "https://auth.example")];
        let homes = homes.map(|(surface, origin)| (surface, origin.to_owned())).into();
        PlatformSettings { homes, ..PlatformSettings::new("https://auth.example") }
    }

    #[test]
    fn forms_may_lead_to_hosts_of_ours_and_nowhere_else() {
        let policy_of = |surface| Place::of(&settings(), surface).policy.to_str().unwrap().to_owned();
        assert!(policy_of(None).contains("form-action 'self' https://hub.example; "));
        assert!(policy_of(Some(FirstParty::Hub)).contains("form-action 'self' https://auth.example; "));
        let alone = Place::of(&PlatformSettings::new("https://auth.example"), None);
        assert!(alone.policy.to_str().unwrap().contains("form-action 'self'; "));
    }

    #[test]
    fn a_page_that_is_asked_for_at_another_host_of_ours_is_at_its_own() {
        let asked = |surface, method: Method, host: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).header(HOST, host);
            Place::of(&settings(), surface).elsewhere(&request.body(Body::empty()).unwrap())
        };
        let get = |surface, host, path| asked(surface, Method::GET, host, path);
        assert_eq!(get(None, "hub.example", "/me?a").as_deref(), Some("https://auth.example/me?a"));
        assert_eq!(get(None, "HUB.example", "/").as_deref(), Some("/hub"));
        assert_eq!(
            get(Some(FirstParty::Hub), "auth.example", "/hub").as_deref(),
            Some("https://hub.example/hub")
        );
        for (surface, host) in
            [(None, "auth.example"), (None, "10.0.0.1"), (Some(FirstParty::Hub), "hub.example")]
        {
            assert_eq!(get(surface, host, "/me"), None, "{host}");
        }
        assert_eq!(asked(None, Method::POST, "hub.example", "/login"), None);
    }
}
