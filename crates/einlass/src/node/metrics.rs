//! `GET /metrics`: the numbers of everything that counts on this node.

use axum::routing::get;
use axum::{Router, response::IntoResponse};
use einlass_protocol::metrics::{Metric, Page};
use einlass_proxy::{gateway, listen};
use einlass_server::Platform;
use http::header::CONTENT_TYPE;
use std::sync::Arc;

const VERSION: Metric = Metric { name: "einlass_info", help: "Which version this is." };

/// Whoever counts.
#[derive(Clone)]
pub(super) struct Metrics {
    pub(super) platform: Arc<Platform>,
    /// By prefix.
    pub(super) gateways: Arc<[(String, Arc<gateway::Counters>)]>,
    /// By address.
    pub(super) listeners: Arc<[(String, Arc<listen::Counters>)]>,
}

impl Metrics {
    pub(super) fn router(self) -> Router {
        let answer = move || {
            let page = self.page().to_string();
            async { ([(CONTENT_TYPE, Page::CONTENT_TYPE)], page).into_response() }
        };
        Router::new().route("/metrics", get(answer))
    }

    fn page(&self) -> Page {
        let mut page = Page::default();
        page.gauge(VERSION, &[("version", env!("CARGO_PKG_VERSION"))], 1);
        self.platform.write_metrics(&mut page);
        for (prefix, counters) in &*self.gateways {
            counters.write_to(&mut page, prefix);
        }
        for (address, counters) in &*self.listeners {
            counters.write_to(&mut page, address);
        }
        page
    }
}
