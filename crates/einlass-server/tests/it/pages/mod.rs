//! The pages without a browser: what time does to a session, what becomes of who guesses, and what redirects carry.

mod console;
mod first;
mod guessing;
mod hub;
mod members;
mod partner;
mod sessions;
mod surfaces;

use crate::support::{FORM, ISSUER, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::oauth::FirstParty;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::json;

impl TestPlatform {
    /// What a page of ours sends, from this address, with what the browser holds.
    pub(crate) async fn post(&self, path: &str, form: &str, held: Option<&str>, from: &str) -> Reply {
        let mut request = Request::post(path)
            .header("content-type", FORM)
            .header("origin", ISSUER)
            .header("accept-language", "en")
            .extension(Peer(format!("{from}:1234").parse().unwrap()));
        if let Some(held) = held {
            request = request.header("cookie", held);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// A page, for whoever holds this.
    pub(crate) async fn page(&self, path: &str, held: &str) -> Reply {
        let request = Request::get(path).header("cookie", held).header("accept-language", "en");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn sign_in(&self, email: &str, password: &str, from: &str) -> Reply {
        self.post("/login", &format!("email={email}&password={password}"), None, from).await
    }

    /// The demonstration merchant, signed in: what the browser holds.
    pub(crate) async fn merchant(&self) -> String {
        let merchant = &self.demo.people.merchant;
        let reply = self.sign_in(merchant.email.as_str(), merchant.password.expose(), "192.0.2.1").await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        held(&reply).unwrap()
    }

    /// What the browser of somebody who has signed in is given to hold at a surface.
    async fn at_surface(&self, surface: FirstParty, held: &str) -> String {
        let name = format!("__Host-{}", surface.client_id());
        let begun = self.page(&format!("{}/sign-in", surface.path()), "").await;
        let flow = cookie(&begun, &format!("{name}-flow")).unwrap();
        let answered = self.page(local(begun.header("location")), held).await;
        let arrived = self.page(local(answered.header("location")), &flow).await;
        cookie(&arrived, &name).unwrap()
    }

    /// How often a page says this, and every page behind it to which this list of it leads on.
    async fn to_the_end(&self, first: &str, list: &str, what: &str, held: &str) -> usize {
        let (mut place, mut found) = (first.to_owned(), 0);
        for _ in 0..9 {
            let page = self.page(&place, held).await.text().to_owned();
            found += page.matches(what).count();
            let Some((before, _)) = page.split_once(&format!("{list}\" rel=\"next\"")) else { return found };
            let (_, link) = before.rsplit_once("href=\"").unwrap();
            place = format!("{first}{}", link.replace("&#38;", "&").replace("&amp;", "&"));
        }
        panic!("{place} leads on and on");
    }

    /// So many more clients has the demonstration app, and is at so many more tenants.
    async fn let_the_app_grow(&self, times: usize) {
        let app = self.demo.app;
        for number in 1..=times {
            let client = json!({"public": true, "redirect_uris": [format!("https://{number}.example/cb")]});
            self.create(&format!("/apps/{app}/clients"), &client).await;
            self.create("/tenants", &json!({"slug": format!("shop-{number}")})).await;
            let at_shop = format!("/tenants/shop-{number}/installations/{app}");
            assert_eq!(self.administer("PUT", &at_shop, "").await.status, 200);
        }
    }

    /// Accepts an invitation with a new account.
    pub(crate) async fn join(&self, path: &str, name: &str, password: &str) -> Option<String> {
        let form = format!("name={name}&password={}", password.replace(' ', "+"));
        held(&self.post(path, &form, None, "192.0.2.1").await)
    }
}

/// What an answer has the browser hold.
pub(crate) fn held(reply: &Reply) -> Option<String> {
    cookie(reply, "__Host-einlass")
}

/// Where a redirect leads on this host.
fn local(location: &str) -> &str {
    location.strip_prefix(ISSUER).unwrap_or(location)
}

/// The cookie of this name that an answer sets.
fn cookie(reply: &Reply, name: &str) -> Option<String> {
    let set = reply.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let mut pairs = set.filter_map(|line| line.split(';').next());
    let is_it =
        |pair: &&str| pair.split_once('=').is_some_and(|(key, value)| key == name && !value.is_empty());
    pairs.find(is_it).map(str::to_owned)
}
