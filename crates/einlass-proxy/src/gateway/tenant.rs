//! Whose data a call is about: the one `X-Tenant-ID`.

use super::headers::TENANT_ID;
use super::refusal::Refusal;
use einlass_protocol::ids::TenantId;
use http::HeaderMap;

/// A token that counts for one tenant alone says it too, and nothing else may be said beside it.
pub(super) fn of(headers: &HeaderMap, only: Option<TenantId>) -> Result<TenantId, Refusal> {
    let mut values = headers.get_all(TENANT_ID).iter();
    let Some(value) = values.next() else {
        return only.ok_or(Refusal::TenantMissing);
    };
    if values.next().is_some() {
        return Err(Refusal::TenantUnusable);
    }
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    let id = id.ok_or(Refusal::TenantUnusable)?;
    if only.is_some_and(|only| only != id) {
        return Err(Refusal::OtherTenant);
    }
    Ok(id)
}
