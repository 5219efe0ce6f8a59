//! What people grant to apps' clients: the code, the refresh tokens that follow each other, and the end.

use super::people::{password, person, session};
use super::redirects::public_client;
use super::revocations::of;
use super::{APP, NOW, client_id, hash, new_app, seed};
use einlass_protocol::ids::{ClientId, CredentialId, GrantId};
use einlass_protocol::oauth::CodeVerifier;
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    Change, Granted, NewGrantCode, Page, PageSize, Redeemed, RedirectUris, Refreshed, Store, StoreError,
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
        person: person(1).id,
        session: session(1, 1).id,
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
    let NewGrantCode { grant, client, person, scope, openid, nonce, proved_at, offline, .. } = new(number);
    Granted { grant, client, person, scope, openid, nonce, proved_at, offline }
}

/// The same as a refresh says it (OpenID Connect Core §12.2).
fn refreshed(number: u128) -> Refreshed {
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
    redeem_as(store, number, (&client_id(), BACK, &verifier()), at).await
}

async fn redeem_as(
    store: &Store,
    number: u128,
    proof: (&ClientId, &str, &CodeVerifier),
    at: UnixTime,
) -> Redeemed {
    let first = (&hash(&format!("{number}")), at.plus(MONTH));
    store.redeem_code(&hash(&code_of(number)), proof, first, at.plus(DAY), at).await.unwrap()
}

/// Grants `number` and redeems its code: its first refresh token is called by its number.
pub(crate) async fn begin(store: &Store, number: u128) {
    store.grant(&new(number), NOW).await.unwrap();
    assert_eq!(redeem(store, number, NOW).await, Redeemed::Granted(granted(number)));
}

/// Refreshes with this token; its successor has a stroke more.
pub(crate) async fn refresh(store: &Store, token: &str, at: UnixTime) -> Refreshed {
    refresh_as(store, token, &client_id(), at).await
}

async fn refresh_as(store: &Store, token: &str, client: &ClientId, at: UnixTime) -> Refreshed {
    let successor = (&hash(&format!("{token}'")), at.plus(MONTH));
    store.refresh((&hash(token), client), successor, GRACE, at.plus(DAY), at).await.unwrap()
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
    store.grant(&plain, NOW).await.unwrap();
    let expected = Granted { offline: false, openid: false, nonce: None, ..granted(2) };
    assert_eq!(redeem(store, 2, NOW).await, Redeemed::Granted(expected));
    assert_eq!(refresh(store, "2", NOW).await, Refreshed::Refused, "it does not go on by itself");
    assert_eq!(store.last_change().await.unwrap(), 0, "there is nothing to hear of");
}

pub(crate) async fn a_code_counts_once_whatever_comes_of_it(store: &Store) {
    with_people(store).await;
    let (own, other) = (verifier(), CodeVerifier::from_entropy(&[8; 32]));
    let public = public_client().id;
    let attempts = [
        (&public, BACK, &own),
        (&client_id(), "https://app.example/back/", &own),
        (&client_id(), BACK, &other),
    ];
    for (number, proof) in (1..).zip(attempts) {
        store.grant(&new(number), NOW).await.unwrap();
        assert_eq!(redeem_as(store, number, proof, NOW).await, Redeemed::Refused, "{number}");
        assert!(matches!(redeem(store, number, NOW).await, Redeemed::Replayed(_)), "{number} is used up");
        assert_eq!(refresh(store, &number.to_string(), NOW).await, Refreshed::Refused, "{number}");
    }
    store.grant(&new(4), NOW).await.unwrap();
    assert_eq!(redeem(store, 4, NOW.plus(MINUTE)).await, Redeemed::Refused, "it is late");
    assert_eq!(redeem(store, 404, NOW).await, Redeemed::Refused);

    store.grant(&new(5), NOW).await.unwrap();
    assert!(store.end_session(person(1).id, session(1, 1).id, NOW).await.unwrap());
    assert_eq!(redeem(store, 5, NOW).await, Redeemed::Refused, "its session has ended");
    assert!(matches!(store.grant(&new(6), NOW).await, Err(StoreError::MissingReference)));
    assert_eq!(listed(store, 2).await, [] as [GrantId; 0]);
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
    assert_eq!(refresh_as(store, "1", &public_client().id, NOW).await, Refreshed::Refused);
    assert_eq!(refresh(store, "1", NOW.plus(MONTH)).await, Refreshed::Refused, "it has expired");
    assert_eq!(refresh(store, "unknown", NOW).await, Refreshed::Refused);
    assert_eq!(refresh(store, "1", NOW).await, refreshed(1), "nobody has used it");
    assert_eq!(refresh_as(store, "1", &public_client().id, NOW.plus(MINUTE)).await, Refreshed::Refused);
    assert_eq!(refresh(store, "1'", NOW).await, refreshed(1), "another client ends nothing");
}

async fn listed(store: &Store, of: u128) -> Vec<GrantId> {
    let page = Page { after: None, size: PageSize::MOST };
    let listed = store.grants_of_person(person(of).id, &page).await.unwrap();
    listed.into_iter().map(|grant| grant.id).collect()
}

async fn listed_at(store: &Store) -> Vec<(GrantId, Option<UnixTime>)> {
    let page = Page { after: None, size: PageSize::MOST };
    let listed = store.grants_of_person(person(1).id, &page).await.unwrap();
    listed.into_iter().map(|grant| (grant.id, grant.last_used_at)).collect()
}

