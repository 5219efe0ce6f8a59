//! Whose data a call is about: the one `X-Tenant-ID`.

use super::headers::TENANT_ID;
use super::refusal::Refusal;
use einlass_protocol::ids::TenantId;
use http::HeaderMap;

pub(super) fn of(headers: &HeaderMap) -> Result<TenantId, Refusal> {
    let mut values = headers.get_all(TENANT_ID).iter();
    let value = values.next().ok_or(Refusal::TenantMissing)?;
    if values.next().is_some() {
        return Err(Refusal::TenantUnusable);
    }
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    id.ok_or(Refusal::TenantUnusable)
}
