//! What an operator can end: how each is found, what is said of it, how much rests on it, and its end. The administration API
//! ends the same by the same names.

use super::words::Console;
use crate::Platform;
use crate::audit::Actor;
use crate::keys::{KeyStatus, Phase};
use crate::onprem::{DecisionFault, Shown};
use crate::pages::credentials::{Credential, relevant};
use crate::pages::ending::{Fact, Facts, Words};
use crate::pages::fault::Fault;
use crate::pages::frame::Frame;
use crate::pages::words::Words as Wording;
use einlass_protocol::ids::{AppId, ClientId, TenantId};
use einlass_protocol::revocation::Subject;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::UsedCredential;
use einlass_store::{
    AdminToken, App, CallsOf, Channel, ClientSecret, ListedGrant, Person, RefreshToken, Registration,
    RegistrationState, Site, StoreError, Tenant, TokenOwner, UsageOf,
};
use std::fmt;

/// Something that counts until somebody ends it.
pub(super) enum End {
    App(App),
    Client(App, ClientId),
    Secret(App, ClientId, ClientSecret),
    Installation(App, Tenant),
    Tenant(Tenant),
    Registration(Site, Registration),
    Channel(Channel),
    RefreshToken(TokenOwner, RefreshToken),
    Person(Person),
    Grant(ListedGrant, Person),
    AdminToken(AdminToken),
    SigningKey(KeyStatus),
}

/// Refresh tokens, with where they are ended for whoever may.
pub(super) fn refresh_tokens(tokens: Vec<RefreshToken>, may_end: bool, now: UnixTime) -> Vec<Credential> {
    let listed = |token: RefreshToken| {
        let end = may_end.then(|| path("refresh-token", token.id));
        Credential::of_refresh_token(token, now).ended_at(end)
    };
    relevant(tokens.into_iter().map(listed))
}

/// The same of secrets.
pub(super) fn secrets(secrets: Vec<ClientSecret>, may_end: bool, now: UnixTime) -> Vec<Credential> {
    let listed = |secret: ClientSecret| {
        let end = may_end.then(|| path("secret", secret.id));
        Credential::of_secret(secret, now).ended_at(end)
    };
    relevant(secrets.into_iter().map(listed))
}

/// Where something is ended.
pub(super) fn path(kind: &str, subject: impl fmt::Display) -> String {
    format!("/admin/end/{kind}/{subject}")
}

impl End {
    /// What a path names. A grant and a key that have ended are not there any more; to end anything else again does no harm.
    pub(super) async fn find(platform: &Platform, kind: &str, named: &str) -> Result<Self, Fault> {
        let store = &platform.store;
        Ok(match kind {
            "app" => Self::App(app(platform, parsed(named)?).await?),
            "client" => {
                let client = store.client(&parsed(named)?).await?.ok_or(Fault::NotFound)?;
                Self::Client(app(platform, client.app).await?, client.id)
            }
            "secret" => {
                let (client, secret) = store.client_secret(parsed(named)?).await?.ok_or(Fault::NotFound)?;
                let owner = store.client(&client).await?.ok_or(Fault::NotFound)?;
                Self::Secret(app(platform, owner.app).await?, client, secret)
            }
            "installation" => {
                let (of, at) = named.split_once('@').ok_or(Fault::NotFound)?;
                Self::Installation(app(platform, parsed(of)?).await?, tenant(platform, parsed(at)?).await?)
            }
            "tenant" => Self::Tenant(tenant(platform, parsed(named)?).await?),
            "registration" => {
                let registration = store.registration(parsed(named)?).await?.ok_or(Fault::NotFound)?;
                let site = store.site(registration.site).await?.ok_or(Fault::NotFound)?;
                Self::Registration(site, registration)
            }
            "channel" => Self::Channel(store.channel(&parsed(named)?).await?.ok_or(Fault::NotFound)?),
            "refresh-token" => {
                let found = store.refresh_token_of_id(parsed(named)?).await?;
                let (owner, token) = found.ok_or(Fault::NotFound)?;
                Self::RefreshToken(owner, token)
            }
            "person" => Self::Person(store.person(parsed(named)?).await?.ok_or(Fault::NotFound)?),
            "grant" => {
                let grant = store.grant_of_id(parsed(named)?).await?.ok_or(Fault::NotFound)?;
                let person = store.person(grant.person).await?.ok_or(Fault::NotFound)?;
                Self::Grant(grant, person)
            }
            "admin-token" => {
                let token = store.admin_token_of_id(parsed(named)?).await?;
                Self::AdminToken(token.ok_or(Fault::NotFound)?)
            }
            "key" => Self::SigningKey(key(platform, named).await?),
            _ => return Err(Fault::NotFound),
        })
    }

