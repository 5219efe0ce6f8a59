//! A platform of one's own: seeded, with a clock that stands still until told.

mod late;
mod postgres;
mod reply;

pub(crate) use late::{late_body, late_body_asked_for};
pub(crate) use reply::Reply;

use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::jose::{AccessVerifier, KeySet};
use einlass_protocol::oauth::Generation;
use einlass_protocol::policy::{CurrentPolicy, Document, Policy, Settings};
use einlass_protocol::refused::Refused;
use einlass_protocol::revocation::DenyList;
use einlass_protocol::time::{Clock, UnixTime};
use einlass_protocol::usage::UsageRow;
use einlass_server::emulator::{Demonstration, Seed, erp};
use einlass_server::platform::{Behind, GatewayFeed, Parts};
use einlass_server::random::OsRandom;
use einlass_server::router::Surface;
use einlass_server::{Platform, PlatformSettings, router};
use einlass_store::Store;
use http::Request;
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt;

pub(crate) const ISSUER: &str = "https://auth.example";

/// A clock that is moved by hand; its wall and its monotonic time move together.
#[derive(Default)]
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn wall(&self) -> UnixTime {
        UnixTime::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst).unsigned_abs())
    }
}

/// What a gateway would have been told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) installations: Mutex<Vec<(AppId, TenantId)>>,
    pub(crate) denied: Mutex<DenyList>,
    /// How often it was told of origins.
    pub(crate) origins: Mutex<u32>,
    pub(crate) keys: Mutex<Option<KeySet>>,
    /// What the gateway has counted.
    pub(crate) usage: Mutex<Vec<UsageRow>>,
    /// Whom it has refused.
    pub(crate) refused: Mutex<(Vec<Refused>, u64)>,
}

impl GatewayFeed for Told {
    fn installation_changed(&self, app: AppId, tenant: TenantId) {
        self.installations.lock().unwrap().push((app, tenant));
    }

    fn origins_changed(&self) {
        *self.origins.lock().unwrap() += 1;
    }

    fn keys_changed(&self, issuer: Generation, keys: KeySet) {
        if issuer == Generation::A {
            *self.keys.lock().unwrap() = Some(keys);
        }
    }

    fn revoked(&self, list: DenyList) {
        *self.denied.lock().unwrap() = list;
    }

    fn take_refused(&self) -> (Vec<Refused>, u64) {
        std::mem::take(&mut self.refused.lock().unwrap())
    }

    fn take_usage(&self) -> Vec<UsageRow> {
        std::mem::take(&mut self.usage.lock().unwrap())
    }
}

pub(crate) struct TestPlatform {
    pub(crate) router: Router,
    pub(crate) platform: Arc<Platform>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) told: Arc<Told>,
    pub(crate) demo: Demonstration,
    pub(crate) seed: Seed,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) url: String,
}

impl TestPlatform {
    pub(crate) async fn start() -> Self {
        Self::start_with(PlatformSettings::new(ISSUER)).await
    }

    pub(crate) async fn start_with(settings: PlatformSettings) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings).await
    }

    /// A platform on this folder's database, new or not.
    pub(crate) async fn start_in(folder: tempfile::TempDir, settings: PlatformSettings) -> Self {
        let url = Store::sqlite_url(&folder.path().join("einlass.db"));
        Self::start_on(url, folder, settings).await
    }

    /// A platform on a database of its own in the tests' PostgreSQL.
    pub(crate) async fn start_on_postgres(settings: PlatformSettings) -> Self {
        Self::start_on(postgres::empty().await, tempfile::tempdir().unwrap(), settings).await
    }

    async fn start_on(url: String, folder: tempfile::TempDir, settings: PlatformSettings) -> Self {
        let store = Store::open(&url).await.unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(1_800_000_000_000)));
        let seed = Seed::new(&[42; 32]);
        let demo = Demonstration::of(&seed, Demonstration::usual_scopes());
        demo.record(&seed, &store, clock.wall()).await.unwrap();
        let told = Arc::new(Told::default());
        let parts = Parts {
            settings,
            store: store.clone(),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
            master_key: seed.master_key(),
            behind: demonstration_api(),
            feed: told.clone(),
        };
        let platform = Platform::open(parts).await.unwrap();
        Self {
            router: router::router(Arc::clone(&platform), Surface::ALL),
            platform,
            store,
            clock,
            told,
            demo,
            seed,
            folder,
            url,
        }
    }

    /// One more node on the same database, with the same clock.
    pub(crate) async fn another_node(&self, settings: PlatformSettings) -> (Arc<Platform>, Arc<Told>) {
        let told = Arc::new(Told::default());
        let parts = Parts {
            settings,
            store: Store::open(&self.url).await.unwrap(),
            clock: self.clock.clone(),
            random: Arc::new(OsRandom),
            master_key: self.seed.master_key(),
            behind: demonstration_api(),
            feed: told.clone(),
        };
        (Platform::open(parts).await.unwrap(), told)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        Reply::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// Does something to the database that no platform does.
    pub(crate) async fn behind_its_back(&self, statements: &[&'static str]) {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        for statement in statements {
            connection.execute(*statement).await.unwrap();
        }
        connection.close().await.unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A request to the token endpoint with these headers and this body.
    pub(crate) async fn post_token(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let request = Request::post("/oauth2/token").header("content-type", FORM);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(body.into()).unwrap()).await
    }

    /// The request that the platform's documentation shows.
    pub(crate) async fn token(&self) -> Reply {
        self.post_token(&[("authorization", &self.basic())], "grant_type=client_credentials").await
    }

    /// The demonstration client's `Authorization` header.
    pub(crate) fn basic(&self) -> String {
        basic(&format!("{}:{}", self.demo.client_id, self.demo.client_secret.expose()))
    }

    pub(crate) fn verifier() -> AccessVerifier {
        AccessVerifier::new(ISSUER, "einlass-platform")
    }

    pub(crate) async fn key_set(&self) -> KeySet {
        KeySet::parse(&self.get("/.well-known/jwks.json").await.body).unwrap()
    }
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn basic(joined: &str) -> String {
    format!("Basic {}", STANDARD.encode(joined))
}

pub(crate) fn demonstration_policy() -> Policy {
    let document = Document { name: "demonstration", text: erp::OPENAPI };
    Policy::compile([document], Settings::default()).unwrap()
}

pub(crate) fn demonstration_api() -> Vec<Behind> {
    vec![Behind { prefix: "/erp".into(), policy: CurrentPolicy::new(demonstration_policy()) }]
}
