//! An ID token that a client brings back: whom it means, where somebody is to be let in or to sign out.

use super::{App, HERE, answer, error};
use crate::pages::held;
use crate::support::{FORM, Reply, TestPlatform};
use axum::body::Body;
use http::Request;
use serde_json::json;
use std::time::Duration;

struct At {
    authorization: &'static str,
    token: &'static str,
    end_session: &'static str,
}

const ISSUERS: [At; 2] = [
    At { authorization: "/oauth2/auth", token: "/oauth2/token", end_session: "/oauth2/sessions/logout" },
    At {
        authorization: "/id/oauth/v2/authorize",
        token: "/id/oauth/v2/token",
        end_session: "/id/oidc/v1/end_session",
    },
];
const LEFT: &str = "https://app.example/left";

impl App<'_> {
    /// What the person's yes leads to at this issuer.
    async fn told_who(&self, at: &At, held: &str) -> serde_json::Value {
        let code = self.allow(held, &self.url_at(at.authorization, "openid items.read", &[])).await;
        let verifier = super::verifier();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", self.callback),
            ("code_verifier", verifier.expose()),
        ];
        self.post(at.token, &form).await.json()
    }

    async fn id_token(&self, at: &At, held: &str) -> String {
        self.told_who(at, held).await["id_token"].as_str().unwrap().to_owned()
    }

    fn hinting(&self, at: &At, hint: &str, more: &[(&str, &str)]) -> String {
        let more: Vec<_> = more.iter().copied().chain([("id_token_hint", hint)]).collect();
        self.url_at(at.authorization, "openid items.read", &more)
    }
}

impl TestPlatform {
    /// Somebody else who works where the merchant does.
    async fn colleague(&self) -> String {
        let organisations = self.ask("/organisations").await;
        let named = |it: &&serde_json::Value| it["name"] == "Anna's Bikes";
        let id = organisations["items"].as_array().unwrap().iter().find(named).unwrap()["id"].clone();
        let path = format!("/organisations/{}/invitations", id.as_str().unwrap());
        let wish = json!({ "email": "ben@bikes.example", "role": "member" });
        let link = self.create(&path, &wish).await;
        let (_, code) = link["url"].as_str().unwrap().rsplit_once('/').unwrap();
        self.join(&format!("/invitation/{code}"), "Ben", "a password of his own").await.unwrap()
    }

    async fn leave(&self, at: &At, held: &str, wish: &[(&str, &str)]) -> Reply {
        let query = serde_urlencoded::to_string(wish).unwrap();
        self.page(&format!("{}?{query}", at.end_session), held).await
    }
}

/// The same with another signature.
fn forged(token: &str) -> String {
    format!("{}AAAAAAAA", &token[..token.len() - 8])
}

fn asks(reply: &Reply) -> bool {
    reply.status == 200 && reply.text().contains("name=\"allow\"")
}

#[tokio::test]
async fn a_hint_of_whoever_has_signed_in_changes_nothing_however_old_it_is() {
    for at in ISSUERS {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let own = platform.merchant().await;
        let hint = app.id_token(&at, &own).await;
        platform.clock.advance(Duration::from_hours(11));
        assert!(asks(&platform.page(&app.hinting(&at, &hint, &[]), &own).await));
        app.allow(&own, &app.hinting(&at, &hint, &[])).await;
        let silent = app.hinting(&at, &hint, &[("prompt", "none")]);
        assert_eq!(error(&platform.page(&silent, &own).await), "consent_required");
        assert_eq!(error(&platform.page(&silent, "").await), "login_required");
        let nobody = platform.page(&app.hinting(&at, &hint, &[]), "").await;
        assert!(nobody.header("location").starts_with("/login?next="));
    }
}

#[tokio::test]
async fn what_is_no_id_token_of_this_issuer_for_this_client_is_no_hint() {
    for (number, at) in ISSUERS.iter().enumerate() {
        let platform = TestPlatform::start().await;
        let (app, other) = (platform.program().await, platform.program().await);
        let own = platform.merchant().await;
        let told = app.told_who(at, &own).await;
        let good = told["id_token"].as_str().unwrap();
        let elsewhere = app.id_token(&ISSUERS[1 - number], &own).await;
        let anothers = other.id_token(at, &own).await;
        let access = told["access_token"].as_str().unwrap();
        for hint in ["garbage", "a.b.c", &forged(good), access, &elsewhere, &anothers] {
            for more in [&[][..], &[("prompt", "none")]] {
                let asked = app.hinting(at, hint, more);
                for held in [&*own, ""] {
                    let reply = platform.page(&asked, held).await;
                    assert_eq!(error(&reply), "invalid_request", "{hint}");
                    assert_eq!(answer(&reply, "state").as_deref(), Some("s"));
                }
            }
            let decided = app.decide(&own, &app.hinting(at, hint, &[]), "items.read", true).await;
            assert_eq!(error(&decided), "invalid_request", "{hint}");
        }
    }
}

