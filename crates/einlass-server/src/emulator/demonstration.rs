//! The demonstration platform: a partner with one app; a merchant with two tenants, who has installed it at the first; and
//! another merchant.

use super::listing::NAME;
use super::{DemonstrationChannel, DemonstrationPeople, Seed};
use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId, SiteId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    Access, App, Client, ClientKind, NewAdminToken, NewApp, NewSecret, Organisation, RedirectUris, Site,
    Store, StoreError, Tenant,
};

/// What the demonstration app asks for of the demonstration ERP, and is granted.
const SCOPES: &str = "customers.read items.read items.write returns.read";

/// The values that an integrator needs.
#[derive(Clone, Debug)]
pub struct Demonstration {
    /// The app's client.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: Secret,
    /// Another client of the app's, which has no secret: for programs on a person's machine.
    pub public_client_id: ClientId,
    /// The app.
    pub app: AppId,
    /// The tenant that has installed it.
    pub tenant: TenantId,
    /// A tenant that has not.
    pub other_tenant: TenantId,
    /// What opens the administration API.
    pub admin_token: Secret,
    /// What the app may do.
    pub scopes: ScopeSet,
    /// A marketplace channel, where the tenant that has the app sells.
    pub channel: DemonstrationChannel,
    /// Who can sign in.
    pub people: DemonstrationPeople,
}

impl Demonstration {
    /// What the app asks for in front of the demonstration ERP: not everything, so that something is refused.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the list is a constant")]
    pub fn usual_scopes() -> ScopeSet {
        SCOPES.parse().expect("the list is well formed")
    }

    /// The values that this seed stands for, with an app that asks for these scopes.
    #[must_use]
    pub fn of(seed: &Seed, scopes: ScopeSet) -> Self {
        Self {
            client_id: client_id(seed, "client"),
            client_secret: seed.secret(SecretKind::ClientSecret, "client"),
            public_client_id: client_id(seed, "public client"),
            app: AppId::new(seed.uuid("app")),
            tenant: TenantId::new(seed.uuid("tenant")),
            other_tenant: TenantId::new(seed.uuid("other tenant")),
            admin_token: seed.secret(SecretKind::AdminToken, "admin"),
            scopes,
            channel: DemonstrationChannel::of(seed),
            people: DemonstrationPeople::of(seed),
        }
    }

    /// Records it. What is there already stays as it is, but for the scopes, so that a start that was cut off is
    /// made good by the next one.
    pub async fn record(&self, seed: &Seed, store: &Store, now: UnixTime) -> Result<(), StoreError> {
        let partner = organisation(seed, "Nordlicht Software", OrganisationKind::Partner);
        let merchants = ["Anna's Bikes", "Bert's Books"];
        let merchants = merchants.map(|name| organisation(seed, name, OrganisationKind::Merchant));
        for organisation in merchants.iter().chain([&partner]) {
            unless_there(store.create_organisation(organisation, now).await)?;
        }
        let [anna, bert] = merchants;
        let workshop = TenantId::new(seed.uuid("workshop tenant"));
        let tenants = [
            tenant(self.tenant, &anna, ("Anna's Bikes", "annas-bikes"), 10_001),
            tenant(self.other_tenant, &bert, ("Bert's Books", "berts-books"), 10_002),
            tenant(workshop, &anna, ("Anna's Workshop", "annas-workshop"), 10_003),
        ];
        for tenant in &tenants {
            unless_there(store.create_tenant(tenant, now).await)?;
        }
        let merchant = tenants[0].organisation;
        self.record_app(seed, &partner, store, now).await?;
        self.record_public_client(store, now).await?;
        self.channel.record(seed, partner.id, self.tenant, store, now).await?;
        self.record_site(seed, merchant, store, now).await?;
        self.people.record(seed, merchant, partner.id, store, now).await?;
        let admin = NewAdminToken {
            id: CredentialId::new(seed.uuid("admin token")),
            name: "dev".into(),
            hash: SecretHash::of(&self.admin_token),
            access: Access::Full,
            expires_at: None,
        };
        unless_there(store.create_admin_token(&admin, now).await)
    }

