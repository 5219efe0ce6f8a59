//! The durable state, on `SQLite` or PostgreSQL.
//!
//! One concrete [`Store`]; SQL is written once, in the subset that both engines share, and `db` is the
//! only file that knows which one it talks to. Operations are named by what they mean and are atomic:
//! races are decided by the database. One file per aggregate:
//!
//! | file | what it keeps |
//! |---|---|
//! | `organisations` | who takes part |
//! | `tenants` | merchants' tenants |
//! | `apps` | apps |
//! | `listings` | what apps say of themselves, who finds them, and what of them is at a tenant |
//! | `clients` | the clients through which apps act |
//! | `redirects` | where those that people sign in through may have them sent back to |
//! | `origins` | whose pages may read in a browser what we answer |
//! | `secrets` | client secrets, and the look-up that authenticates a client |
//! | `installations` | which app may act for which tenant, with which scopes |
//! | `shut_out` | apps and channels that can do nothing until they are let in again |
//! | `signing_keys` | sealed signing keys |
//! | `revocations` | what is denied before it expires by itself |
//! | `audit` | who changed what |
//! | `changes` | how one node hears of what another one did |
//! | `news` | that it hears of it at once |
//! | `usage` | who did how much |
//! | `usage_days` | the same by the day, and when scopes were last used |
//! | `totals` | how many there are |
//! | `backup` | a copy while everything runs |
//! | `admin_tokens` | what opens the administration API |
//! | `first_operator` | the one-time code for the first admin token |
//! | `channels` | marketplace channels |
//! | `refresh_tokens` | what channels and sellers exchange for a short token, and the PINs for it |
//! | `sellers` | which seller is linked to which channel |
//! | `sites` | ERPs on merchants' own premises |
//! | `registrations` | what apps asked of them |
//! | `decisions` | what admins decided about that |
//! | `api_keys` | what opens them |
//! | `app_keys` | by which apps' signatures are known |
//! | `people` | who can sign in |
//! | `memberships` | what they may do in which organisation |
//! | `sessions` | where they have signed in |
//! | `surfaces` | how that opens hub, portal and console |
//! | `grants` | what they let clients do for them |
//! | `grant_codes` | how that begins: codes that are traded for tokens once |
//! | `grant_tokens` | how it goes on: refresh tokens, each of which is followed by one |
//! | `grant_lists` | what there is of it: for its person, for operators, and for whoever brings something of it |
//! | `passkeys` | what proves it beside the password |
//! | `links` | invitations, and ways back to an account |

mod admin_tokens;
mod api_keys;
mod app_keys;
mod apps;
mod audit;
mod backup;
mod changes;
mod channels;
mod clients;
mod db;
mod decisions;
mod error;
mod first_operator;
mod grant_codes;
mod grant_lists;
mod grant_tokens;
mod grants;
mod installations;
mod links;
mod listings;
mod memberships;
mod news;
mod organisations;
mod origins;
mod page;
mod passkeys;
mod people;
mod redirects;
mod refresh_tokens;
mod registrations;
mod revocations;
mod secrets;
mod sellers;
mod sessions;
mod shut_out;
mod signing_keys;
mod sites;
mod surfaces;
mod tenants;
mod totals;
mod usage;
mod usage_days;
mod write;

pub use admin_tokens::{Access, AdminToken, NewAdminToken};
pub use api_keys::ApiKey;
pub use apps::{App, NewApp};
pub use audit::{AuditEvent, AuditFilter, Outcome};
pub use changes::{Change, RecordedChange};
pub use channels::Channel;
pub use clients::{Client, ClientKind, InvalidClientKind};
pub use error::{StoreError, Taken};
pub use grant_codes::{NewGrantCode, Redeemed};
pub use grant_lists::{GrantFilter, GrantWish, ListedGrant, SeenGrant};
pub use grant_tokens::Refreshed;
pub use grants::Granted;
pub use installations::{CONSENT_LAPSES_AFTER, Installation, ListedInstallation};
pub use links::{Joining, Link, LinkTo, Maker, Recovery};
pub use listings::{InstalledApp, InvalidListingState, Listing, ListingState};
pub use memberships::{Changed, Member, MemberFilter};
pub use news::News;
pub use organisations::{Organisation, OrganisationFilter};
pub use page::{Page, PageSize};
pub use passkeys::{Ceremony, Passkey};
pub use people::{PasswordHash, Person};
pub use redirects::{RedirectUris, SignInClient};
pub use refresh_tokens::{Exchangeable, NewRefreshToken, RefreshToken, TokenOwner};
pub use registrations::{InvalidState, NewRegistration, Polled, Registration, RegistrationState, Requested};
pub use revocations::RecordedRevocation;
pub use secrets::{AuthenticableClient, ClientSecret, NewSecret, StoredSecret};
pub use sellers::{ChannelEvent, Linked, NewSession, SellerLink};
pub use sessions::{NewPersonSession, PersonSession};
pub use signing_keys::SealedKey;
pub use sites::Site;
pub use surfaces::NewCode;
pub use tenants::{NewTenant, Owner, PersonsTenant, Tenant};
pub use totals::Totals;
pub use usage::{UsageBy, UsageFilter, UsageSum};
pub use usage_days::{BusyApp, CallsOf, UsageDay, UsageOf};
pub use write::Write;

use std::path::Path;

/// The platform's durable state. Cheap to clone; clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct Store {
    db: db::Db,
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::UnsupportedUrl`] for any other URL, [`StoreError::Unavailable`] when the database cannot
    /// be reached, or holds tables that were changed behind our back.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self { db: db::Db::open(url).await? };
        store.read_unread_origins().await?;
        Ok(store)
    }

    /// Opens a database that must be there, and leaves its tables as they are: for looking at it from outside.
    ///
    /// # Errors
    /// [`StoreError::UnsupportedUrl`] for any other URL, [`StoreError::Unavailable`] when the database is not there or
    /// cannot be reached.
    pub async fn open_as_it_is(url: &str) -> Result<Self, StoreError> {
        Ok(Self { db: db::Db::open_as_it_is(url).await? })
    }

    /// The same database over connections of its own, which nobody else uses up.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { db: self.db.apart() }
    }

    /// The URL of a `SQLite` database in this file, whatever characters its path has.
    #[must_use]
    pub fn sqlite_url(file: &Path) -> String {
        db::sqlite_url(file)
    }

    /// Closes every connection; `SQLite` then folds its write-ahead log into the database file.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// How many operations the database works at for this process at once; more wait for each other.
    #[must_use]
    pub fn most_connections(&self) -> u32 {
        self.db.most_connections()
    }

    /// Which database it is: `sqlite` or `postgresql`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        if self.db.is_embedded() { "sqlite" } else { "postgresql" }
    }

    /// How many connections there are now, and how many of them are idle.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        self.db.connections()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.run(sqlx::query("SELECT 1")).await.map(|_| ())
    }
}
