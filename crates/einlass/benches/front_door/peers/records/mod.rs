//! The records of our platforms, written past them: a hundred thousand apps are too many for a command each.
//! The one file of this benchmark that knows the store.

mod busy;
mod onprem;

pub(crate) use busy::{app, busy};
pub(crate) use onprem::{API_KEYS, DATABASE, api_key, api_keys};

use super::ours::SCOPES;
use crate::load::now;
use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId, PersonId, SessionId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::oauth::{CodeVerifier, FirstParty};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::Role;
use einlass_protocol::scx::ScopeWord;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    App, Channel, NewApp, NewCode, NewPersonSession, NewRefreshToken, NewSecret, Organisation, PasswordHash,
    Person, Store, StoreError, Tenant, TokenOwner,
};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use uuid::Uuid;

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);
const LATER: UnixTime = UnixTime::from_seconds(4_000_000_000);
const OWNER: OrganisationId = OrganisationId::new(Uuid::from_u128(1));

/// Where a store in this file is.
pub(crate) fn sqlite(file: &Path) -> String {
    Store::sqlite_url(file)
}

/// Records so many clients of each algorithm, installed at the first tenant, with the secrets that [`secret`] says.
pub(crate) fn clients(store: &str, count: usize) {
    write(store, 1, |store, number| async move { tenant(&store, number).await });
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        write(store, count, move |store, number| async move { client(&store, algorithm, number, 0).await });
    }
}

/// Records so many tenants, each with an app of its own installed, whose tokens are signed with EdDSA.
pub(crate) fn tenants_with_apps(store: &str, count: usize) {
    write(store, count, |store, number| async move {
        tenant(&store, number).await?;
        client(&store, Algorithm::EdDsa, number, number).await
    });
}

/// Records a channel with the refresh tokens that [`refresh_token`] says.
pub(crate) fn refresh_tokens(store: &str, count: usize) {
    let channel = || "BENCHMARK".parse().unwrap();
    write(store, 1, move |store, _| async move {
        let (sign_up_url, update_url) = (String::new(), String::new());
        let new = Channel {
            name: channel(),
            organisation: OWNER,
            scope_word: ScopeWord::default(),
            sign_up_url,
            update_url,
        };
        store.create_channel(&new, NOW).await
    });
    write(store, count, move |store, number| async move {
        let new = NewRefreshToken {
            id: CredentialId::new(Uuid::from_u128(0xC_0000_0000 + number as u128)),
            owner: TokenOwner::Channel(channel()),
            name: format!("bench {number}"),
            hash: SecretHash::of(&refresh_token(number)),
            expires_at: None,
        };
        store.add_refresh_token(&new, NOW).await
    });
}

/// Records an organisation with so many members, the first of whom has signed in and holds [`session`].
pub(crate) fn people(store: &str, count: usize) {
    let person = |number: usize| Person {
        id: PersonId::new(Uuid::from_u128(0xD_0000_0000 + number as u128)),
        email: format!("member-{number}@bench.example").parse().unwrap(),
        name: format!("Member {number}"),
    };
    write(store, count, move |store, number| async move {
        let person = person(number);
        // Nobody signs in with it.
        store.create_person(&person, &PasswordHash::new(String::new()), NOW).await?;
        store.ensure_member(OWNER, &person, Role::Admin, NOW).await
    });
    write(store, 1, move |store, _| async move {
        let new = NewPersonSession {
            id: SessionId::new(Uuid::from_u128(0xD)),
            hash: SecretHash::of(&session()),
            person: person(0).id,
            expires_at: LATER,
            address: "127.0.0.1".into(),
            agent: "a browser".into(),
        };
        store.begin_session(&new, None, &PasswordHash::new(String::new()), NOW).await?;
        store.see_session(new.id, LATER).await?;
        let operator = Organisation {
            id: OrganisationId::OPERATOR,
            name: "Operator".into(),
            kind: OrganisationKind::Operator,
        };
        store.ensure_organisation(&operator, NOW).await?;
        store.ensure_member(operator.id, &person(0), Role::Admin, NOW).await?;
        open_surfaces(&store, new.id).await
    });
    write(store, count, move |store, number| async move {
        let id = OrganisationId::new(Uuid::from_u128(0xF_0000_0000 + number as u128));
        let name = format!("Organisation {number}");
        store.create_organisation(&Organisation { id, name, kind: OrganisationKind::Both }, NOW).await
    });
}

/// What the same browser holds at each surface is [`surface_session`].
async fn open_surfaces(store: &Store, session: SessionId) -> Result<(), StoreError> {
    let verifier = CodeVerifier::from_entropy(&[7; 32]);
    for client in FirstParty::ALL {
        let hash = SecretHash::of(&of_kind(SecretKind::AuthorizationCode, client as usize));
        let challenge = verifier.challenge();
        store.issue_code(&NewCode { hash, client, challenge, session, expires_at: LATER }).await?;
        let held = SecretHash::of(&surface_session(client));
        assert!(store.consume_code(&hash, (client, &verifier), &held, NOW).await?);
    }
    Ok(())
}

/// What that browser holds at a surface.
pub(crate) fn surface_session(client: FirstParty) -> Secret {
    of_kind(SecretKind::SurfaceSession, client as usize)
}

/// The organisation with many members.
pub(crate) fn crowd() -> OrganisationId {
    OWNER
}

/// What the first member's browser holds.
pub(crate) fn session() -> Secret {
    of_kind(SecretKind::Session, 0)
}

