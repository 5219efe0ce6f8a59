//! Word that something changed, as soon as it did. PostgreSQL tells; SQLite does not, and its nodes look for themselves.

use crate::db::CHANNEL;
use crate::{Store, StoreError};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::future;

/// What tells a node that there may be changes to read.
#[derive(Debug)]
pub struct News {
    pool: Option<PgPool>,
    listener: Option<PgListener>,
}

impl Store {
    /// Word of changes, from the first time that it is waited for. Takes a connection of its own.
    #[must_use]
    pub fn news(&self) -> News {
        News { pool: self.db.listening(), listener: None }
    }
}

impl News {
    /// Waits until there may be changes to read: when somebody recorded some, and whenever listening has begun, since
    /// nobody says what was missed. Where the database does not tell, it waits for ever.
    ///
    /// # Errors
    /// When the database cannot be reached. The next call connects again.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        let Some(pool) = &self.pool else {
            return future::pending().await;
        };
        let Some(mut listener) = self.listener.take() else {
            let mut listener = PgListener::connect_with(pool).await?;
            listener.listen(CHANNEL).await?;
            self.listener = Some(listener);
            return Ok(());
        };
        // `None` is a connection that was lost and made again.
        listener.try_recv().await?;
        // Who reads once has read all that was told so far.
        while listener.next_buffered().is_some() {}
        self.listener = Some(listener);
        Ok(())
    }
}
