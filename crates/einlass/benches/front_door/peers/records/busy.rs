//! A platform that has been in use for long: many apps with what they say of themselves and two weeks of calls, and an audit of all
//! that was done.

use super::{NOW, OWNER, tenant, tenant_id, write};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::ids::{AppId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::manifest::Manifest;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsageKey, UsageRow, UsedCredential};
use einlass_store::{App, AuditEvent, NewApp, Outcome};
use std::time::Duration;
use uuid::Uuid;

const DAYS: u32 = 14;
const DAY: Duration = Duration::from_hours(24);
/// How many events are written at once.
const AT_ONCE: usize = 1_000;

/// An app of those that [`busy`] records.
pub(crate) fn app(number: usize) -> AppId {
    AppId::new(Uuid::from_u128(0xE_0000_0000 + number as u128))
}

/// Records so many apps, each installed at the first tenant and used every day, and so many audit events, a hundredth of which
/// are refusals.
pub(crate) fn busy(store: &str, apps: usize, events: usize) {
    write(store, 1, |store, number| async move { tenant(&store, number).await });
    write(store, apps, move |store, number| async move {
        let scopes: ScopeSet = "items.read items.write".parse().unwrap();
        let app = App {
            id: app(number),
            organisation: OWNER,
            technical_name: format!("busy-{number}"),
            name: format!("Busy app {number}"),
            scopes: scopes.clone(),
        };
        let client_id = format!("busy-client-{number}").parse().unwrap();
        let new = NewApp { app, client_id, algorithm: Algorithm::Rs256, secret: None };
        store.register_described_app(&new, Manifest::EXAMPLE, None, NOW).await?;
        store.install_app(self::app(number), tenant_id(0), &scopes, NOW).await
    });
    let today = SystemClock::new().wall().minute();
    write(store, DAYS as usize, move |store, day| async move {
        let minute = today.minus(DAY * u32::try_from(day).unwrap());
        let rows: Vec<UsageRow> = (0..apps).map(|number| row(minute, number)).collect();
        store.add_usage(&rows).await
    });
    write(store, events / AT_ONCE, move |store, batch| async move {
        let events: Vec<AuditEvent> = (0..AT_ONCE).map(|place| event(batch * AT_ONCE + place)).collect();
        store.record_audit(&events).await
    });
}

fn row(minute: UnixTime, number: usize) -> UsageRow {
    let credential = UsedCredential::Secret(CredentialId::new(Uuid::from_u128(number as u128)));
    let caller = Some(UsageCaller { app: Some(app(number)), credential });
    let tenant = Some(tenant_id(0));
    let counts = UsageCounts { tokens: 10, calls: 1_000 + number as u64, errors: 7 };
    UsageRow { key: UsageKey { minute, caller, tenant, scope: None }, counts }
}

fn event(number: usize) -> AuditEvent {
    let millis = 1_700_000_000_000 + number as u64;
    let is_refused = number.is_multiple_of(100);
    AuditEvent {
        id: uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid(),
        at: UnixTime::from_millis(millis.cast_signed()),
        actor: format!("client {}", number % 1_000),
        action: format!("call GET /v2/things/{}", number % 40),
        subject: app(number % 10_000).to_string(),
        outcome: if is_refused { Outcome::Refused } else { Outcome::Done },
        detail: "ScopeMissing, 3 times".into(),
        address: "192.0.2.1".into(),
        request_id: Uuid::nil().to_string(),
    }
}
