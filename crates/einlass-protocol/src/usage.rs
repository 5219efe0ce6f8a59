//! Usage: who issued and called how much, counted minute by minute and handed over in one piece.

use crate::ids::{AppId, CredentialId, RegistrationId, TenantId};
use crate::scope::Scope;
use crate::time::UnixTime;
use std::collections::HashMap;
use std::fmt;
use std::ops::AddAssign;

/// Whose usage it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UsageCaller {
    /// The app; `None` for channels, sellers and on-premise apps, which have no such id.
    pub app: Option<AppId>,
    /// What it is let in by.
    pub credential: UsedCredential,
}

/// What a caller is let in by.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum UsedCredential {
    /// A token that came from this secret.
    Secret(CredentialId),
    /// The key of this on-premise registration.
    Key(RegistrationId),
}

impl fmt::Display for UsedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(id) => id.fmt(f),
            Self::Key(id) => id.fmt(f),
        }
    }
}

/// What is counted apart.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct UsageKey {
    /// The minute, by its beginning.
    pub minute: UnixTime,
    /// Whose usage; `None` for what there was too much of to count apart.
    pub caller: Option<UsageCaller>,
    /// At which tenant, where one is known to have the app.
    pub tenant: Option<TenantId>,
    /// `None`: tokens and calls. Otherwise the calls that needed this scope, which are among those.
    pub scope: Option<Scope>,
}

/// How much of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct UsageCounts {
    /// Tokens issued.
    pub tokens: u64,
    /// Calls made.
    pub calls: u64,
    /// Calls that were refused or failed, which are among those.
    pub errors: u64,
}

/// What was counted under one key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UsageRow {
    /// What was counted apart.
    pub key: UsageKey,
    /// How much of it.
    pub counts: UsageCounts,
}

impl UsageCounts {
    /// One token.
    pub const TOKEN: Self = Self { tokens: 1, calls: 0, errors: 0 };
    /// One call that was served.
    pub const SERVED: Self = Self { tokens: 0, calls: 1, errors: 0 };
    /// One call that was refused or failed.
    pub const FAILED: Self = Self { tokens: 0, calls: 1, errors: 1 };
}

impl AddAssign for UsageCounts {
    fn add_assign(&mut self, more: Self) {
        self.tokens += more.tokens;
        self.calls += more.calls;
        self.errors += more.errors;
    }
}

/// Counts, until somebody takes them. Holds a bounded number of rows: what is beyond is counted together.
#[derive(Debug)]
pub struct UsageBook {
    pages: HashMap<PageKey, Page>,
    rows: usize,
    most_rows: usize,
}

type PageKey = (UnixTime, Option<UsageCaller>, Option<TenantId>);

/// What is counted of one caller at one tenant in one minute. The scopes are few: those of the calls that it makes.
#[derive(Debug, Default)]
struct Page {
    all: UsageCounts,
    by_scope: Vec<(Scope, UsageCounts)>,
}

impl UsageBook {
    /// Counts so many rows apart.
    #[must_use]
    pub fn of_at_most(most_rows: usize) -> Self {
        Self { pages: HashMap::new(), rows: 0, most_rows }
    }

    /// Counts something, and under each of these scopes too.
    pub fn count<'s>(
        &mut self,
        at: UnixTime,
        caller: UsageCaller,
        tenant: Option<TenantId>,
        scopes: impl Iterator<Item = &'s Scope>,
        counts: UsageCounts,
    ) {
        let Some(page) = self.page((at.minute(), Some(caller), tenant)) else {
            self.add_to_the_rest(at, counts);
            return;
        };
        page.all += counts;
        let mut new = 0;
        for scope in scopes {
            new += page.add(scope, counts);
        }
        self.rows += new;
    }

    /// Adds a row that was counted elsewhere.
    pub fn add(&mut self, UsageRow { key, counts }: UsageRow) {
        let UsageKey { minute, caller, tenant, scope } = key;
        let Some(page) = self.page((minute, caller, tenant)) else {
            // What has a scope is among what has none.
            if scope.is_none() {
                self.add_to_the_rest(minute, counts);
            }
            return;
        };
        match scope {
            None => page.all += counts,
            Some(scope) => {
                let new = page.add(&scope, counts);
                self.rows += new;
            }
        }
    }

    /// Everything that was counted, a row for each key. Begins anew.
    pub fn take(&mut self) -> Vec<UsageRow> {
        self.rows = 0;
        let mut rows = Vec::new();
        for ((minute, caller, tenant), page) in std::mem::take(&mut self.pages) {
            let mut push = |scope, counts| {
                rows.push(UsageRow { key: UsageKey { minute, caller, tenant, scope }, counts });
            };
            push(None, page.all);
            page.by_scope.into_iter().for_each(|(scope, counts)| push(Some(scope), counts));
        }
        rows
    }

    /// The page of a key, new if there is room for one.
    fn page(&mut self, key: PageKey) -> Option<&mut Page> {
        let has_room = self.rows < self.most_rows;
        if !has_room && !self.pages.contains_key(&key) {
            return None;
        }
        Some(self.pages.entry(key).or_insert_with(|| {
            self.rows += 1;
            Page::default()
        }))
    }

    /// One row a minute: always room for that.
    fn add_to_the_rest(&mut self, at: UnixTime, counts: UsageCounts) {
        self.pages.entry((at.minute(), None, None)).or_default().all += counts;
    }
}

