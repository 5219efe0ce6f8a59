//! The console without a browser: what it tells, what it makes, and what it ends.

mod ending;

use super::local;
use crate::support::{ISSUER, Reply, TestPlatform};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::scx::{ChannelName, ScopeWord};
use einlass_protocol::time::Clock as _;
use einlass_server::PlatformSettings;
use einlass_store::{Channel, Page, PageSize};
use serde_json::{Value, json};
use std::time::Duration;

/// A platform with a console; its operator's admin, as the console knows them.
async fn platform() -> (TestPlatform, String) {
    let homes = [(FirstParty::Console, ISSUER.to_owned())].into();
    let platform =
        TestPlatform::start_with(PlatformSettings { homes, ..PlatformSettings::new(ISSUER) }).await;
    let operator = &platform.demo.people.operator;
    let reply = platform.sign_in(operator.email.as_str(), operator.password.expose(), "192.0.2.1").await;
    let held = platform.at_surface(FirstParty::Console, &super::held(&reply).unwrap()).await;
    (platform, held)
}

impl TestPlatform {
    /// The secret that the demonstration app has.
    async fn secret_id(&self) -> String {
        let secrets = self.ask(&format!("/clients/{}/secrets", self.demo.client_id)).await;
        secrets["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Where each thing is ended that the demonstration has.
    async fn ends(&self) -> Vec<String> {
        let page = Page { after: None, size: PageSize::MOST };
        let channel = &self.demo.channel.name;
        let token = self.store.refresh_tokens_of_channel(channel, &page).await.unwrap()[0].id;
        let (app, tenant) = (self.demo.app, self.demo.tenant);
        let person = self.ask("/people?search=anna").await["items"][0]["id"].as_str().unwrap().to_owned();
        let admin = self.ask("/admin-tokens").await["items"][0]["id"].as_str().unwrap().to_owned();
        let key = self.ask("/keys").await["items"][0]["kid"].as_str().unwrap().to_owned();
        let ends = [
            ("app", app.to_string()),
            ("client", self.demo.client_id.to_string()),
            ("secret", self.secret_id().await),
            ("installation", format!("{app}@{tenant}")),
            ("tenant", tenant.to_string()),
            ("channel", channel.to_string()),
            ("refresh-token", token.to_string()),
            ("person", person),
            ("admin-token", admin),
            ("key", key),
        ];
        ends.into_iter().map(|(kind, subject)| format!("/admin/end/{kind}/{subject}")).collect()
    }

    async fn nothing_has_ended(&self) {
        assert_eq!(self.store.revocations_after(0, self.clock.wall()).await.unwrap().len(), 0);
        assert_eq!(self.token().await.status, 200);
    }

    /// Somebody who works for the operator and is no admin, as the console knows them.
    async fn operators_member(&self) -> String {
        let invitation = json!({"email": "mia@operator.example", "role": "member"});
        let path = format!("/organisations/{}/invitations", OrganisationId::OPERATOR);
        let invited = self.create(&path, &invitation).await;
        let link = local(invited["url"].as_str().unwrap()).to_owned();
        let held = self.join(&link, "Mia", "a long enough password").await.unwrap();
        self.at_surface(FirstParty::Console, &held).await
    }

    async fn end(&self, path: &str, held: &str) -> Reply {
        self.post(path, "", Some(held), "192.0.2.1").await
    }
}

const PLACES: [&str; 9] = [
    "/admin",
    "/admin/apps",
    "/admin/channels",
    "/admin/sites",
    "/admin/people",
    "/admin/audit",
    "/admin/keys",
    "/admin/tokens",
    "/admin/health",
];

#[tokio::test]
async fn an_organisation_is_given_what_it_may_have_and_what_is_wrong_is_said() {
    let (platform, held) = platform().await;
    let merchant = platform.ask("/organisations?search=bikes").await["items"][0]["id"].clone();
    let partner = platform.ask("/organisations?search=nordlicht").await["items"][0]["id"].clone();
    let at = |organisation: &Value, kind: &str| {
        format!("/admin/organisations/{}/new/{kind}", organisation.as_str().unwrap())
    };
    let new = async |organisation: &Value, kind: &str, form: &str| {
        platform.post(&at(organisation, kind), form, Some(&held), "192.0.2.1").await
    };
    for (organisation, kind, form, said) in [
        (&merchant, "tenant", "name=&slug=warehouse", "Enter a name"),
        (&merchant, "tenant", "name=W&slug=Ware+house", "stays for ever"),
        (&merchant, "tenant", "name=W&slug=warehouse&customer_number=%3B", "Letters, digits and hyphens"),
        (&merchant, "tenant", "name=W&slug=annas-bikes", "There is one of this name already"),
        (&partner, "channel", "channel=abc", "5 to 15 letters"),
        (&partner, "channel", "channel=MIRRORS&sign_up_url=http%3A%2F%2Fa.example", "An https address"),
        (&partner, "channel", "channel=DEVCHANNEL", "There is one of this name already"),
        (&merchant, "site", "name=Warehouse&database=a%2Fb", "behind /api"),
        (&merchant, "site", "name=Warehouse&database=eazybusiness", "There is one of this name already"),
    ] {
        let refused = new(organisation, kind, form).await;
        assert_eq!(refused.status, 422, "{form}");
        assert!(refused.text().contains(said), "{form}: {said} is not said");
    }
    for (organisation, kind) in
        [(&merchant, "channel"), (&partner, "tenant"), (&partner, "site"), (&partner, "app")]
    {
        assert_eq!(platform.page(&at(organisation, kind), &held).await.status, 404, "{kind}");
        assert_eq!(
            new(organisation, kind, "name=a&channel=MIRRORS&slug=a&database=a").await.status,
            404,
            "{kind}"
        );
    }
    for (organisation, kind, form, place) in [
        (&merchant, "tenant", "name=Warehouse&slug=warehouse&customer_number=K-7", "/admin/tenants/"),
        (
            &partner,
            "channel",
            "channel=MIRRORS&sign_up_url=https%3A%2F%2Fa.example%2Fjoin",
            "/admin/channels/MIRRORS",
        ),
        (&merchant, "site", "name=Warehouse&database=warehouse", "/admin/sites/warehouse"),
    ] {
        assert_eq!(platform.page(&at(organisation, kind), &held).await.status, 200, "{kind}");
        let made = new(organisation, kind, form).await;
        assert_eq!(made.status, 303, "{form}: {}", made.text());
        assert!(made.header("location").starts_with(place), "{}", made.header("location"));
        assert_eq!(platform.page(made.header("location"), &held).await.status, 200);
    }
    let tenant = platform.ask("/tenants/warehouse").await;
    assert_eq!((&tenant["organisation"], &tenant["customer_number"]), (&merchant, &json!("K-7")));
    let channel = platform.ask("/channels/MIRRORS").await;
    assert_eq!(
        (&channel["organisation"], &channel["sign_up_url"]),
        (&partner, &json!("https://a.example/join"))
    );
    assert_eq!(platform.ask("/sites/warehouse").await["organisation"], merchant);
    let member = platform.operators_member().await;
    platform.clock.advance(Duration::from_mins(11));
    for kind in ["tenant", "site"] {
        let path = at(&merchant, kind);
        assert_eq!(
            platform.post(&path, "", Some(&member), "192.0.2.1").await.status,
            303,
            "asked for a proof first"
        );
        assert_eq!(platform.post(&path, "", Some(&held), "192.0.2.1").await.status, 303);
    }
}

#[tokio::test]
async fn whatever_has_an_id_is_found_by_it() {
    let (platform, held) = platform().await;
    let ids = [
        (platform.demo.app.to_string(), format!("/admin/apps/{}", platform.demo.app)),
        (platform.demo.client_id.to_string(), format!("/admin/apps/{}", platform.demo.app)),
        (platform.secret_id().await, format!("/admin/apps/{}", platform.demo.app)),
        ("stock-mirror".into(), format!("/admin/apps/{}", platform.demo.app)),
        (platform.demo.tenant.to_string(), format!("/admin/tenants/{}", platform.demo.tenant)),
        ("annas-bikes".into(), format!("/admin/tenants/{}", platform.demo.tenant)),
        ("DEVCHANNEL".into(), "/admin/channels/DEVCHANNEL".into()),
        ("EazyBusiness".into(), "/admin/sites/eazybusiness".into()),
        (
            format!("++{}+", OrganisationId::OPERATOR),
            format!("/admin/organisations/{}", OrganisationId::OPERATOR),
        ),
    ];
    for (id, place) in ids {
        let found = platform.page(&format!("/admin/find?id={id}"), &held).await;
        assert_eq!((found.status.as_u16(), found.header("location")), (303, &*place), "{id}");
    }
    let anna = platform.page("/admin/find?id=ANNA%40bikes.example", &held).await;
    assert!(anna.header("location").starts_with("/admin/people/"), "{}", anna.header("location"));
    let page = Page { after: None, size: PageSize::MOST };
    let token =
        platform.store.refresh_tokens_of_channel(&platform.demo.channel.name, &page).await.unwrap()[0].id;
    let found = platform.page(&format!("/admin/find?id={token}"), &held).await;
    assert_eq!(found.header("location"), "/admin/channels/DEVCHANNEL");
    for nothing in ["", "nothing", "00000000-0000-0000-0000-000000000000", "%00", "%E2%80%AE"] {
        assert_eq!(
            platform.page(&format!("/admin/find?id={nothing}"), &held).await.status,
            404,
            "{nothing:?}"
        );
    }
}

#[tokio::test]
async fn long_lists_are_read_page_by_page_to_their_end() {
    let (platform, held) = platform().await;
    let operator = OrganisationId::OPERATOR;
    let now = platform.clock.wall();
    for number in 0..60 {
        let name: ChannelName = format!("CHAN_{number:03}").parse().unwrap();
        let (sign_up_url, update_url) = (String::new(), String::new());
        let channel = Channel {
            name,
            organisation: operator,
            scope_word: ScopeWord::default(),
            sign_up_url,
            update_url,
        };
        platform.store.create_channel(&channel, now).await.unwrap();
    }
    assert_eq!(platform.to_the_end("/admin/channels", "", "href=\"/admin/channels/", &held).await, 61);
    let of_operator = format!("/admin/organisations/{operator}");
    assert_eq!(
        platform.to_the_end(&of_operator, "#channels", "href=\"/admin/channels/CHAN", &held).await,
        60
    );
    platform.let_the_app_grow(60).await;
    let app = format!("/admin/apps/{}", platform.demo.app);
    assert_eq!(platform.to_the_end(&app, "#secrets", "id=\"c-", &held).await, 62);
    assert_eq!(platform.to_the_end(&app, "#installed", "href=\"/admin/tenants/", &held).await, 61);
    let people = platform.page("/admin/people?search=ANDERS", &held).await.text().to_owned();
    assert_eq!(people.matches("href=\"/admin/people/").count(), 1);
    assert!(people.contains("Anna Andersson"));
}

#[tokio::test]
async fn the_api_says_what_the_console_shows() {
    let (platform, held) = platform().await;
    let status = platform.ask("/status").await;
    assert_eq!(status["totals"]["apps"], 1);
    assert_eq!(status["totals"]["people"], 3);
    assert_eq!(status["node"]["store"], "sqlite");
    assert_eq!(platform.token().await.status, 200);
    platform.platform.write_usage().await.unwrap();
    let status = platform.ask("/status").await;
    assert_eq!(
        (&status["today"]["tokens"], &status["node"]["token_requests"]["issued"]),
        (&json!(1), &json!(1))
    );
    let health = platform.page("/admin/health", &held).await.text().to_owned();
    assert!(health.contains("<code>issued</code> 1"), "{health}");

    let days = platform.ask("/usage?by=day").await;
    assert_eq!(
        days["items"],
        json!([{
            "key": "2027-01-15", "tokens": 1, "calls": 0, "errors": 0, "last_at": "2027-01-15T00:00:00Z",
        }])
    );
    let of_app = platform.ask("/usage?by=day&app=stock-mirror").await;
    assert_eq!(of_app["items"][0]["tokens"], 1);
    assert_eq!(platform.ask("/usage?by=day&until=2027-01-15T00:00:00Z").await["items"], json!([]));
    let refused = platform.administer("GET", "/usage?by=day&tenant=annas-bikes", "").await;
    assert_eq!(refused.status, 400);

    let people = platform.ask("/people").await;
    let emails: Vec<_> = people["items"].as_array().unwrap().iter().map(|it| it["email"].clone()).collect();
    assert_eq!(emails, ["anna@bikes.example", "nora@nordlicht.example", "olaf@operator.example"]);
    let next = platform.ask("/people?limit=1&after=anna@bikes.example").await;
    assert_eq!((&next["items"][0]["email"], &next["next"]), (&emails[1], &emails[1]));
    let anna = platform.ask("/people/anna@bikes.example").await;
    assert_eq!(anna["organisations"][0]["role"], "admin");
    assert_eq!(anna["sessions"], 0);
    assert_eq!(platform.administer("GET", "/people/nobody@bikes.example", "").await.status, 404);
    assert_eq!(platform.administer("GET", "/people?search=%00", "").await.status, 400);

    let names = async |path: &str| {
        let found: Value = platform.ask(path).await;
        found["items"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("/apps?search=MIRROR").await.len(), 1);
    assert_eq!(names("/apps?search=nothing").await.len(), 0);
    assert_eq!(names("/organisations?search=bikes").await, ["Anna's Bikes"]);
    assert_eq!(names("/apps?state=submitted").await.len(), 0);
    assert_eq!(names("/apps?state=submitted&search=mirror").await.len(), 0);
}
