//! Who calls how much: counted by each worker in a book of its own, so that none waits for another one.

use einlass_protocol::ids::TenantId;
use einlass_protocol::policy::Alternative;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageBook, UsageCaller, UsageCounts, UsageRow};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much a worker counts apart until it is asked: some 2 MB.
const MOST_ROWS: usize = 10_000;

/// The books of all workers.
#[derive(Debug, Default)]
pub(super) struct Usage(Mutex<Vec<Book>>);

/// One worker's book. Nobody else has its lock, but for the moment in which the book is taken.
#[derive(Clone, Debug)]
pub(super) struct Book(Arc<Mutex<UsageBook>>);

/// Who calls, as far as it is proved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calling<'g> {
    /// When the call came.
    pub(super) at: UnixTime,
    pub(super) caller: UsageCaller,
    /// A tenant that has the app: what is merely said in a header would be a row for each thing that can be said.
    pub(super) tenant: Option<TenantId>,
    /// What let the call in.
    pub(super) by: Option<&'g Alternative>,
}

impl Usage {
    /// A book for one more worker.
    pub(super) fn book(&self) -> Book {
        let book = Book(Arc::new(Mutex::new(UsageBook::of_at_most(MOST_ROWS))));
        lock(&self.0).push(book.clone());
        book
    }

    pub(super) fn take(&self) -> Vec<UsageRow> {
        let books = lock(&self.0).clone();
        books.iter().flat_map(|book| lock(&book.0).take()).collect()
    }
}

impl Book {
    pub(super) fn count(&self, calling: &Calling<'_>, counts: UsageCounts) {
        let Calling { at, caller, tenant, by } = *calling;
        let scopes = by.into_iter().flat_map(Alternative::each_scope);
        lock(&self.0).count(at, caller, tenant, scopes, counts);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