    /// The page that it is on, and what that is called.
    pub(super) fn from(&self, w: &'static Wording, p: &Console) -> (String, String) {
        match self {
            Self::App(app) | Self::Client(app, _) | Self::Secret(app, ..) => {
                (format!("/admin/apps/{}", app.id), app.name.clone())
            }
            Self::Installation(_, tenant) | Self::Tenant(tenant) => {
                (format!("/admin/tenants/{}", tenant.id), tenant.name.clone())
            }
            Self::Registration(site, _) => (format!("/admin/sites/{}", site.database), site.name.clone()),
            Self::Channel(Channel { name, .. }) | Self::RefreshToken(TokenOwner::Channel(name), _) => {
                (format!("/admin/channels/{name}"), name.to_string())
            }
            Self::RefreshToken(TokenOwner::Seller(tenant), _) => {
                (format!("/admin/tenants/{tenant}"), w.tenant_id.into())
            }
            Self::Person(person) | Self::Grant(_, person) => {
                (format!("/admin/people/{}", person.id), person.name.clone())
            }
            Self::AdminToken(_) => ("/admin/tokens".into(), p.tokens.into()),
            Self::SigningKey(_) => ("/admin/keys".into(), p.keys.into()),
        }
    }

    pub(super) const fn words(&self, w: &Wording, p: &Console) -> Words {
        let (ask, what, verb) = match self {
            Self::App(_) => (p.shut_out_ask, p.shut_out_what, p.shut_out),
            Self::Client(..) => (p.end_client_ask, p.end_client_what, p.shut_out_here),
            Self::Secret(..) => (p.end_secret_ask, p.end_secret_what, w.end),
            Self::Installation(..) => (p.remove_ask, p.remove_what, w.remove),
            Self::Tenant(_) => (p.end_tenant_ask, p.end_tenant_what, p.end_tenant),
            Self::Registration(..) => (p.end_registration_ask, p.end_registration_what, w.end),
            Self::Channel(_) => (p.end_channel_ask, p.end_channel_what, p.shut_out_here),
            Self::RefreshToken(..) => (p.end_refresh_token_ask, p.end_refresh_token_what, w.end),
            Self::Person(_) => (p.end_person_ask, p.end_person_what, p.end_person),
            Self::Grant(..) => (p.end_grant_ask, p.end_grant_what, w.end),
            Self::AdminToken(_) => (p.end_admin_token_ask, p.end_admin_token_what, w.end),
            Self::SigningKey(_) => (p.distrust_ask, p.distrust_what, p.distrust),
        };
        Words { ask, what, verb }
    }

    /// What it is.
    pub(super) fn is(&self, f: &Frame<'_>, p: &Console) -> Facts {
        let text = |text: &str| Fact::Text(text.to_owned());
        let code = |text: &dyn fmt::Display| Fact::Code(text.to_string());
        match self {
            Self::App(app) => {
                vec![(f.w.app, text(&app.name)), (p.technical_name, code(&app.technical_name))]
            }
            Self::Client(app, client) => vec![(p.client_id, code(client)), (f.w.app, text(&app.name))],
            Self::Secret(app, client, secret) => vec![
                (f.w.what_for, text(&secret.name)),
                (f.w.app, text(&app.name)),
                (p.client_id, code(client)),
                (f.w.last_used, Fact::Time(secret.last_used_at)),
            ],
            Self::Installation(app, tenant) => {
                vec![(f.w.app, text(&app.name)), (f.w.tenant_id, text(&tenant.name))]
            }
            Self::Tenant(tenant) => vec![(f.w.tenant_id, text(&tenant.name))],
            Self::Registration(site, registration) => vec![
                (
                    f.w.app,
                    Fact::Text(Shown::of_text(&registration.manifest, &registration.app_id).display_name),
                ),
                (f.w.id, code(&registration.app_id)),
                (p.site, text(&site.name)),
                (f.w.state, text(f.w.state_of(&registration.state))),
                (f.w.last_used, Fact::Time(registration.last_used_at)),
            ],
            Self::Channel(channel) => vec![(f.w.channel, code(&channel.name))],
            Self::RefreshToken(owner, token) => vec![
                (f.w.what_for, text(&token.name)),
                match owner {
                    TokenOwner::Channel(name) => (f.w.channel, code(name)),
                    TokenOwner::Seller(tenant) => (f.w.tenant_id, code(tenant)),
                },
                (f.w.last_used, Fact::Time(token.last_used_at)),
            ],
            Self::Person(person) => {
                vec![(f.w.name, text(&person.name)), (f.w.email, text(person.email.as_str()))]
            }
            Self::Grant(grant, person) => vec![
                (f.w.app, text(&grant.app_name)),
                (f.w.name, text(&person.name)),
                (p.may, Fact::Text(grant.scope.to_string())),
                (f.w.since, Fact::Time(Some(grant.granted_at))),
            ],
            Self::AdminToken(token) => {
                vec![(f.w.name, text(&token.name)), (f.w.since, Fact::Time(Some(token.created_at)))]
            }
            Self::SigningKey(key) => vec![
                (p.key, code(&key.kid)),
                (p.algorithm, text(key.algorithm.as_str())),
                (p.issuer, code(&key.issuer)),
                (p.state, text(p.phase(&key.phase))),
                (p.signs_from, Fact::Time(Some(key.signs_from))),
            ],
        }
    }

