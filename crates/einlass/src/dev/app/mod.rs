//! Stock Mirror, the demonstration app: small, as an integrator would write it, and there to be read. Of the platform it is
//! given the URL, its own client id and secret, and nothing else; its pages are at an origin of their own.
//!
//! | file | what it is |
//! |---|---|
//! | `connect_tenant` | `POST /connect-tenant`: the end of an installation |
//! | `items`, `customers` | `GET /api/items`, `GET /api/customers`: what its pages show |
//! | `erp` | the calls to the platform's API that these make |
//! | `trouble` | what went wrong, in words |
//! | `pages`, `web/` | what browsers load |

mod connect_tenant;
mod customers;
mod erp;
mod items;
mod pages;
mod trouble;

use crate::failure::Failure;
use axum::Router;
use axum::extract::FromRef;
use axum::middleware::map_response_with_state;
use axum::routing::{get, post};
use einlass_client::environment::Environment;
use einlass_client::session::SessionVerifier;
use einlass_client::source::ClientCredentials;
use einlass_client::{ApiClient, TokenCache};
use einlass_protocol::ids::TenantId;
use http::HeaderValue;
use std::collections::BTreeSet;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What its handlers share.
#[derive(Clone)]
struct App {
    api: ApiClient,
    sessions: SessionVerifier,
    /// Where it is installed. It forgets this when it ends; a real app has a database.
    tenants: Arc<Mutex<BTreeSet<TenantId>>>,
}

/// The extractor for sessions checks them with this.
impl FromRef<App> for SessionVerifier {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

impl App {
    /// One cache of tokens for everything that is asked of the platform. Nothing is fetched yet.
    fn new(environment: Environment) -> Result<Self, Failure> {
        let Environment { auth_base, api_base, credentials } = environment;
        let tokens = TokenCache::new(ClientCredentials::new(&auth_base, credentials)?);
        let sessions = SessionVerifier::new(&api_base, tokens.clone())?;
        Ok(Self { api: ApiClient::new(api_base, tokens)?, sessions, tenants: Arc::default() })
    }
}

fn router(app: App, policy: HeaderValue) -> Router {
    Router::new()
        .route("/connect-tenant", post(connect_tenant::endpoint))
        .route("/api/items", get(items::endpoint))
        .route("/api/customers", get(customers::endpoint))
        .merge(pages::router())
        .layer(map_response_with_state(policy, pages::leave))
        .with_state(app)
}

/// The app's place, at which nothing is served yet.
pub(super) struct Place {
    listener: TcpListener,
    /// Scheme, host and port. The host is another one than the platform's, so that the cookies of one are not the other's.
    pub(super) origin: String,
}

impl Place {
    /// The port that it had before, the one after the platform's, or any other if these are taken.
    pub(super) async fn find(kept: Option<u16>, platform_port: u16) -> io::Result<Self> {
        let wished = kept.unwrap_or_else(|| platform_port.checked_add(1).unwrap_or_default());
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, wished)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        };
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        Ok(Self { listener, origin })
    }

    /// Where it listens.
    pub(super) fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Serves the app there, for people who come from this platform.
    pub(super) fn open(self, platform: &str, environment: Environment) -> Result<(), Failure> {
        let policy = pages::policy(platform).map_err(|fault| Failure::Failed(fault.to_string()))?;
        let router = router(App::new(environment)?, policy);
        tokio::spawn(async move {
            if let Err(fault) = axum::serve(self.listener, router).await {
                tracing::error!(target: "einlass::dev", %fault, "the demonstration app ended");
            }
        });
        Ok(())
    }
}
