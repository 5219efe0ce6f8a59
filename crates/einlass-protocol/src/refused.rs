//! Calls that a gateway refused to callers who had proved who they are: gathered for the audit, alike ones as one.

use crate::ids::{AppId, TenantId};
use crate::time::UnixTime;
use std::collections::HashMap;
use std::net::IpAddr;
use uuid::Uuid;

/// Who was refused what, and why. Calls that are alike in this are told of once.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RefusedCall {
    /// Whose token it was, with its kind: `client 4711`, `channel MYCHANNEL`.
    pub caller: String,
    /// Its app, if it has one.
    pub app: Option<AppId>,
    /// The tenant that it named, whether or not it has the app.
    pub tenant: Option<TenantId>,
    /// `GET /v2/items`: method and template; the method alone where no document has such an operation.
    pub operation: String,
    /// Why, in a stable word.
    pub reason: &'static str,
}

/// The first of some calls that are alike, and how many they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// What they have in common.
    pub call: RefusedCall,
    /// When the first one came.
    pub at: UnixTime,
    /// From where.
    pub address: IpAddr,
    /// What it is called in the log.
    pub request_id: Uuid,
    /// How many there were.
    pub times: u64,
}

/// Calls that were refused since the last look, in bounded memory.
#[derive(Debug)]
pub struct RefusedBook {
    calls: HashMap<RefusedCall, Refused>,
    most: usize,
    left_out: u64,
}

impl RefusedBook {
    /// Keeps so many apart; what comes beyond that is only counted.
    #[must_use]
    pub fn of_at_most(most: usize) -> Self {
        Self { calls: HashMap::new(), most, left_out: 0 }
    }

    /// Takes note of a call.
    pub fn note(&mut self, call: RefusedCall, at: UnixTime, address: IpAddr, request_id: Uuid) {
        if let Some(known) = self.calls.get_mut(&call) {
            known.times += 1;
        } else if self.calls.len() < self.most {
            self.calls.insert(call.clone(), Refused { call, at, address, request_id, times: 1 });
        } else {
            self.left_out += 1;
        }
    }

    /// What was noted, and how many calls were not, since this was asked last.
    pub fn take(&mut self) -> (Vec<Refused>, u64) {
        let calls = std::mem::take(&mut self.calls);
        (calls.into_values().collect(), std::mem::take(&mut self.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn call(reason: &'static str) -> RefusedCall {
        let (caller, app) = ("client c".into(), Some(AppId::new(Uuid::from_u128(1))));
        RefusedCall { caller, app, tenant: None, operation: "GET /a".into(), reason }
    }

    #[test]
    fn alike_calls_are_one_and_what_is_too_much_is_counted() {
        let mut book = RefusedBook::of_at_most(2);
        for (second, reason) in ["one", "two", "one", "three", "one", "three"].into_iter().enumerate() {
            let at = UnixTime::from_seconds(i64::try_from(second).unwrap());
            let id = Uuid::from_u128(u128::try_from(second).unwrap());
            book.note(call(reason), at, Ipv4Addr::LOCALHOST.into(), id);
        }
        let (mut noted, left_out) = book.take();
        noted.sort_by_key(|refused| refused.at);
        let plain =
            noted.iter().map(|refused| (refused.call.reason, refused.times, refused.request_id.as_u128()));
        assert_eq!(plain.collect::<Vec<_>>(), [("one", 3, 0), ("two", 1, 1)]);
        assert_eq!(left_out, 2);
        assert_eq!(book.take(), (Vec::new(), 0), "what was taken is gone");
    }
}
