//! Lists that come in pages, printed as they come.

use super::api::Api;
use super::printer::{Printer, Reader, items};
use crate::failure::Failure;
use std::num::NonZeroUsize;

/// The most that the API gives at once.
const PAGE: usize = 500;

/// How much of a list to print.
#[derive(clap::Args)]
pub(crate) struct Pages {
    /// At most this many; without, all of them.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
}

impl Pages {
    /// Prints what is at this path until its end, the limit, or until nobody reads any more.
    pub(super) async fn print(
        &self,
        api: &Api,
        path: &[&str],
        query: &[(&str, String)],
        mut printer: Printer,
    ) -> Result<(), Failure> {
        let mut left = self.limit.map_or(usize::MAX, NonZeroUsize::get);
        let mut after: Option<String> = None;
        loop {
            let mut query = query.to_vec();
            query.push(("limit", left.min(PAGE).to_string()));
            query.extend(after.iter().map(|after| ("after", after.clone())));
            let page = api.find(path, &query).await?;
            let items = items(&page);
            let items = &items[..items.len().min(left)];
            left -= items.len();
            if printer.print(items)? == Reader::Left || left == 0 {
                return Ok(());
            }
            match page["next"].as_str() {
                None => return Ok(()),
                Some(next) if after.as_deref() == Some(next) => {
                    return Err(Failure::Failed("the platform gives the same page again and again".into()));
                }
                Some(next) => after = Some(next.to_owned()),
            }
        }
    }
}
