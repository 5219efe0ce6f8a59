//! Clients that people sign in through, and where these may be sent back to.

use crate::apps::{self, App};
use crate::changes::Change;
use crate::clients::{self, Client};
use crate::db::ReadColumn;
use crate::origins::{self, Source};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::ClientId;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// Where a client may have people sent back to, letter by letter: at most [`RedirectUris::MOST`] of each.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RedirectUris {
    /// With a code (RFC 6749 §3.1.2).
    pub login: Vec<String>,
    /// When they have signed out (OpenID Connect RP-Initiated Logout 1.0 §3).
    pub logout: Vec<String>,
}

impl RedirectUris {
    /// How many there may be of each.
    pub const MOST: usize = 20;

    fn each(&self) -> impl Iterator<Item = (&'static str, i64, &String)> {
        let login = (0..).zip(&self.login).map(|(place, uri)| (LOGIN, place, uri));
        login.chain((0..).zip(&self.logout).map(|(place, uri)| (LOGOUT, place, uri)))
    }

    /// Those of these rows, in their order; a row without one says that there is none.
    fn of(rows: &[AnyRow]) -> Result<Self, StoreError> {
        let mut uris = Self::default();
        for row in rows {
            match (row.maybe_text("use")?.as_deref(), row.maybe_text("uri")?) {
                (Some(LOGIN), Some(uri)) => uris.login.push(uri),
                (Some(LOGOUT), Some(uri)) => uris.logout.push(uri),
                (None, None) => {}
                _ => return Err(StoreError::Inconsistent { column: "use" }),
            }
        }
        Ok(uris)
    }
}

const LOGIN: &str = "login";
const LOGOUT: &str = "logout";

/// A client that people sign in through.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignInClient {
    /// The client.
    pub client: Client,
    /// The app that acts through it.
    pub app: App,
    /// Where people may be sent back to.
    pub uris: RedirectUris,
}

pub(crate) const OF_CLIENT: &str =
    "SELECT use, uri FROM client_redirects WHERE client_id = $1 ORDER BY use, place";
pub(crate) const WITH_APP: &str =
    "SELECT c.algorithm, c.kind, a.id, a.organisation_id, a.technical_name, a.name, a.scopes, r.use, r.uri
     FROM clients c JOIN apps a ON a.id = c.app_id LEFT JOIN client_redirects r ON r.client_id = c.id
     WHERE c.id = $1 AND a.shut_out_at IS NULL ORDER BY r.use, r.place";

impl Store {
    /// Records one more client of an app, which has no secret, and where it may have people sent back to: all or nothing.
    /// Gives what other nodes hear of.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id is taken, [`StoreError::MissingReference`] when the app is unknown.
    pub async fn create_public_client(
        &self,
        client: &Client,
        uris: &RedirectUris,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let have_moved = put(&mut transaction, client, uris, write.now).await?;
        write.audit(&mut transaction).await?;
        let changes = origins::tell(&mut transaction, have_moved, write.now).await?;
        transaction.commit().await?;
        Ok(changes)
    }

    /// Where a client may have people sent back to.
    pub async fn redirect_uris(&self, client: &ClientId) -> Result<RedirectUris, StoreError> {
        RedirectUris::of(&self.db.all(sqlx::query(OF_CLIENT).bind(client.as_str())).await?)
    }

    /// Where a client may have people sent back to from now on, in place of what was said before. Gives what other nodes
    /// hear of; `None` when there is no such client.
    pub async fn set_redirect_uris(
        &self,
        client: &ClientId,
        uris: &RedirectUris,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // One change after another, so that no two are mixed.
        let hold = sqlx::query("UPDATE clients SET kind = kind WHERE id = $1").bind(client.as_str());
        if hold.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let delete = sqlx::query("DELETE FROM client_redirects WHERE client_id = $1").bind(client.as_str());
        delete.execute(&mut *transaction).await?;
        insert(&mut transaction, client, uris).await?;
        let source = Source::Client(client.clone());
        let have_moved = origins::replace(&mut transaction, &source, &origins::of_uris(uris)).await?;
        write.audit(&mut transaction).await?;
        let changes = origins::tell(&mut transaction, have_moved, write.now).await?;
        transaction.commit().await?;
        Ok(Some(changes))
    }

    /// A client that people sign in through, with its app, in one look-up. One of an app that is shut out is nowhere.
    pub async fn sign_in_client(&self, id: &ClientId) -> Result<Option<SignInClient>, StoreError> {
        let rows = self.db.all(sqlx::query(WITH_APP).bind(id.as_str())).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (app, algorithm) = (apps::app(row)?, clients::algorithm(row)?);
        let client = Client { id: id.clone(), app: app.id, algorithm, kind: row.parsed("kind")? };
        Ok(Some(SignInClient { client, app, uris: RedirectUris::of(&rows)? }))
    }
}

/// One more client that people sign in through. Says whether pages may read more than before.
pub(crate) async fn put(
    transaction: &mut Transaction<'_, Any>,
    client: &Client,
    uris: &RedirectUris,
    now: UnixTime,
) -> Result<bool, StoreError> {
    clients::insert(client, now).execute(&mut **transaction).await?;
    insert(transaction, &client.id, uris).await?;
    let source = Source::Client(client.id.clone());
    origins::replace(transaction, &source, &origins::of_uris(uris)).await
}

async fn insert(
    transaction: &mut Transaction<'_, Any>,
    client: &ClientId,
    uris: &RedirectUris,
) -> Result<(), StoreError> {
    for (purpose, place, uri) in uris.each() {
        sqlx::query("INSERT INTO client_redirects (client_id, use, place, uri) VALUES ($1, $2, $3, $4)")
            .bind(client.as_str())
            .bind(purpose)
            .bind(place)
            .bind(uri)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
