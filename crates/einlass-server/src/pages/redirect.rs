//! Where a client may have people sent back to, held against what it said beforehand.

use einlass_protocol::manifest::WebUrl;

/// The addresses of a person's own machine (RFC 8252 §7.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// Letter by letter (RFC 9700 §2.1), but for the port of a program on the person's own machine, which takes any that is free
/// (RFC 8252 §7.3).
pub(super) fn is_the_same(known: &str, wanted: &str) -> bool {
    known == wanted || LOOPBACK.iter().any(|own| is_the_same_but_for_the_port(own, known, wanted))
}

fn is_the_same_but_for_the_port(own: &str, known: &str, wanted: &str) -> bool {
    let (Some(known), Some(wanted)) = (known.strip_prefix(own), wanted.strip_prefix(own)) else {
        return false;
    };
    // One that is registered with a port means that port.
    !known.starts_with(':') && without_port(wanted) == Some(known)
}

fn without_port(rest: &str) -> Option<&str> {
    let Some(rest) = rest.strip_prefix(':') else { return Some(rest) };
    let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port.then_some(path)
}

/// What a page's policy has to allow so that its form leads there.
pub(super) fn leads_to(place: &WebUrl) -> String {
    let origin = place.origin();
    // CSP3 §6.7.2.8: no policy names a host by its IPv6 address.
    if origin.contains('[') {
        origin.split_inclusive(':').next().unwrap_or_default().into()
    } else {
        origin.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{is_the_same, leads_to};

    #[test]
    fn a_redirect_uri_is_the_clients_letter_by_letter() {
        let known = "https://app.example/callback";
        assert!(is_the_same(known, known));
        for wanted in [
            "https://app.example/callback/",
            "https://app.example/callback?x=1",
            "https://app.example/callback#",
            "https://app.example/Callback",
            "https://APP.example/callback",
            "https://app.example:443/callback",
            "http://app.example/callback",
            "https://app.example.evil.example/callback",
            "https://app.example/callback/../evil",
            "https://app.example@evil.example/callback",
            "",
        ] {
            assert!(!is_the_same(known, wanted), "{wanted}");
        }
    }

    #[test]
    fn a_program_on_ones_own_machine_takes_any_port() {
        for own in ["127.0.0.1", "[::1]"] {
            let known = format!("http://{own}/callback");
            assert!(is_the_same(&known, &format!("http://{own}:50000/callback")));
            for wanted in [
                format!("http://{own}:50000/other"),
                format!("http://{own}:99999/callback"),
                format!("http://{own}:x/callback"),
                format!("http://{own}:/callback"),
                format!("http://{own}:+80/callback"),
                format!("http://{own}.evil.example/callback"),
                format!("http://{own}:1@evil.example/callback"),
                "http://localhost:50000/callback".into(),
            ] {
                assert!(!is_the_same(&known, &wanted), "{wanted}");
            }
            let with_port = format!("http://{own}:8080/callback");
            assert!(!is_the_same(&with_port, &format!("http://{own}:8081/callback")));
        }
        assert!(!is_the_same("http://127.0.0.1/callback", "http://[::1]:8081/callback"));
    }

    #[test]
    fn a_form_leads_to_the_client_and_nowhere_else_where_a_policy_can_say_so() {
        for (place, allowed) in [
            ("https://app.example/callback", "https://app.example"),
            ("http://127.0.0.1:49152/callback", "http://127.0.0.1:49152"),
            ("http://[::1]:49152/callback", "http:"),
        ] {
            assert_eq!(leads_to(&place.parse().unwrap()), allowed);
        }
    }
}