pub(crate) async fn grants_are_listed_newest_first_and_ended_by_their_person(store: &Store) {
    with_people(store).await;
    for number in 1..4 {
        store.grant(&new(number), NOW).await.unwrap();
    }
    redeem(store, 2, NOW.plus(GRACE)).await;
    assert_eq!(listed_at(store).await, [(id(3), None), (id(2), Some(NOW.plus(GRACE))), (id(1), None)]);
    let page = Page { after: Some(id(3)), size: PageSize::new(1).unwrap() };
    let second = store.grants_of_person(person(1).id, &page).await.unwrap();
    let names: Vec<_> = second.iter().map(|grant| (grant.id, &*grant.app_name, &grant.client)).collect();
    assert_eq!(names, [(id(2), &*new_app().app.name, &client_id())]);
    assert_eq!((&second[0].scope, second[0].granted_at), (&new(2).scope, NOW));

    let end = async |number, of| store.end_grant(id(number), of, NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(end(2, Some(person(2).id)).await, [], "it is another person's");
    assert_eq!(end(2, Some(person(1).id)).await, [Change::Revocations]);
    assert_eq!(end(2, Some(person(1).id)).await, [], "it has ended");
    assert_eq!(end(3, None).await, [Change::Revocations]);
    assert_eq!(end(404, None).await, []);
    assert_eq!((listed(store, 1).await, listed(store, 2).await), (vec![id(1)], Vec::new()));
    assert_eq!(refresh(store, "2", NOW).await, Refreshed::Refused);
    assert_eq!(redeem(store, 3, NOW).await, Redeemed::Refused);
    assert!(is_denied(store, 2).await && is_denied(store, 3).await && !is_denied(store, 1).await);
}

pub(crate) async fn a_token_given_back_ends_its_grant(store: &Store) {
    with_people(store).await;
    for number in [1, 2] {
        begin(store, number).await;
        assert_eq!(refresh(store, &number.to_string(), NOW).await, refreshed(number));
    }
    let end = async |token, client: ClientId| {
        store.end_grant_of_token(&hash(token), &client, NOW.plus(DAY), NOW).await.unwrap()
    };
    assert_eq!(end("1'", public_client().id).await, [], "it is another client's");
    assert_eq!(end("unknown", client_id()).await, []);
    // Whoever gives back a spent one wants an end too.
    for (token, newest) in [("1'", "1'"), ("2", "2'")] {
        assert_eq!(end(token, client_id()).await, [Change::Revocations], "{token}");
        assert_eq!(end(token, client_id()).await, [], "{token} has ended");
        assert_eq!(refresh(store, newest, NOW).await, Refreshed::Refused, "{newest}");
    }
    assert!(is_denied(store, 1).await && is_denied(store, 2).await);
}

pub(crate) async fn a_grant_ends_with_its_client_and_its_app(store: &Store) {
    with_people(store).await;
    let subjects =
        [Subject::Credential(CredentialId::from(id(1))), Subject::Client(client_id()), Subject::App(APP)];
    for (number, subject) in (1..).zip(subjects) {
        begin(store, number).await;
        // Its tokens are older than what is denied with the client or the app.
        let (idle, later) = (number + 10, NOW.plus(MINUTE * 2));
        begin(store, idle).await;
        assert_eq!(refresh(store, &number.to_string(), later).await, refreshed(number));
        store.revoke(&of(subject.clone(), later), later).await.unwrap();
        assert_eq!(refresh(store, &format!("{number}'"), later).await, Refreshed::Refused, "{subject:?}");
        assert!(is_denied(store, number).await, "a token of it may be issued later by another clock");
        assert!(!is_denied(store, idle).await, "{subject:?} denies what it led to");
        let ends = !matches!(subject, Subject::Credential(_));
        assert_eq!(refresh(store, &idle.to_string(), later).await == Refreshed::Refused, ends, "{subject:?}");
        assert_eq!(listed(store, 1).await, if ends { vec![] } else { vec![id(idle)] });
    }
}

pub(crate) async fn what_expired_or_ended_is_forgotten(store: &Store) {
    with_people(store).await;
    for number in 1..4 {
        begin(store, number).await;
    }
    store.grant(&new(4), NOW).await.unwrap();
    store.grant(&NewGrantCode { offline: false, ..new(5) }, NOW).await.unwrap();
    redeem(store, 5, NOW).await;
    store.end_grant(id(2), None, NOW.plus(DAY), NOW).await.unwrap();
    assert_eq!(refresh(store, "3", NOW.plus(DAY)).await, refreshed(3));
    store.forget_grants(NOW.plus(MINUTE).minus(Duration::from_millis(1))).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(5), id(4), id(3), id(1)]);
    store.forget_grants(NOW.plus(MINUTE)).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(5), id(3), id(1)], "a code that nobody traded");
    assert_eq!(redeem(store, 1, NOW).await, Redeemed::Refused, "it is unknown by now");
    store.forget_grants(NOW.plus(DAY)).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(3), id(1)], "what does not go on by itself");
    store.grant(&new(2), NOW).await.unwrap();
    store.forget_grants(NOW.plus(MONTH)).await.unwrap();
    assert_eq!(listed(store, 1).await, [id(3)]);
    assert_eq!(refresh(store, "3", NOW.plus(MONTH)).await, Refreshed::Refused, "its first token is unknown");
    assert_eq!(refresh(store, "3'", NOW.plus(MONTH)).await, refreshed(3));
}
