//! One page of a list. Lists are ordered by key and continued after a key, never by counting rows from the
//! start, so that a page costs what it holds however long the list is.

/// How many rows a page holds at most: 1 to [`PageSize::MOST`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PageSize(u16);

impl PageSize {
    /// The largest page.
    pub const MOST: Self = Self(500);

    /// `None` for a size out of bounds.
    #[must_use]
    pub const fn new(rows: u16) -> Option<Self> {
        if rows == 0 || rows > Self::MOST.0 { None } else { Some(Self(rows)) }
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(self) -> u16 {
        self.0
    }
}

/// Which part of a list that is ordered by `K`.
#[derive(Clone, Debug)]
pub struct Page<K> {
    /// Begin behind this key; at the start when there is none.
    pub after: Option<K>,
    /// How much of it.
    pub size: PageSize,
}

impl<K: ToString> Page<K> {
    /// What a key must be greater than. No stored key is empty, so nothing is left out at the start.
    pub(crate) fn after(&self) -> String {
        self.after.as_ref().map_or_else(String::new, K::to_string)
    }

    pub(crate) fn rows(&self) -> i64 {
        self.size.0.into()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        AuditFilter, Outcome, Store, admin_tokens, api_keys, app_keys, apps, audit, channels, clients,
        grant_lists, grants, installations, links, listings, memberships, organisations, origins, passkeys,
        people, redirects, refresh_tokens, registrations, secrets, sessions, shut_out, sites, surfaces,
        tenants, totals, usage_days,
    };
    use sqlx::{AssertSqlSafe, Row};

    #[tokio::test]
    async fn no_page_and_no_look_up_scans_or_sorts() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Store::sqlite_url(&folder.path().join("plans.db"))).await.unwrap();
        let statements = [
            admin_tokens::BY_HASH,
            admin_tokens::BY_ID,
            admin_tokens::BY_NAME,
            admin_tokens::LIST,
            api_keys::BY_HASH,
            app_keys::BY_APP,
            app_keys::LIST,
            apps::BY_ID,
            apps::BY_NAME,
            apps::LIST,
            apps::NAMED,
            apps::NAMED_OF_ORGANISATION,
            apps::OF_ORGANISATION,
            channels::BY_NAME,
            channels::LIST,
            channels::OF_ORGANISATION,
            clients::BY_ID,
            clients::OF_APP,
            grant_lists::BY_CODE,
            grant_lists::BY_ID,
            grant_lists::BY_TOKEN,
            grant_lists::OF_CLIENT,
            grant_lists::OF_PERSON,
            grant_lists::TOKEN_OF_ANY,
            grants::OF_CODE,
            grants::OF_TOKEN,
            installations::OF_APP,
            installations::OF_TENANT,
            links::BY_HASH,
            memberships::AT_TENANT,
            memberships::LIST,
            memberships::ONE,
            memberships::ROLE,
            listings::AT_TENANT,
            listings::IN_STATE,
            listings::IN_STATE_NAMED,
            listings::OFFERED,
            listings::OF_APP,
            organisations::BY_ID,
            organisations::BY_NAME,
            organisations::LIST,
            origins::BY_ORIGIN,
            origins::OF_SOURCE,
            passkeys::OF_PERSON,
            people::BY_EMAIL,
            people::BY_ID,
            people::LIST,
            people::SEARCH,
            redirects::OF_CLIENT,
            redirects::WITH_APP,
            refresh_tokens::BY_ID,
            refresh_tokens::OF_CHANNEL,
            refresh_tokens::OF_TENANT,
            registrations::BY_ID,
            registrations::OF_SITE,
            secrets::BY_ID,
            secrets::OF_CLIENT,
            sessions::BY_HASH,
            sessions::OF_PERSON,
            shut_out::APP,
            shut_out::CHANNEL,
            tenants::BY_ID,
            tenants::BY_SLUG,
            sites::BY_DATABASE,
            sites::BY_ID,
            sites::LIST,
            sites::OF_ORGANISATION,
            surfaces::BY_HASH,
            tenants::LIST,
            tenants::OF_ORGANISATION,
            totals::INSTALLATIONS,
            totals::INSTALLATIONS_AT,
            totals::SELLERS,
            usage_days::CALLS,
            usage_days::CALLS_OF_CHANNEL,
            usage_days::CALLS_OF_PERSON,
            usage_days::CALLS_OF_TENANT,
            usage_days::DAYS,
            usage_days::SCOPES,
            usage_days::UNUSED,
        ];
        for statement in statements.map(String::from).into_iter().chain(audits()) {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let steps = store.db.all(sqlx::query(explain)).await.unwrap();
            let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
            // What a name is looked up by for the next page is one row.
            let steps = steps.iter().filter(|step| !step.contains("SUBQUERY"));
            let steps: Vec<&String> = steps.collect();
            assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{statement}: {steps:?}");
        }
    }

    /// The audit's statement for each set of filters.
    fn audits() -> impl Iterator<Item = String> {
        (0..16).map(|set: u8| {
            let some = |bit: u8| (set & bit != 0).then(String::new);
            let filter = AuditFilter {
                actor: some(1),
                action: some(2),
                subject: some(4),
                outcome: some(8).map(|_| Outcome::Done),
                ..AuditFilter::default()
            };
            audit::select(&filter).0
        })
    }
}
