//! What a person granted goes on (RFC 6749 §6). A refresh token counts once: its successor comes with the answer
//! (RFC 9700 §4.14.2).

use super::Entitled;
use crate::Platform;
use crate::identity::OAuthError;
use crate::identity::client::Client;
use crate::identity::granting;
use einlass_protocol::oauth::Form;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use std::sync::Arc;

pub(super) async fn entitle(
    platform: &Arc<Platform>,
    client: &Client,
    form: &Form,
    at: UnixTime,
) -> Result<Entitled, OAuthError> {
    let token = form.get("refresh_token").ok_or(OAuthError::MissingParameter("refresh_token"))?;
    let asked: Option<ScopeSet> = form
        .get("scope")
        .map(str::parse)
        .transpose()
        .map_err(|_| OAuthError::MalformedScope(client.id().clone()))?;
    platform.pool.expect_room()?;
    let token = Secret::new(token.to_owned());
    let (granted, successor) = granting::refresh(platform, client.id(), token, at).await?;
    let mut entitled = Entitled::by_person(client, granted, Some(successor));
    if let Some(asked) = asked {
        // RFC 6749 §6: less than was granted, never more. The words that are no scopes of an API pass.
        let asked = granting::of_the_api(&asked);
        let beyond = asked.difference(&entitled.narrowed.scope);
        if !beyond.is_empty() {
            return Err(OAuthError::ScopeNotAllowed { client: client.id().clone(), beyond });
        }
        entitled.narrowed.scope = asked;
    }
    Ok(entitled)
}
