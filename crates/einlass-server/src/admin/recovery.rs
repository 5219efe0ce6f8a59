//! A way back in for an operator whose admin tokens are lost: whoever may write to the store makes a token there, while
//! nodes run or not.

use super::admin_tokens::{USUAL_LIFETIME, no_id};
use super::fields::Name;
use crate::random::Random;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{Access, AuditEvent, NewAdminToken, Outcome, Store, StoreError};

/// Why no admin token was made.
#[derive(Debug, thiserror::Error)]
pub enum NotRecovered {
    /// It cannot be called so; the text says why.
    #[error("--name: {0}")]
    Name(&'static str),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an admin token with full access for 90 days, which nodes know at once; gives its id and the token, which is
/// nowhere else. The audit says that it was made on the store itself.
///
/// # Errors
/// When no admin token may have this name, when one that has not ended has it, or when the store does not answer.
pub async fn recover(
    store: &Store,
    random: &dyn Random,
    now: UnixTime,
    name: &str,
) -> Result<(CredentialId, Secret), NotRecovered> {
    let name = Name::try_from(name.to_owned()).and_then(no_id).map_err(NotRecovered::Name)?;
    let clear = random.secret(SecretKind::AdminToken);
    let id = CredentialId::new(random.ordered_id(now));
    let event = AuditEvent {
        id: random.ordered_id(now),
        at: now,
        actor: "somebody with access to the store".into(),
        action: "recover admin token".into(),
        subject: id.to_string(),
        outcome: Outcome::Done,
        detail: format!("{name}, {}", Access::Full),
        address: String::new(),
        request_id: String::new(),
    };
    let new = NewAdminToken {
        id,
        name,
        hash: SecretHash::of(&clear),
        access: Access::Full,
        expires_at: Some(now.plus(USUAL_LIFETIME)),
    };
    store.create_admin_token(&new, &event).await?;
    Ok((id, clear))
}