#[tokio::test]
async fn whoever_is_another_than_the_hint_names_signs_in_again_and_gets_no_code_before() {
    for at in ISSUERS {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let (own, colleague) = (platform.merchant().await, platform.colleague().await);
        let hint = app.id_token(&at, &colleague).await;
        let asked = app.hinting(&at, &hint, &[]);
        let again = platform.page(&asked, &own).await;
        let next = percent_encoding::utf8_percent_encode(&asked, percent_encoding::NON_ALPHANUMERIC);
        let there = format!("/login?again=true&next={next}");
        assert_eq!((again.status.as_u16(), again.header("location")), (303, &*there));
        let decided = app.decide(&own, &asked, "items.read", true).await;
        assert_eq!(decided.header("location"), there, "the answer is judged too");
        assert_eq!(error(&app.decide(&own, &asked, "items.read", false).await), "access_denied");
        let silent = app.hinting(&at, &hint, &[("prompt", "none")]);
        assert_eq!(error(&platform.page(&silent, &own).await), "login_required");

        let page = platform.page(&there, &own).await;
        assert!(page.status == 200 && page.text().contains("action=\"/login\""), "though somebody has");
        let form = format!("email=ben@bikes.example&password=a+password+of+his+own&next={next}");
        let signed_in = platform.post("/login", &form, Some(&own), HERE).await;
        assert_eq!(signed_in.header("location"), asked);
        app.allow(&held(&signed_in).unwrap(), &asked).await;
        // Whoever signs in as the same again is asked again.
        let merchant = &platform.demo.people.merchant;
        let form = format!("email={}&password={}&next={next}", merchant.email, platform.password());
        let same = held(&platform.post("/login", &form, Some(&own), HERE).await).unwrap();
        assert_eq!(platform.page(&asked, &same).await.header("location"), there);
    }
}

#[tokio::test]
async fn a_client_that_was_let_in_gets_no_code_of_another_person_without_a_question() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    let (own, colleague) = (platform.merchant().await, platform.colleague().await);
    let hint = app.id_token(&ISSUERS[0], &colleague).await;
    app.id_token(&ISSUERS[0], &own).await;
    let silent = app.hinting(&ISSUERS[0], &hint, &[("prompt", "none")]);
    assert_eq!(error(&platform.page(&silent, &own).await), "login_required");
    assert!(answer(&platform.page(&silent, &colleague).await, "code").is_some());
}

#[tokio::test]
async fn who_signs_out_by_a_hint_is_led_to_where_its_client_said_however_old_it_is() {
    for at in ISSUERS {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let own = platform.merchant().await;
        let hint = app.id_token(&at, &own).await;
        platform.clock.advance(Duration::from_hours(11));
        for by in [vec![("id_token_hint", &*hint)], vec![("id_token_hint", &*hint), ("client_id", &app.id)]] {
            let wish: Vec<_> = by.into_iter().chain([("post_logout_redirect_uri", LEFT)]).collect();
            let page = platform.leave(&at, &own, &wish).await;
            assert_eq!(page.status, 200);
            assert!(page.text().contains(&format!("name=\"client_id\" value=\"{}\"", app.id)));
            assert!(!page.text().contains("name=\"id_token_hint\""), "nobody has need of it");
            assert_eq!(platform.leave(&at, "", &wish).await.header("location"), LEFT, "nobody is there");
        }
    }
}

#[tokio::test]
async fn who_signs_out_by_a_hint_that_is_none_or_anothers_is_sent_nowhere() {
    for (number, at) in ISSUERS.iter().enumerate() {
        let platform = TestPlatform::start().await;
        let (app, other) = (platform.program().await, platform.program().await);
        let own = platform.merchant().await;
        let told = app.told_who(at, &own).await;
        let good = told["id_token"].as_str().unwrap();
        let elsewhere = app.id_token(&ISSUERS[1 - number], &own).await;
        let access = told["access_token"].as_str().unwrap();
        for (hint, client) in [
            (good, &*other.id),
            (&forged(good), ""),
            (&forged(good), &app.id),
            (access, ""),
            (&elsewhere, &app.id),
            ("garbage", &app.id),
        ] {
            for place in [LEFT, ""] {
                let wish = [
                    ("id_token_hint", hint),
                    ("client_id", client),
                    ("post_logout_redirect_uri", place),
                    ("state", "s"),
                ];
                let form = serde_urlencoded::to_string(wish).unwrap();
                let foreign = Request::post(at.end_session)
                    .header("content-type", FORM)
                    .header("origin", "https://app.example")
                    .body(Body::from(form.clone()));
                for reply in [
                    platform.leave(at, &own, &wish).await,
                    platform.leave(at, "", &wish).await,
                    platform.send(foreign.unwrap()).await,
                    platform.post(at.end_session, &form, Some(&own), HERE).await,
                ] {
                    assert_eq!((reply.status.as_u16(), reply.header("location")), (400, ""), "{hint}");
                }
            }
        }
        assert_eq!(platform.page("/me", &own).await.status, 200, "nobody was signed out");
    }
}
