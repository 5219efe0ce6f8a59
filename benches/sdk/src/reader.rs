//! The SDKs behind one face: everybody reads a token from its cache.

use crate::issuer::Issuer;
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, ClientOptions, HttpClient, Request, StatusCode, Transport};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use einlass_client::TokenCache;
use einlass_client::protocol::secret::Secret as OurSecret;
use einlass_client::source::{ClientCredentials, Credentials as OurCredentials};
use google_cloud_auth::credentials::{CacheableResource, Credentials, EntityTag, mds};
use http::Extensions;
use std::hint::black_box;
use std::sync::Arc;

/// Azure's caches are by scope.
const SCOPE: [&str; 1] = ["https://api.example/.default"];

/// Which SDK, and how it is read.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Ours, up to the value of the `Authorization` header.
    Einlass,
    /// Google's, up to the headers.
    Google,
    /// Google's, by a caller who keeps the headers and asks whether they are still the ones.
    GoogleKept,
    /// Azure's, up to the token; its pipeline makes the header of it for each request.
    Azure,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Einlass, Self::Google, Self::GoogleKept, Self::Azure];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Einlass => "**einlass-client**, `token()` and `authorization()`",
            Self::Google => "google-cloud-auth 1.18.0, `headers()`",
            Self::GoogleKept => "google-cloud-auth 1.18.0, `headers()`, headers kept by the caller",
            Self::Azure => "azure_identity 1.0.0, `get_token()`",
        }
    }

    /// A life of a token, in seconds, which makes this SDK refresh some two seconds after it got the token: at half of
    /// it, four minutes before its end, and five minutes before its end.
    pub(crate) const fn due_after_two_seconds(self) -> u64 {
        match self {
            Self::Einlass => 4,
            Self::Google | Self::GoogleKept => 242,
            Self::Azure => 302,
        }
    }
}

/// A cache of one SDK. Clones share it.
#[derive(Clone)]
pub(crate) enum Reader {
    Einlass(TokenCache),
    Google(Credentials),
    GoogleKept(Credentials, Extensions),
    Azure(Arc<ClientSecretCredential>),
}

impl Reader {
    /// A new cache with nothing in it, over a new identity provider whose tokens live so many seconds.
    pub(crate) async fn new(kind: Kind, lifetime: u64) -> (Self, Arc<Issuer>) {
        let (issuer, url) = Issuer::start(lifetime).await;
        let google = || mds::Builder::default().with_endpoint(&url).build().unwrap();
        let reader = match kind {
            Kind::Einlass => {
                let credentials =
                    OurCredentials::new(&"app".parse().unwrap(), OurSecret::new("secret".to_owned()));
                Self::Einlass(TokenCache::new(
                    ClientCredentials::new(&url.parse().unwrap(), credentials).unwrap(),
                ))
            }
            Kind::Google => Self::Google(google()),
            Kind::GoogleKept => Self::GoogleKept(google(), Extensions::new()),
            Kind::Azure => Self::Azure(azure(&issuer)),
        };
        (reader, issuer)
    }

    /// Reads once, and is from then on what it is from the second read on.
    pub(crate) async fn read_first(&mut self) {
        self.read().await;
        if let Self::GoogleKept(credentials, kept) = self
            && let CacheableResource::New { entity_tag, .. } =
                credentials.headers(Extensions::new()).await.unwrap()
        {
            kept.insert::<EntityTag>(entity_tag);
        }
    }

    /// Reads the cache. No reader fails in this benchmark.
    #[inline]
    pub(crate) async fn read(&self) {
        match self {
            Self::Einlass(cache) => _ = black_box(cache.token().await.unwrap().authorization()),
            Self::Google(credentials) => _ = black_box(credentials.headers(Extensions::new()).await.unwrap()),
            Self::GoogleKept(credentials, kept) => {
                _ = black_box(credentials.headers(kept.clone()).await.unwrap());
            }
            Self::Azure(credential) => _ = black_box(credential.get_token(&SCOPE, None).await.unwrap()),
        }
    }
}

/// Azure's SDK insists on `https`; its transport can be replaced, so the network is left out.
fn azure(issuer: &Arc<Issuer>) -> Arc<ClientSecretCredential> {
    let transport = Some(Transport::new(Arc::new(InProcess(Arc::clone(issuer)))));
    let options = ClientSecretCredentialOptions {
        client_options: ClientOptions { transport, ..ClientOptions::default() },
    };
    ClientSecretCredential::new("tenant", "app".into(), Secret::new("secret"), Some(options)).unwrap()
}

#[derive(Debug)]
struct InProcess(Arc<Issuer>);

#[async_trait::async_trait]
impl HttpClient for InProcess {
    async fn execute_request(&self, _: &Request) -> azure_core::Result<AsyncRawResponse> {
        Ok(AsyncRawResponse::from_bytes(StatusCode::Ok, Headers::new(), self.0.issue().await))
    }
}
