//! What people grant to apps' clients: the code, the refresh tokens that follow each other, and the end.

use super::people::{password, person, session};
use super::redirects::public_client;
use super::{NOW, client_id, hash, new_app, seed};
use einlass_protocol::ids::{ClientId, GrantId};
use einlass_protocol::oauth::{CodeVerifier, Generation};
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    Change, GrantFilter, Granted, ListedGrant, NewGrantCode, Page, PageSize, Redeemed, RedirectUris,
    Refreshed, SeenGrant, Store, StoreError,
};
use std::time::Duration;
use uuid::Uuid;

pub(crate) const MINUTE: Duration = Duration::from_mins(1);
pub(crate) const GRACE: Duration = Duration::from_secs(30);
pub(crate) const DAY: Duration = Duration::from_hours(24);
const MONTH: Duration = Duration::from_hours(30 * 24);
const BACK: &str = "https://app.example/back";

pub(crate) fn verifier() -> CodeVerifier {
    CodeVerifier::from_entropy(&[7; 32])
}

pub(crate) fn id(number: u128) -> GrantId {
    GrantId::new(Uuid::from_u128(number))
}

fn code_of(number: u128) -> String {
    format!("code {number}")
}

pub(crate) fn new(number: u128) -> NewGrantCode {
    NewGrantCode {
        hash: hash(&code_of(number)),
        grant: id(number),
        client: client_id(),
        issuer: Generation::A,
        person: person(1).id,
        session: session(1, 1).hash,
        redirect_uri: BACK.into(),
        challenge: verifier().challenge(),
        nonce: Some("n".into()),
        scope: "items.read".parse().unwrap(),
        offline: true,
        openid: true,
        proved_at: NOW.minus(MINUTE),
        expires_at: NOW.plus(MINUTE),
    }
}

fn granted(number: u128) -> Granted {
    let NewGrantCode { grant, client, issuer, person, scope, openid, nonce, proved_at, offline, .. } =
        new(number);
    Granted { grant, client, issuer, person, scope, openid, nonce, proved_at, offline }
}

/// The same as a refresh says it (OpenID Connect Core §12.2).
pub(crate) fn refreshed(number: u128) -> Refreshed {
    Refreshed::Granted(Granted { nonce: None, ..granted(number) })
}

/// An app with two clients, and two people, one of whom has signed in.
pub(crate) async fn with_people(store: &Store) {
    seed(store).await;
    store.create_public_client(&public_client(), &RedirectUris::default(), NOW).await.unwrap();
    for number in [1, 2] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
    assert!(store.begin_session(&session(1, 1), None, &password("p"), NOW).await.unwrap());
}

pub(crate) async fn redeem(store: &Store, number: u128, at: UnixTime) -> Redeemed {
    redeem_as(store, number, (&client_id(), Generation::A), (BACK, &verifier()), at).await
}

async fn redeem_as(
    store: &Store,
    number: u128,
    client: (&ClientId, Generation),
    proof: (&str, &CodeVerifier),
    at: UnixTime,
) -> Redeemed {
    let first = (&hash(&format!("{number}")), at.plus(MONTH));
    store
        .redeem_code((&hash(&code_of(number)), client.0, client.1), proof, first, at.plus(DAY), at)
        .await
        .unwrap()
}

