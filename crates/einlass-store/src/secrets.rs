//! Client secrets: hashed, several to a client, so that one can follow another without an outage.
//!
//! When a secret was last used is written for many secrets at once, so that no token waits for it.

use crate::clients::{self, ClientKind};
use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// A secret to be.
#[derive(Clone, Debug)]
pub struct NewSecret {
    /// Its id, which tokens made with it carry.
    pub id: CredentialId,
    /// Whose it is.
    pub client_id: ClientId,
    /// What its owner calls it.
    pub name: String,
    /// Its hash: the clear secret never comes here.
    pub hash: SecretHash,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
}

/// What is known of a secret, whether it works or not. There is no hash in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientSecret {
    /// Its id.
    pub id: CredentialId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
    /// When it was last used, as far as anybody recorded it.
    pub last_used_at: Option<UnixTime>,
    /// When it was ended, if it was.
    pub revoked_at: Option<UnixTime>,
}

/// A secret that works at the time of the look-up.
#[derive(Clone, Debug)]
pub struct StoredSecret {
    /// Its id.
    pub id: CredentialId,
    /// Its hash.
    pub hash: SecretHash,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
}

/// Everything that authenticating a client and issuing it a token takes.
#[derive(Clone, Debug)]
pub struct AuthenticableClient {
    /// The client.
    pub id: ClientId,
    /// Its app.
    pub app: AppId,
    /// What its tokens may hold.
    pub scopes: ScopeSet,
    /// How its tokens are signed.
    pub algorithm: Algorithm,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// The secrets that work; none is possible.
    pub secrets: Vec<StoredSecret>,
}

pub(crate) const BY_ID: &str = "SELECT client_id, id, name, created_at, expires_at, last_used_at, revoked_at FROM client_secrets WHERE id = $1";
pub(crate) const OF_CLIENT: &str = "SELECT id, name, created_at, expires_at, last_used_at, revoked_at
     FROM client_secrets WHERE client_id = $1 AND id > $2 ORDER BY id LIMIT $3";

impl Store {
    /// Gives a client one more secret.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken, [`StoreError::MissingReference`] when the client is
    /// unknown.
    pub async fn add_client_secret(
        &self,
        new: &NewSecret,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(new, write.now), write).await.map(|_| ())
    }

    /// What is known of the secret of this id, and the client that has or had it.
    pub async fn client_secret(
        &self,
        id: CredentialId,
    ) -> Result<Option<(ClientId, ClientSecret)>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| Ok((row.parsed("client_id")?, client_secret(&row)?))).transpose()
    }

    /// A page of a client's secrets, by id.
    pub async fn client_secrets(
        &self,
        client: &ClientId,
        page: &Page<CredentialId>,
    ) -> Result<Vec<ClientSecret>, StoreError> {
        let select = sqlx::query(OF_CLIENT).bind(client.as_str()).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(client_secret).collect()
    }

    /// Records when secrets were last used, to the minute: so never before one was made. A later time stays.
    pub async fn note_secret_uses(&self, uses: &[(CredentialId, UnixTime)]) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        // In one order at every node and in a revocation, so that no two wait for each other.
        let mut uses: Vec<_> = uses.iter().collect();
        uses.sort_unstable();
        for (secret, at) in uses {
            sqlx::query(
                "UPDATE client_secrets
                 SET last_used_at = CASE WHEN created_at > $2 THEN created_at ELSE $2 END
                 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            )
            .bind(secret.to_string())
            .bind(at.millis())
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// A client with the secrets that work now, in one look-up. One of an app that is shut out is nowhere.
    pub async fn client_to_authenticate(
        &self,
        id: &ClientId,
        now: UnixTime,
    ) -> Result<Option<AuthenticableClient>, StoreError> {
        let select = sqlx::query(
            "SELECT clients.app_id, clients.algorithm, clients.kind, apps.scopes,
                    client_secrets.id AS secret_id, client_secrets.hash, client_secrets.expires_at
             FROM clients
             JOIN apps ON apps.id = clients.app_id
             LEFT JOIN client_secrets ON client_secrets.client_id = clients.id
                  AND client_secrets.revoked_at IS NULL
                  AND (client_secrets.expires_at IS NULL OR client_secrets.expires_at > $2)
             WHERE clients.id = $1 AND apps.shut_out_at IS NULL
             ORDER BY client_secrets.created_at DESC",
        )
        .bind(id.as_str())
        .bind(now.millis());
        let rows = self.db.all(select).await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(AuthenticableClient {
            id: id.clone(),
            app: first.parsed("app_id")?,
            scopes: first.parsed("scopes")?,
            algorithm: clients::algorithm(first)?,
            kind: first.parsed("kind")?,
            secrets: rows.iter().filter_map(|row| secret(row).transpose()).collect::<Result<_, _>>()?,
        }))
    }
}

pub(crate) fn insert(new: &NewSecret, now: UnixTime) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO client_secrets (id, client_id, name, hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id.to_string())
    .bind(new.client_id.as_str())
    .bind(&new.name)
    .bind(new.hash.to_hex())
    .bind(now.millis())
    .bind(new.expires_at.map(UnixTime::millis))
}

fn client_secret(row: &AnyRow) -> Result<ClientSecret, StoreError> {
    Ok(ClientSecret {
        id: row.parsed("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}

/// The secret of a joined row; `None` for the one row of a client without secrets.
fn secret(row: &AnyRow) -> Result<Option<StoredSecret>, StoreError> {
    use sqlx::Row;
    if row.try_get::<Option<String>, _>("secret_id")?.is_none() {
        return Ok(None);
    }
    Ok(Some(StoredSecret {
        id: row.parsed("secret_id")?,
        hash: row.parsed("hash")?,
        expires_at: row.maybe_time("expires_at")?,
    }))
}
