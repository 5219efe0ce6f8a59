//! `/hub`: the tenants of whoever is signed in.

use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::{Me, Visit};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::OrganisationId;
use einlass_store::{Organisation, PersonsTenant};
use http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "hub.html")]
struct Hub<'v> {
    f: Frame<'v>,
    merchants: Vec<Merchant>,
}

struct Merchant {
    organisation: Organisation,
    tenants: Vec<PersonsTenant>,
}

pub(super) async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let mut tenants = platform.store.tenants_of_person(me.person.id).await?;
    let mut of = |id: OrganisationId| {
        tenants.extract_if(.., |found| found.tenant.organisation == id).collect::<Vec<_>>()
    };
    let organisations = platform.store.memberships_of(me.person.id).await?.into_iter();
    let merchants = organisations
        .filter(|(organisation, _)| organisation.kind.is_merchant())
        .map(|(organisation, _)| Merchant { tenants: of(organisation.id), organisation })
        .collect();
    render(StatusCode::OK, &Hub { f: Frame::of(&visit), merchants })
}