/// Grants `number` and redeems its code: its first refresh token is called by its number.
pub(crate) async fn begin(store: &Store, number: u128) {
    store.grant(&new(number), NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(redeem(store, number, NOW).await, Redeemed::Granted(granted(number)));
}

/// Refreshes with this token; its successor has a stroke more.
pub(crate) async fn refresh(store: &Store, token: &str, at: UnixTime) -> Refreshed {
    refresh_as(store, token, (&client_id(), Generation::A), at).await
}

async fn refresh_as(store: &Store, token: &str, client: (&ClientId, Generation), at: UnixTime) -> Refreshed {
    let successor = (&hash(&format!("{token}'")), at.plus(MONTH));
    store.refresh((&hash(token), client.0, client.1), successor, GRACE, at.plus(DAY), at).await.unwrap()
}

pub(crate) async fn is_denied(store: &Store, number: u128) -> bool {
    let denied = store.revocations_after(0, NOW).await.unwrap();
    let subject = Subject::Credential(id(number).into());
    denied.iter().any(|recorded| recorded.revocation.subject == subject)
}

pub(crate) async fn a_code_becomes_what_was_granted(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    assert_eq!(refresh(store, "1", NOW).await, refreshed(1));

    let plain = NewGrantCode { offline: false, openid: false, nonce: None, ..new(2) };
    store.grant(&plain, NOW.plus(DAY), NOW).await.unwrap();
    let expected = Granted { offline: false, openid: false, nonce: None, ..granted(2) };
    assert_eq!(redeem(store, 2, NOW).await, Redeemed::Granted(expected));
    assert_eq!(refresh(store, "2", NOW).await, Refreshed::Refused, "it does not go on by itself");
    assert_eq!(store.last_change().await.unwrap(), 0, "there is nothing to hear of");
}

pub(crate) async fn a_code_counts_once_whatever_comes_of_it(store: &Store) {
    with_people(store).await;
    let (own, other) = (verifier(), CodeVerifier::from_entropy(&[8; 32]));
    let (public, its) = (public_client().id, client_id());
    let attempts = [("https://app.example/back/", &own), (BACK, &other)];
    let client = (&its, Generation::A);
    for (number, proof) in (1..).zip(attempts) {
        store.grant(&new(number), NOW.plus(DAY), NOW).await.unwrap();
        assert_eq!(redeem_as(store, number, client, proof, NOW).await, Redeemed::Refused, "{number}");
        assert!(matches!(redeem(store, number, NOW).await, Redeemed::Replayed(_)), "{number} is used up");
        assert_eq!(refresh(store, &number.to_string(), NOW).await, Refreshed::Refused, "{number}");
    }
    begin(store, 8).await;
    store.grant(&new(9), NOW.plus(DAY), NOW).await.unwrap();
    for stranger in [(&public, Generation::A), (&its, Generation::B)] {
        for number in [8, 9] {
            let outcome = redeem_as(store, number, stranger, (BACK, &own), NOW).await;
            assert_eq!(outcome, Redeemed::Refused, "{number} is another client's, which it does not end");
        }
    }
    assert_eq!(refresh(store, "8", NOW).await, refreshed(8));
    assert_eq!(redeem(store, 9, NOW).await, Redeemed::Granted(granted(9)), "nobody has used it");

    store.grant(&new(7), NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(redeem(store, 7, NOW.plus(MINUTE)).await, Redeemed::Refused, "it is late");
    assert_eq!(redeem(store, 404, NOW).await, Redeemed::Refused);

    store.grant(&new(5), NOW.plus(DAY), NOW).await.unwrap();
    assert!(store.end_session(person(1).id, session(1, 1).id, NOW).await.unwrap());
    assert_eq!(redeem(store, 5, NOW).await, Redeemed::Refused, "its session has ended");
    assert!(matches!(store.grant(&new(6), NOW.plus(DAY), NOW).await, Err(StoreError::MissingReference)));
    assert_eq!(listed(store, 2).await, [] as [GrantId; 0]);
    let renewed = store.begin_session(&session(3, 1), None, &password("p"), NOW).await.unwrap();
    assert!(renewed && store.prove_session(session(3, 1).id, &hash("renewed"), NOW).await.unwrap());
    let copied = NewGrantCode { session: session(3, 1).hash, ..new(6) };
    let refused = store.grant(&copied, NOW.plus(DAY), NOW).await;
    assert!(matches!(refused, Err(StoreError::MissingReference)), "a copy of it");
}

pub(crate) async fn a_replayed_code_ends_its_grant(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    begin(store, 2).await;
    assert!(store.end_session(person(1).id, session(1, 1).id, NOW).await.unwrap());
    assert_eq!(refresh(store, "1", NOW).await, refreshed(1), "it goes on without the session");
    assert_eq!(redeem(store, 1, NOW).await, Redeemed::Replayed(vec![Change::Revocations]));
    let denied: Vec<_> = store.revocations_after(0, NOW).await.unwrap();
    let expected = Revocation::at(Subject::Credential(id(1).into()), NOW, NOW.plus(DAY));
    assert_eq!(denied.iter().map(|recorded| &recorded.revocation).collect::<Vec<_>>(), [&expected]);
    for token in ["1", "1'"] {
        assert_eq!(refresh(store, token, NOW).await, Refreshed::Refused, "{token}");
    }
    assert_eq!(redeem(store, 1, NOW).await, Redeemed::Replayed(Vec::new()), "it has ended");
    assert_eq!(refresh(store, "2", NOW).await, refreshed(2), "another grant goes on");
}

pub(crate) async fn a_refresh_token_is_followed_by_one(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    let lost = NOW.plus(GRACE).minus(Duration::from_millis(1));
    for at in [NOW, NOW, lost] {
        assert_eq!(refresh(store, "1", at).await, refreshed(1), "its answer was lost");
    }
    let mut token = "1".to_owned();
    for number in 1..5 {
        token.push('\'');
        let at = NOW.plus(MINUTE * number);
        assert_eq!(refresh(store, &token, at).await, refreshed(1), "{token}");
        assert_eq!(listed_at(store).await, [(id(1), Some(at))]);
    }
}

pub(crate) async fn a_spent_token_ends_its_grant(store: &Store) {
    with_people(store).await;
    for number in [1, 2] {
        begin(store, number).await;
        assert_eq!(refresh(store, &number.to_string(), NOW).await, refreshed(number));
    }
    assert_eq!(refresh(store, "1'", NOW).await, refreshed(1));
    let ended = Refreshed::Replayed(vec![Change::Revocations]);
    assert_eq!(refresh(store, "1", NOW).await, ended, "its successor was used");
    assert_eq!(refresh(store, "2", NOW.plus(GRACE)).await, ended, "it is late");
    for (number, newest) in [(1, "1''"), (2, "2'")] {
        assert_eq!(refresh(store, newest, NOW).await, Refreshed::Refused, "{newest}");
        assert!(is_denied(store, number).await);
    }
    assert_eq!(store.changes_after(0, 9).await.unwrap().len(), 2);
}

pub(crate) async fn a_refresh_token_is_its_clients_and_expires(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    let (public, own) = (public_client().id, client_id());
    for stranger in [(&public, Generation::A), (&own, Generation::B)] {
        assert_eq!(refresh_as(store, "1", stranger, NOW).await, Refreshed::Refused);
    }
    assert_eq!(refresh(store, "1", NOW.plus(MONTH)).await, Refreshed::Refused, "it has expired");
    assert_eq!(refresh(store, "unknown", NOW).await, Refreshed::Refused);
    assert_eq!(refresh(store, "1", NOW).await, refreshed(1), "nobody has used it");
    assert_eq!(refresh_as(store, "1", (&public, Generation::A), NOW.plus(MINUTE)).await, Refreshed::Refused);
    assert_eq!(refresh(store, "1'", NOW).await, refreshed(1), "another client ends nothing");
}

async fn list(store: &Store, filter: GrantFilter, at: UnixTime) -> Vec<ListedGrant> {
    let page = Page { after: None, size: PageSize::MOST };
    store.grants(&filter, &page, at).await.unwrap()
}

pub(crate) async fn listed(store: &Store, of: u128) -> Vec<GrantId> {
    let listed = list(store, GrantFilter::OfPerson(person(of).id), NOW).await;
    listed.into_iter().map(|grant| grant.id).collect()
}

async fn listed_at(store: &Store) -> Vec<(GrantId, Option<UnixTime>)> {
    let listed = list(store, GrantFilter::OfPerson(person(1).id), NOW).await;
    listed.into_iter().map(|grant| (grant.id, grant.last_used_at)).collect()
}

pub(crate) async fn grants_that_work_are_listed_newest_first_and_ended_by_their_person(store: &Store) {
    with_people(store).await;
    for number in 1..5 {
        store.grant(&new(number), NOW.plus(DAY), NOW).await.unwrap();
    }
    for number in [1, 2, 3] {
        redeem(store, number, NOW.plus(GRACE)).await;
    }
    let used = Some(NOW.plus(GRACE));
    assert_eq!(listed_at(store).await, [(id(3), used), (id(2), used), (id(1), used)], "4 led to nothing");
    let page = Page { after: Some(id(3)), size: PageSize::new(1).unwrap() };
    let filters = [GrantFilter::OfPerson(person(1).id), GrantFilter::OfClient(client_id())];
    for filter in filters.clone() {
        let second = store.grants(&filter, &page, NOW).await.unwrap();
        let names: Vec<_> = second.iter().map(|grant| (grant.id, &*grant.app_name, &grant.client)).collect();
        assert_eq!(names, [(id(2), &*new_app().app.name, &client_id())]);
        let ListedGrant { person: whose, issuer, scope, granted_at, .. } = &second[0];
        assert_eq!((*whose, *issuer, scope), (person(1).id, Generation::A, &new(2).scope));
        assert_eq!(*granted_at, NOW);
        let over = list(store, filter, NOW.plus(GRACE).plus(MONTH)).await;
        assert_eq!(over, [], "nothing is left of it");
    }
    assert_eq!(list(store, GrantFilter::OfClient(public_client().id), NOW).await, []);

    let end = async |number, of| store.end_grant(id(number), of, NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(end(2, Some(person(2).id)).await, [], "it is another person's");
    assert_eq!(end(2, Some(person(1).id)).await, [Change::Revocations]);
    assert_eq!(end(2, Some(person(1).id)).await, [], "it has ended");
    assert_eq!(end(3, None).await, [Change::Revocations]);
    assert_eq!(end(4, None).await, [Change::Revocations]);
    assert_eq!(end(404, None).await, []);
    assert_eq!((listed(store, 1).await, listed(store, 2).await), (vec![id(1)], Vec::new()));
    assert_eq!(refresh(store, "2", NOW).await, Refreshed::Refused);
    assert_eq!(redeem(store, 4, NOW).await, Redeemed::Refused);
    assert!(is_denied(store, 2).await && is_denied(store, 3).await && !is_denied(store, 1).await);
}

pub(crate) async fn a_grant_is_found_by_what_its_client_brings(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    refresh(store, "1", NOW).await;
    let (own, public) = (client_id(), public_client().id);
    let by = async |text: &str, client: (&ClientId, Generation)| {
        let code = store.grant_of_code(&hash(text), client).await.unwrap();
        (code, store.grant_of_token(&hash(text), client).await.unwrap())
    };
    let its = (&own, Generation::A);
    let scope = new(1).scope;
    let seen = Some(SeenGrant { id: id(1), person: person(1).id, scope, granted_at: NOW });
    assert_eq!(by(&code_of(1), its).await, (seen.clone(), None), "used or not");
    for token in ["1", "1'"] {
        assert_eq!(by(token, its).await, (None, seen.clone()), "{token}, spent or not");
    }
    for text in [&*code_of(1), "1", "invented"] {
        assert_eq!(by(text, (&public, Generation::A)).await, (None, None), "{text}");
        assert_eq!(by(text, (&own, Generation::B)).await, (None, None), "{text}");
    }
    assert_eq!(by("invented", its).await, (None, None));
    let is_known = async |text: &str, issuer| store.is_refresh_token(&hash(text), issuer).await.unwrap();
    for (text, known) in [("1", true), ("1'", true), (&*code_of(1), false), ("invented", false)] {
        assert_eq!(is_known(text, Generation::A).await, known, "{text}, whoever brings it");
        assert!(!is_known(text, Generation::B).await, "{text}");
    }
    store.end_grant(id(1), None, NOW.plus(DAY), NOW).await.unwrap();
    for text in [&*code_of(1), "1", "1'"] {
        assert_eq!(by(text, its).await, (None, None), "{text}");
        assert!(!is_known(text, Generation::A).await, "{text}");
    }
}

pub(crate) async fn a_person_has_so_many_grants_of_a_client_and_the_oldest_gives_way(store: &Store) {
    with_people(store).await;
    for number in 1..=10 {
        begin(store, number).await;
    }
    for number in 11..=30 {
        let changes = store.grant(&new(number), NOW.plus(DAY), NOW).await.unwrap();
        let ends = if number == 11 { vec![Change::Revocations] } else { Vec::new() };
        assert_eq!(changes, ends, "{number}: what led to nothing takes no room");
    }
    let left: Vec<_> = (2..=10).rev().map(id).collect();
    assert_eq!(listed(store, 1).await, left);
    assert_eq!(refresh(store, "1", NOW).await, Refreshed::Refused);
    assert!(is_denied(store, 1).await && !is_denied(store, 2).await);
    redeem(store, 30, NOW).await;
    let public = NewGrantCode { client: public_client().id, ..new(40) };
    assert_eq!(
        store.grant(&public, NOW.plus(DAY), NOW).await.unwrap(),
        [],
        "another client's have their own"
    );
    assert_eq!(store.grant(&new(41), NOW.plus(DAY), NOW).await.unwrap(), [Change::Revocations]);
    assert!(is_denied(store, 2).await && !is_denied(store, 3).await);
}

pub(crate) async fn what_expired_or_ended_is_forgotten(store: &Store) {
    with_people(store).await;
    for number in 1..4 {
        begin(store, number).await;
    }
    store.grant(&new(4), NOW.plus(DAY), NOW).await.unwrap();
    store.grant(&NewGrantCode { offline: false, ..new(5) }, NOW.plus(DAY), NOW).await.unwrap();
    redeem(store, 5, NOW).await;
    store.end_grant(id(2), None, NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(refresh(store, "3", NOW.plus(DAY)).await, refreshed(3));
    store.forget_grants(NOW.plus(MINUTE).minus(Duration::from_millis(1))).await.unwrap();
    let of_4 = async || store.grant_of_code(&hash(&code_of(4)), (&client_id(), Generation::A)).await.unwrap();
    assert!(of_4().await.is_some());
    assert_eq!(listed(store, 1).await, [id(5), id(3), id(1)]);
    store.forget_grants(NOW.plus(MINUTE)).await.unwrap();
    assert_eq!(of_4().await, None, "a code that nobody traded");
    assert_eq!(listed(store, 1).await, [id(5), id(3), id(1)]);
    assert_eq!(redeem(store, 1, NOW).await, Redeemed::Refused, "it is unknown by now");
    store.forget_grants(NOW.plus(DAY)).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(3), id(1)], "what does not go on by itself");
    store.grant(&new(2), NOW.plus(DAY), NOW).await.unwrap();
    store.forget_grants(NOW.plus(MONTH)).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(3)]);
    assert_eq!(refresh(store, "3", NOW.plus(MONTH)).await, Refreshed::Refused, "its first token is unknown");
    assert_eq!(refresh(store, "3'", NOW.plus(MONTH)).await, refreshed(3));
}
