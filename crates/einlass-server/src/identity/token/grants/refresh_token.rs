//! What a person granted goes on (RFC 6749 §6). A refresh token counts once: its successor comes with the answer
//! (RFC 9700 §4.14.2).

use super::{Asked, Entitled};
use crate::Platform;
use crate::identity::OAuthError;
use crate::identity::granting::{Refreshing, of_the_api};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::Secret;
use std::sync::Arc;

pub(super) async fn entitle(platform: &Arc<Platform>, asked: &Asked<'_>) -> Result<Entitled, OAuthError> {
    let Asked { client, form, at, .. } = *asked;
    let token = form.get("refresh_token").ok_or(OAuthError::MissingParameter("refresh_token"))?;
    let said: ScopeSet = form
        .get("scope")
        .unwrap_or_default()
        .parse()
        .map_err(|_| OAuthError::MalformedScope(client.id().clone()))?;
    // RFC 6749 §6: with no word of an API it is what was granted.
    let wanted = Some(of_the_api(&said)).filter(|wanted| !wanted.is_empty());
    platform.pool.expect_room()?;
    let token = Secret::new(token.to_owned());
    let refreshing = Refreshing { by: asked.bearer(), token, wanted: wanted.clone() };
    let (granted, successor) = refreshing.refresh(platform, at).await?;
    let mut entitled = Entitled::by_person(client, granted, Some(successor));
    if let Some(wanted) = wanted {
        // What the app may have no more is not in it.
        entitled.narrowed.scope = entitled.narrowed.scope.intersection(&wanted);
    }
    Ok(entitled)
}