    /// An ERP on Anna's own premises.
    async fn record_site(
        &self,
        seed: &Seed,
        organisation: OrganisationId,
        store: &Store,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let site = Site {
            id: SiteId::new(seed.uuid("site")),
            organisation,
            database: Self::database(),
            name: "Anna's Bikes".into(),
            waiting_until: None,
            licensed: true,
        };
        unless_there(store.create_site(&site, now).await)
    }

    /// What that ERP is called behind `/api`.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the name is a constant")]
    pub fn database() -> DatabaseName {
        "eazybusiness".parse().expect("the name is well formed")
    }

    async fn record_app(
        &self,
        seed: &Seed,
        partner: &Organisation,
        store: &Store,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let app = App {
            id: self.app,
            organisation: partner.id,
            technical_name: "stock-mirror".into(),
            name: NAME.into(),
            scopes: self.scopes.clone(),
        };
        let new =
            NewApp { app, client_id: self.client_id.clone(), algorithm: Algorithm::Rs256, secret: None };
        unless_there(store.register_app(&new, now).await)?;
        let known = store.client_to_authenticate(&self.client_id, now).await?;
        if known.is_some_and(|client| !client.secrets.is_empty()) {
            return self.change_scopes(store, now).await;
        }
        store.consent_to_app(self.app, self.tenant, &self.scopes, now).await?;
        store.complete_setup(self.app, self.tenant, now).await?;
        let secret = NewSecret {
            id: CredentialId::new(seed.uuid("client secret")),
            client_id: self.client_id.clone(),
            name: "dev".into(),
            hash: SecretHash::of(&self.client_secret),
            expires_at: None,
        };
        unless_there(store.add_client_secret(&secret, now).await)
    }

    /// Its programs listen at whatever port is free (RFC 8252 §7.3).
    async fn record_public_client(&self, store: &Store, now: UnixTime) -> Result<(), StoreError> {
        let client = Client {
            id: self.public_client_id.clone(),
            app: self.app,
            algorithm: Algorithm::Rs256,
            kind: ClientKind::Public,
        };
        let uris = RedirectUris {
            login: vec!["http://127.0.0.1/callback".into()],
            logout: vec!["http://127.0.0.1/".into()],
        };
        unless_there(store.create_public_client(&client, &uris, now).await.map(drop))
    }

    /// At a later start: the app may ask for something else by now. A merchant who removed it since does not find
    /// it back.
    async fn change_scopes(&self, store: &Store, now: UnixTime) -> Result<(), StoreError> {
        store.change_app_scopes(self.app, &self.scopes, now).await?;
        if store.open_installation(self.app, self.tenant, now).await?.is_some() {
            store.consent_to_app(self.app, self.tenant, &self.scopes, now).await?;
        }
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "a UUID is a client id")]
fn client_id(seed: &Seed, name: &str) -> ClientId {
    seed.uuid(name).to_string().parse().expect("a UUID is a client id")
}

fn organisation(seed: &Seed, name: &str, kind: OrganisationKind) -> Organisation {
    Organisation { id: OrganisationId::new(seed.uuid(name)), name: name.into(), kind }
}

fn tenant(id: TenantId, merchant: &Organisation, (name, slug): (&str, &str), number: i64) -> Tenant {
    Tenant {
        id,
        organisation: merchant.id,
        slug: slug.into(),
        name: name.into(),
        customer_number: format!("K-{number}"),
        jtl_account_id: number,
    }
}

pub(super) fn unless_there(outcome: Result<(), StoreError>) -> Result<(), StoreError> {
    match outcome {
        Err(StoreError::AlreadyExists(_)) => Ok(()),
        other => other,
    }
}
