//! `GET /admin/api/status`: how the node that answers is, and the platform.

use super::time::Time;
use super::{Admin, AdminError};
use crate::Platform;
use crate::status::{NodeStatus, Status};
use axum::Json;
use axum::extract::State;
use einlass_store::{Totals, UsageDay};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How they are.
#[derive(Debug, Serialize)]
pub(super) struct View {
    node: Node,
    totals: Counts,
    today: Today,
}

#[derive(Debug, Serialize)]
struct Node {
    version: &'static str,
    started_at: Time,
    store: &'static str,
    store_answered_in_ms: f64,
    connections_used: u32,
    connections_most: u32,
    signatures_waiting: u32,
    signatures_refused: u64,
    changes_behind: u64,
    denied: usize,
    token_requests: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Serialize)]
struct Counts {
    organisations: i64,
    people: i64,
    apps: i64,
    apps_submitted: i64,
    installations: i64,
    channels: i64,
    registrations: i64,
}

#[derive(Debug, Serialize)]
struct Today {
    tokens: i64,
    calls: i64,
    errors: i64,
}

impl From<NodeStatus> for Node {
    fn from(node: NodeStatus) -> Self {
        Self {
            version: node.version,
            started_at: node.started_at.into(),
            store: node.engine,
            store_answered_in_ms: node.answered_in.as_secs_f64() * 1_000.0,
            connections_used: node.connections.0,
            connections_most: node.connections.1,
            signatures_waiting: node.signing.0,
            signatures_refused: node.signing.1,
            changes_behind: node.changes_behind,
            denied: node.denied,
            token_requests: node.token_requests.into_iter().collect(),
        }
    }
}

impl From<Totals> for Counts {
    fn from(totals: Totals) -> Self {
        Self {
            organisations: totals.organisations,
            people: totals.people,
            apps: totals.apps,
            apps_submitted: totals.submitted,
            installations: totals.installations,
            channels: totals.channels,
            registrations: totals.registrations,
        }
    }
}

pub(super) async fn show(_: Admin, State(platform): State<Arc<Platform>>) -> Result<Json<View>, AdminError> {
    let _turn = platform.turn_to_sum().await.ok_or(AdminError::TooBusy)?;
    let Status { node, totals, today: UsageDay { tokens, calls, errors, .. } } = platform.status().await?;
    let today = Today { tokens, calls, errors };
    Ok(Json(View { node: node.into(), totals: totals.into(), today }))
}
