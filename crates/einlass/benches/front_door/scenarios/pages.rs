//! How long pages take, and what they weigh.

use super::Stage;
use crate::load::{Load, Requests, once, request};
use crate::peers::ours::{Ours, Plan};
use crate::peers::records::{self, crowd, session, surface_session};
use crate::report::{self, Table, count, millis};
use einlass_protocol::oauth::FirstParty;

/// How many members the organisation has.
const MEMBERS: usize = 10_000;
/// How many apps it has, and how many events there are of them.
const APPS: usize = 10_000;
const EVENTS: usize = 1_000_000;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Pages",
        &format!(
            "One visitor, one connection, page after page: from the request to the whole page, the session's look-up and every \
             question to the database with it. The organisation has {} members and {} apps that were used every day for two weeks, there \
             are as many organisations, and the audit has {} events; a page of a list shows fifty.",
            count(MEMBERS as f64),
            count(APPS as f64),
            count(EVENTS as f64)
        ),
    );
    let plan = Plan { folder: tempfile::tempdir().unwrap(), store: None, limits_addresses: false };
    let ours = Ours::configure(plan, &stage.upstream.address);
    records::people(&ours.store, MEMBERS);
    records::busy(&ours.store, APPS, EVENTS);
    let (app, last) = (records::app(0), records::app(APPS - 1));
    let running = ours.peer.start().unwrap();
    let home = format!("/organisations/{}", crowd());
    let cookie = format!("einlass={}", session().expose());
    let at = |surface: FirstParty| format!("{}={}", surface.client_id(), surface_session(surface).expose());
    let (hub, partner, console) = (at(FirstParty::Hub), at(FirstParty::Partner), at(FirstParty::Console));
    let mut table = Table::new(["page", "bytes", "p50 ms", "p99 ms", "per second"]);
    for (name, path, held) in [
        ("sign-in", "/login".to_owned(), None),
        ("account", "/me".to_owned(), Some(&cookie)),
        ("members, the first page", home.clone(), Some(&cookie)),
        (
            "members, the last page",
            format!("{home}?after=member-{}%40bench.example", MEMBERS - 51),
            Some(&cookie),
        ),
        ("members, a search for one", format!("{home}?search=member-{}", MEMBERS - 1), Some(&cookie)),
        ("members, a search for nobody", format!("{home}?search=nobody"), Some(&cookie)),
        ("hub", "/hub".to_owned(), Some(&hub)),
        ("Partner Portal, apps", format!("/partner/{}", crowd()), Some(&partner)),
        (
            "Partner Portal, a search for one",
            format!("/partner/{}?search=busy-{}", crowd(), APPS - 1),
            Some(&partner),
        ),
        ("Partner Portal, an app", format!("/partner/apps/{app}"), Some(&partner)),
        ("console, organisations", "/admin".to_owned(), Some(&console)),
        ("console, a search for one", format!("/admin?search=organisation+{}", MEMBERS - 1), Some(&console)),
        ("console, apps", "/admin/apps".to_owned(), Some(&console)),
        ("console, the last apps", format!("/admin/apps?after={}", records::app(APPS - 51)), Some(&console)),
        ("console, a search for an app", format!("/admin/apps?search=busy-{}", APPS - 1), Some(&console)),
        ("console, an app", format!("/admin/apps/{last}"), Some(&console)),
        ("console, people", "/admin/people".to_owned(), Some(&console)),
        ("console, a search for nobody", "/admin/people?search=nobody".to_owned(), Some(&console)),
        ("console, audit", "/admin/audit".to_owned(), Some(&console)),
        ("console, audit of an app", format!("/admin/audit?subject={app}"), Some(&console)),
        (
            "console, refusals of a client",
            "/admin/audit?actor=client+500&outcome=refused".to_owned(),
            Some(&console),
        ),
        ("console, what nobody did", "/admin/audit?action=nothing".to_owned(), Some(&console)),
        ("console, health", "/admin/health".to_owned(), Some(&console)),
        ("console, admin tokens", "/admin/tokens".to_owned(), Some(&console)),
    ] {
        let headers: Vec<(&str, &str)> = held.into_iter().map(|cookie| ("cookie", cookie.as_str())).collect();
        let asked = request("GET", &path, &headers, "");
        let (status, body) = once(&running.peer.address, &asked).unwrap();
        assert_eq!(status, 200, "{path}");
        let requests: Requests = [asked].into_iter().collect();
        let measured = Load::new(&running.peer.address, &requests).closed(1, stage.span);
        table.row([
            name.into(),
            count(body.len() as f64),
            millis(measured.percentile(50)),
            millis(measured.percentile(99)),
            count(measured.rate()),
        ]);
    }
    report::table("", &table);
}
