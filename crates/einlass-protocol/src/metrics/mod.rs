//! What operators measure, in Prometheus' text format: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
//! Whoever counts writes its numbers on a [`Page`] when it is asked; nothing is registered anywhere.

mod histogram;
mod page;

pub use histogram::Histogram;
pub use page::{Metric, Page};
