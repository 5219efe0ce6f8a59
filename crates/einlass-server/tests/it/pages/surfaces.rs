//! A surface and the identity provider, step by step: what each redirect carries, and what time does to it.

use super::cookie;
use crate::support::{ISSUER, Reply, TestPlatform};
use einlass_protocol::oauth::FirstParty;
use einlass_server::PlatformSettings;
use std::time::Duration;

const HUB: &str = "https://hub.example";

/// A platform whose hub has a host of its own.
async fn platform() -> TestPlatform {
    let homes = [(FirstParty::Hub, HUB), (FirstParty::Console, ISSUER)];
    let homes = homes.map(|(surface, origin)| (surface, origin.to_owned())).into();
    TestPlatform::start_with(PlatformSettings { homes, ..PlatformSettings::new(ISSUER) }).await
}

fn location(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location")
}

impl TestPlatform {
    /// Begins at the hub: where the browser is sent, and what it keeps meanwhile.
    async fn begin(&self, path: &str) -> (String, String) {
        let reply = self.page(path, "").await;
        let flow = cookie(&reply, "__Host-einlass-hub-flow").unwrap();
        (location(&reply).strip_prefix(ISSUER).unwrap().to_owned(), flow)
    }

    /// From the identity provider back to the hub: the path with the code.
    async fn authorize(&self, wish: &str, held: &str) -> String {
        let reply = self.page(wish, held).await;
        location(&reply).strip_prefix(HUB).unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_sign_in_at_a_surface_goes_to_the_identity_provider_and_back() {
    let platform = platform().await;
    let held = platform.merchant().await;
    let stranger = platform.page("/hub?after=x", "").await;
    assert_eq!(location(&stranger), format!("{HUB}/hub/sign-in?next=%2Fhub%3Fafter%3Dx"));
    let (wish, flow) = platform.begin("/hub/sign-in?next=%2Fhub%3Fafter%3D").await;
    for part in ["response_type=code", "client_id=einlass-hub", "code_challenge_method=S256", "state="] {
        assert!(wish.contains(part), "{part} is missing in {wish}");
    }
    assert!(!flow.contains(wish.split("code_challenge=").nth(1).unwrap().split('&').next().unwrap()));
    let answer = platform.authorize(&wish, &held).await;
    assert!(answer.starts_with("/hub/callback?code=ein_ac_"));
    assert!(answer.contains("&iss=https%3A%2F%2Fauth.example&state="), "RFC 9207: {answer}");

    let arrived = platform.page(&answer, &flow).await;
    assert_eq!(location(&arrived), "/hub?after=");
    let own = cookie(&arrived, "__Host-einlass-hub").unwrap();
    assert_eq!(platform.page("/hub", &own).await.status, 200);
    assert_eq!(platform.page("/me", &own).await.status, 303, "it is the hub's alone");
    assert_eq!(platform.page("/hub", &held).await.status, 303, "and the other way round");

    // The same answer again: the code is used, and what came of it ends (RFC 6749 §4.1.2).
    platform.page(&answer, &flow).await;
    assert_eq!(platform.page("/hub", &own).await.status, 303);
}

#[tokio::test]
async fn an_answer_that_does_not_belong_to_what_was_begun_signs_nobody_in() {
    let platform = platform().await;
    let held = platform.merchant().await;
    let (wish, flow) = platform.begin("/hub/sign-in").await;
    let (other_wish, other_flow) = platform.begin("/hub/sign-in").await;
    let swapped = platform.authorize(&other_wish, &held).await;
    let answer = platform.authorize(&wish, &held).await;
    let of = |text: &str, name: &str| {
        let value = text.split(&format!("{name}=")).nth(1).unwrap_or_default();
        value.split('&').next().unwrap_or_default().to_owned()
    };
    let code_of_another = answer.replace(&of(&answer, "code"), &of(&swapped, "code"));
    let foreign_issuer = answer.replace("auth.example", "evil.example");
    for (path, flow, what) in [
        (&*answer, "", "without what was kept"),
        (&answer, &other_flow, "with what was kept of another"),
        (&code_of_another, &flow, "with the code of another: its challenge is of another verifier"),
        (&foreign_issuer, &flow, "of another issuer"),
        ("/hub/callback?error=access_denied", &flow, "that is a refusal"),
    ] {
        let reply = platform.page(path, flow).await;
        assert_eq!(location(&reply), "/hub/sign-in?again=true", "{what}");
        assert_eq!(cookie(&reply, "__Host-einlass-hub"), None, "{what}");
    }
    // Only once again: a browser that keeps nothing is told so.
    let (wish, _) = platform.begin("/hub/sign-in?again=true").await;
    let answer = platform.authorize(&wish, &held).await;
    let told = platform.page(&answer, "").await;
    assert_eq!(told.status, 409);
    assert!(told.text().contains("Allow cookies for this site"));
}

#[tokio::test]
async fn a_code_is_for_who_asked_as_it_should_and_soon() {
    let platform = platform().await;
    let held = platform.merchant().await;
    let (wish, flow) = platform.begin("/hub/sign-in").await;
    for (from, to, error) in [
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("code_challenge_method=S256", "code_challenge_method=plain", "invalid_request"),
        ("code_challenge=", "code_challenge=x", "invalid_request"),
        ("client_id=", "max_age=soon&client_id=", "invalid_request"),
        ("client_id=", "colour=red&colour=blue&client_id=", "invalid_request"),
        ("client_id=", "request=x&client_id=", "request_not_supported"),
        ("client_id=", "request_uri=x&client_id=", "request_uri_not_supported"),
    ] {
        let refused = platform.page(&wish.replace(from, to), &held).await;
        assert!(location(&refused).starts_with(&format!("{HUB}/hub/callback?error={error}&iss=")), "{to}");
    }
    for (from, to) in [
        ("client_id=einlass-hub", "client_id=einlass-partner"),
        ("client_id=einlass-hub", "client_id=einlass-admin"),
        ("client_id=einlass-hub", "client_id=stranger"),
        ("hub.example", "evil.example"),
        ("redirect_uri=", "redirect_uri=https%3A%2F%2Fevil.example&redirect_uri="),
    ] {
        let refused = platform.page(&wish.replace(from, to), &held).await;
        assert_eq!(refused.status, 400, "{to}");
    }
    let stranger = platform.page(&wish, "").await;
    assert!(location(&stranger).starts_with("/login?next=%2Foauth2%2Fauth%3F"));

    let late = platform.authorize(&wish, &held).await;
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(location(&platform.page(&late, &flow).await), "/hub/sign-in?again=true");
}

#[tokio::test]
async fn a_dangerous_step_at_a_surface_asks_for_a_fresh_proof_at_the_identity_provider() {
    let platform = platform().await;
    let operator = &platform.demo.people.operator;
    let form = (operator.email.as_str(), operator.password.expose());
    let held = super::held(&platform.sign_in(form.0, form.1, "192.0.2.1").await).unwrap();
    let console = async |held: &str, path: &str| {
        let reply = platform.page(path, "").await;
        let flow = cookie(&reply, "__Host-einlass-admin-flow").unwrap();
        let wish = location(&reply).strip_prefix(ISSUER).unwrap().to_owned();
        let reply = platform.page(&wish, held).await;
        let leads_to = location(&reply).to_owned();
        (flow, leads_to)
    };
    let (flow, answer) = console(&held, "/admin/sign-in").await;
    let arrived = platform.page(answer.strip_prefix(ISSUER).unwrap(), &flow).await;
    let own = cookie(&arrived, "__Host-einlass-admin").unwrap();
    let create = async |own: &str, name: &str| {
        platform.post("/admin/tokens/new", &format!("name={name}&access=read"), Some(own), "192.0.2.1").await
    };
    assert_eq!(create(&own, "one").await.status, 200);
    platform.clock.advance(Duration::from_mins(10));
    let refused = create(&own, "two").await;
    assert!(location(&refused).starts_with("https://auth.example/admin/sign-in?fresh=true&next="));

    let (_, leads_to) = console(&held, "/admin/sign-in?fresh=true").await;
    assert!(leads_to.starts_with("/confirm?next=%2Foauth2%2Fauth%3F"), "{leads_to}");
    let proof = format!("password={}", operator.password.expose());
    let confirmed = platform.post("/confirm", &proof, Some(&held), "192.0.2.1").await;
    let held = super::held(&confirmed).unwrap();
    assert_eq!(
        platform.page("/admin", &own).await.status,
        303,
        "what it held before has to be asked for again"
    );
    let (flow, answer) = console(&held, "/admin/sign-in?fresh=true").await;
    let arrived = platform.page(answer.strip_prefix(ISSUER).unwrap(), &flow).await;
    let own = cookie(&arrived, "__Host-einlass-admin").unwrap();
    assert_eq!(create(&own, "two").await.status, 200);
}

#[tokio::test]
async fn a_merchant_is_no_operator_whatever_the_console_is_sent() {
    let platform = platform().await;
    let held = platform.merchant().await;
    let reply = platform.page("/admin/sign-in", "").await;
    let flow = cookie(&reply, "__Host-einlass-admin-flow").unwrap();
    let wish = location(&reply).strip_prefix(ISSUER).unwrap().to_owned();
    let reply = platform.page(&wish, &held).await;
    let arrived = platform.page(location(&reply).strip_prefix(ISSUER).unwrap(), &flow).await;
    let own = cookie(&arrived, "__Host-einlass-admin").unwrap();
    for path in ["/admin", "/admin/tokens", "/admin/tokens/new"] {
        assert_eq!(platform.page(path, &own).await.status, 403, "{path}");
    }
    for (path, form) in [
        ("/admin/organisations/new", "name=X&kind=merchant"),
        ("/admin/tokens/new", "name=x&access=full"),
        ("/admin/end/admin-token/00000000-0000-0000-0000-000000000001", ""),
    ] {
        assert_eq!(platform.post(path, form, Some(&own), "192.0.2.1").await.status, 403, "{path}");
    }
}