/// The channel's refresh token with this number.
pub(crate) fn refresh_token(number: usize) -> Secret {
    of_kind(SecretKind::ChannelToken, number)
}

/// The tenant with this number.
pub(crate) fn tenant_id(number: usize) -> TenantId {
    TenantId::new(Uuid::from_u128(0xB_0000_0000 + number as u128))
}

pub(crate) fn client_id(algorithm: Algorithm, number: usize) -> ClientId {
    format!("{algorithm}-client-{number}").parse().unwrap()
}

pub(crate) fn secret(number: usize) -> Secret {
    of_kind(SecretKind::ClientSecret, number)
}

fn of_kind(kind: SecretKind, number: usize) -> Secret {
    let mut entropy = [0; 32];
    entropy[24..].copy_from_slice(&(number as u64).to_be_bytes());
    Secret::from_entropy(kind, &entropy)
}

/// The app of the client with this number.
pub(crate) fn app_id(algorithm: Algorithm, number: usize) -> AppId {
    AppId::new(app_uuid(algorithm, number))
}

fn app_uuid(algorithm: Algorithm, number: usize) -> Uuid {
    let family = if algorithm == Algorithm::Rs256 { 0xA_0000_0000 } else { 0xE_0000_0000_u128 };
    Uuid::from_u128(family + number as u128)
}

fn write<F>(url: &str, count: usize, one: impl Fn(Store, usize) -> F)
where
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    Runtime::new().unwrap().block_on(async {
        let store = Store::open(url).await.unwrap();
        let owner = Organisation { id: OWNER, name: "Bench".into(), kind: OrganisationKind::Both };
        if store.organisation(OWNER).await.unwrap().is_none() {
            store.create_organisation(&owner, NOW).await.unwrap();
        }
        // SQLite has one writer, and others would only wait for it.
        let at_a_time = if url.starts_with("sqlite") { 1 } else { 16 };
        let mut under_way: JoinSet<Result<(), StoreError>> = JoinSet::new();
        for number in 0..count {
            if under_way.len() == at_a_time {
                under_way.join_next().await.unwrap().unwrap().unwrap();
            }
            under_way.spawn(one(store.clone(), number));
        }
        for written in under_way.join_all().await {
            written.unwrap();
        }
        store.close().await;
    });
}

async fn tenant(store: &Store, number: usize) -> Result<(), StoreError> {
    let tenant = Tenant {
        id: tenant_id(number),
        organisation: OWNER,
        slug: format!("tenant-{number}"),
        name: "Bench".into(),
        customer_number: number.to_string(),
        jtl_account_id: i64::try_from(number).unwrap_or_default() + 1_000_000,
    };
    store.create_tenant(&tenant, NOW).await
}

async fn client(store: &Store, algorithm: Algorithm, number: usize, tenant: usize) -> Result<(), StoreError> {
    let tenant = tenant_id(tenant);
    let id = app_uuid(algorithm, number);
    let (app, client_id) = (AppId::new(id), client_id(algorithm, number));
    let scopes = SCOPES.parse().unwrap();
    let secret = NewSecret {
        id: CredentialId::new(id),
        client_id: client_id.clone(),
        name: "bench".into(),
        hash: SecretHash::of(&secret(number)),
        expires_at: None,
    };
    let technical_name = format!("{algorithm}-{number}");
    let new = App { id: app, organisation: OWNER, technical_name, name: "Bench".into(), scopes };
    let new = NewApp { app: new, client_id, algorithm, secret: Some(secret) };
    store.register_app(&new, NOW).await?;
    store.consent_to_app(app, tenant, &new.app.scopes, NOW).await?;
    store.complete_setup(app, tenant, NOW).await.map(drop)
}

/// A new database of a PostgreSQL server.
pub(crate) fn new_database(administrator: &str, name: &str) -> String {
    let commands = [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")];
    let commands = commands.iter().flat_map(|command| ["--command", command]);
    let made =
        Command::new("psql").args([administrator, "--quiet"]).args(commands).stderr(Stdio::null()).status();
    assert!(made.is_ok_and(|status| status.success()), "psql makes no database");
    format!("{}/{name}", administrator.rsplit_once('/').unwrap().0)
}

/// How long the questions for a client to authenticate and for an installation take, in milliseconds, the shortest
/// first; each is asked for half of the time.
pub(crate) fn look_ups(store: &str, size: usize, span: Duration) -> [Vec<f64>; 2] {
    Runtime::new().unwrap().block_on(async {
        let store = Store::open(store).await.unwrap();
        let clients = timed(size, span / 2, async |number| {
            let found =
                store.client_to_authenticate(&client_id(Algorithm::EdDsa, number), NOW).await.unwrap();
            assert!(found.is_some());
        });
        let clients = clients.await;
        let installations = timed(size, span / 2, async |number| {
            let app = AppId::new(app_uuid(Algorithm::EdDsa, number));
            let found = store.open_installation(app, tenant_id(number), NOW).await.unwrap();
            assert!(found.is_some());
        });
        let installations = installations.await;
        store.close().await;
        [clients, installations]
    })
}

async fn timed(size: usize, span: Duration, ask: impl AsyncFn(usize)) -> Vec<f64> {
    // A stride that is prime to every size goes through all numbers in no order that a page would like.
    const STRIDE: usize = 7_919;
    let end = now() + span;
    let mut took = Vec::new();
    while now() < end {
        let begun = now();
        ask(took.len() * STRIDE % size).await;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    took
}