    /// How much rests on it: at how many places it is installed, and how often it was used today.
    pub(super) async fn bears(
        &self,
        platform: &Platform,
        (f, p): (&Frame<'_>, &Console),
    ) -> Result<Facts, StoreError> {
        let (store, now) = (&platform.store, platform.clock.wall());
        let calls = async |of| store.calls_since(of, now).await.map(Fact::Number);
        let calls_of = async |of| store.calls_of_several(&of, now).await.map(Fact::Number);
        let installations = async |app| store.count_installations(app, now).await.map(Fact::Number);
        let by = |id| UsageOf::Credential(UsedCredential::Secret(id));
        let today = f.w.calls_today;
        Ok(match self {
            Self::App(app) => vec![
                (p.installations, installations(app.id).await?),
                (today, calls(UsageOf::App(app.id)).await?),
            ],
            Self::Client(app, _) => vec![
                (p.installations, installations(app.id).await?),
                (p.calls_of_app, calls(UsageOf::App(app.id)).await?),
            ],
            Self::Secret(app, _, secret) => {
                vec![(p.installations, installations(app.id).await?), (today, calls(by(secret.id)).await?)]
            }
            Self::Installation(app, tenant) => {
                vec![(today, calls(UsageOf::Installation(app.id, tenant.id)).await?)]
            }
            Self::Tenant(tenant) => vec![
                (p.installed_here, Fact::Number(store.count_installations_at(tenant.id, now).await?)),
                (today, calls_of(CallsOf::Tenant(tenant.id)).await?),
            ],
            Self::Registration(_, registration) => {
                let key = UsedCredential::Key(registration.id);
                vec![(today, calls(UsageOf::Credential(key)).await?)]
            }
            Self::Channel(channel) => vec![
                (f.w.sellers, Fact::Number(store.count_sellers(&channel.name).await?)),
                (today, calls_of(CallsOf::Channel(channel.name.clone())).await?),
            ],
            Self::RefreshToken(_, token) => vec![(today, calls(by(token.id)).await?)],
            Self::Person(person) => vec![
                (f.w.sessions, number(platform.sessions_of(person).await?.len())),
                (f.w.organisations, number(store.memberships_of(person.id).await?.len())),
                (p.calls_for_person, calls_of(CallsOf::Person(person.id)).await?),
            ],
            Self::Grant(grant, _) => vec![(today, calls(by(grant.id.into())).await?)],
            Self::AdminToken(_) => Vec::new(),
            Self::SigningKey(_) => vec![
                (p.installations_everywhere, Fact::Number(store.totals(now).await?.installations)),
                (p.calls_everywhere, calls(UsageOf::Everybody).await?),
            ],
        })
    }

    /// Ends it. When this returns, no gateway of this process lets in what came of it.
    pub(super) async fn carry_out(self, platform: &Platform, actor: &Actor) -> Result<(), Fault> {
        let subject = match self {
            Self::App(app) => Subject::App(app.id),
            Self::Client(_, client) => Subject::Client(client),
            Self::Secret(_, _, secret) => Subject::Credential(secret.id),
            Self::Installation(app, tenant) => Subject::Installation(app.id, tenant.id),
            Self::Tenant(tenant) => Subject::Tenant(tenant.id),
            Self::Channel(channel) => Subject::Channel(channel.name),
            Self::RefreshToken(_, token) => Subject::Credential(token.id),
            Self::Person(person) => Subject::Person(person.id),
            Self::Registration(_, registration) => {
                return match platform.revoke_registration(&registration, actor).await {
                    // It has ended already.
                    Err(DecisionFault::Decided) if registration.state == RegistrationState::Revoked => Ok(()),
                    outcome => Ok(outcome?),
                };
            }
            Self::Grant(grant, person) => {
                platform.end_grant(grant.id, person.id, actor).await?;
                return Ok(());
            }
            Self::AdminToken(token) => return Ok(platform.end_admin_token(&token, actor).await?),
            Self::SigningKey(key) => {
                platform.distrust_key(&key.kid, actor).await?;
                return Ok(());
            }
        };
        Ok(platform.revoke(subject, actor).await?)
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}

async fn app(platform: &Platform, id: AppId) -> Result<App, Fault> {
    platform.store.app(id).await?.ok_or(Fault::NotFound)
}

async fn tenant(platform: &Platform, id: TenantId) -> Result<Tenant, Fault> {
    platform.store.tenant(id).await?.ok_or(Fault::NotFound)
}

/// A key that still counts.
async fn key(platform: &Platform, kid: &str) -> Result<KeyStatus, Fault> {
    let mut known = platform.signing_keys().await?.into_iter();
    known.find(|key| key.kid == kid && key.phase != Phase::Distrusted).ok_or(Fault::NotFound)
}

fn number(count: usize) -> Fact {
    Fact::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