impl Page {
    /// Says how many rows there are more.
    fn add(&mut self, scope: &Scope, counts: UsageCounts) -> usize {
        if let Some((_, sum)) = self.by_scope.iter_mut().find(|(known, _)| known == scope) {
            *sum += counts;
            return 0;
        }
        self.by_scope.push((scope.clone(), counts));
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn caller(number: u128) -> UsageCaller {
        let id = Uuid::from_u128(number);
        UsageCaller { app: Some(AppId::new(id)), credential: UsedCredential::Secret(CredentialId::new(id)) }
    }

    fn at(second: i64) -> UnixTime {
        UnixTime::from_seconds(second)
    }

    fn sorted(mut book: UsageBook) -> Vec<UsageRow> {
        let mut rows = book.take();
        assert_eq!(book.take(), [], "what was taken is gone");
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows
    }

    #[test]
    fn minutes_callers_tenants_and_scopes_are_counted_apart() {
        let mut book = UsageBook::of_at_most(100);
        let (read, write) = ("items.read".parse().unwrap(), "items.write".parse().unwrap());
        let tenant = Some(TenantId::new(Uuid::from_u128(9)));
        book.count(at(0), caller(1), None, std::iter::empty(), UsageCounts::TOKEN);
        book.count(at(59), caller(1), tenant, [&read].into_iter(), UsageCounts::SERVED);
        book.count(at(59), caller(1), tenant, [&read, &write].into_iter(), UsageCounts::FAILED);
        book.count(at(60), caller(1), tenant, [&read].into_iter(), UsageCounts::SERVED);
        let counted: Vec<_> = sorted(book)
            .into_iter()
            .map(|UsageRow { key, counts: UsageCounts { tokens, calls, errors } }| {
                let scope = key.scope.map(|scope| scope.to_string()).unwrap_or_default();
                (key.minute.seconds(), key.tenant.is_some(), scope, [tokens, calls, errors])
            })
            .collect();
        let expected = [
            (0, false, "", [1, 0, 0]),
            (0, true, "", [0, 2, 1]),
            (0, true, "items.read", [0, 2, 1]),
            (0, true, "items.write", [0, 1, 1]),
            (60, true, "", [0, 1, 0]),
            (60, true, "items.read", [0, 1, 0]),
        ];
        assert_eq!(
            counted,
            expected.map(|(minute, at, scope, counts)| (minute, at, scope.to_owned(), counts))
        );
    }

    #[test]
    fn what_there_is_no_room_for_is_counted_together() {
        let mut book = UsageBook::of_at_most(2);
        for number in 0..1_000 {
            book.count(at(0), caller(number), None, std::iter::empty(), UsageCounts::TOKEN);
        }
        book.count(at(0), caller(1), None, std::iter::empty(), UsageCounts::TOKEN);
        let rows = sorted(book);
        let counted: Vec<_> = rows.iter().map(|row| (row.key.caller, row.counts.tokens)).collect();
        assert_eq!(counted, [(None, 998), (Some(caller(0)), 1), (Some(caller(1)), 2)]);
    }

    #[test]
    fn what_was_taken_can_be_put_back() {
        let mut book = UsageBook::of_at_most(10);
        let read = "items.read".parse().unwrap();
        book.count(at(0), caller(1), None, [&read].into_iter(), UsageCounts::SERVED);
        let mut again = UsageBook::of_at_most(10);
        for row in [book.take(), sorted(UsageBook::of_at_most(1))].concat() {
            again.add(row.clone());
            again.add(row);
        }
        let rows = sorted(again);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.counts == UsageCounts { tokens: 0, calls: 2, errors: 0 }));
    }
}
