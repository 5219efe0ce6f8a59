//! People, their sessions, and the one-time links that bring them in.

use super::races::{race, wins};
use super::{NOW, ORGANISATION, hash};
use einlass_protocol::ids::{CredentialId, OrganisationId, PersonId, SessionId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::{EmailAddress, Role};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    Access, Changed, Joining, Link, LinkTo, Maker, NewAdminToken, NewPersonSession, Organisation, Page,
    PageSize, PasswordHash, Person, Recovery, Store, StoreError, Taken,
};
use std::time::Duration;
use uuid::Uuid;

const HOUR: Duration = Duration::from_hours(1);

pub(crate) fn person(number: u128) -> Person {
    Person {
        id: PersonId::new(Uuid::from_u128(number)),
        email: email(&format!("person-{number:05}@a.example")),
        name: format!("Person {number}"),
    }
}

pub(crate) fn password(text: &str) -> PasswordHash {
    PasswordHash::new(text.into())
}

pub(super) fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

pub(super) async fn with_organisation(store: &Store) {
    store
        .create_organisation(
            &Organisation { id: ORGANISATION, name: "Anna".into(), kind: OrganisationKind::Both },
            NOW,
        )
        .await
        .unwrap();
}

pub(super) async fn with_token(store: &Store) -> Maker {
    let id = CredentialId::new(Uuid::from_u128(500));
    let new =
        NewAdminToken { id, name: "ops".into(), hash: hash("ops"), access: Access::Full, expires_at: None };
    store.create_admin_token(&new, NOW).await.unwrap();
    Maker::Token(id)
}

pub(super) async fn with_members(store: &Store, roles: &[Role]) {
    with_organisation(store).await;
    for (number, role) in (1..).zip(roles) {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
        store.ensure_member(ORGANISATION, &person(number), *role, NOW).await.unwrap();
    }
}

pub(crate) fn session(number: u128, person: u128) -> NewPersonSession {
    NewPersonSession {
        id: SessionId::new(Uuid::from_u128(number)),
        hash: hash(&format!("session {number}")),
        person: self::person(person).id,
        expires_at: NOW.plus(HOUR),
        address: "192.0.2.1".into(),
        agent: "a browser".into(),
    }
}

fn to_join(whose: &EmailAddress, role: Role) -> Link {
    Link { email: whose.clone(), to: LinkTo::Join(ORGANISATION, role), expires_at: NOW.plus(HOUR) }
}

pub(crate) async fn an_address_is_one_account(store: &Store) {
    store.create_person(&person(1), &password("one"), NOW).await.unwrap();
    let taken =
        store.create_person(&Person { email: person(1).email, ..person(2) }, &password("two"), NOW).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(Taken::Email))));
    let found = store.person_to_authenticate(&person(1).email).await.unwrap();
    assert_eq!(found, Some((person(1), password("one"))));
    assert_eq!(store.person_to_authenticate(&person(2).email).await.unwrap(), None);
    assert_eq!(store.person(person(1).id).await.unwrap(), Some(person(1)));
}

pub(crate) async fn a_session_is_found_until_it_ends_or_lies_idle(store: &Store) {
    store.create_person(&person(1), &password("p"), NOW).await.unwrap();
    assert!(store.begin_session(&session(1, 1), None, &password("p"), NOW).await.unwrap());
    let found = |now: UnixTime, idle_since: UnixTime| async move {
        let found = store.session(&hash("session 1"), now, idle_since).await.unwrap();
        found.map(|(session, person)| (session.seen_at, person))
    };
    let before = NOW.minus(HOUR);
    assert_eq!(found(NOW, before).await, Some((NOW, person(1))));
    assert_eq!(found(NOW, NOW).await, None, "it was idle");
    assert_eq!(found(NOW.plus(HOUR), before).await, None, "it is over");
    let later = NOW.plus(Duration::from_mins(10));
    store.see_session(session(1, 1).id, later).await.unwrap();
    assert_eq!(found(later, NOW).await, Some((later, person(1))));
    assert!(store.session(&hash("session 2"), NOW, before).await.unwrap().is_none());
    store.forget_sessions(NOW.plus(HOUR)).await.unwrap();
    assert_eq!(found(NOW, before).await, None, "it is forgotten");
}

pub(crate) async fn a_new_session_takes_the_place_of_what_the_browser_held(store: &Store) {
    for number in [1, 2] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
    assert!(store.begin_session(&session(1, 1), None, &password("p"), NOW).await.unwrap());
    assert!(
        store.begin_session(&session(2, 2), Some(&hash("session 1")), &password("p"), NOW).await.unwrap()
    );
    let before = NOW.minus(HOUR);
    assert!(store.session(&hash("session 1"), NOW, before).await.unwrap().is_none());
    assert!(store.session(&hash("session 2"), NOW, before).await.unwrap().is_some());
}

pub(crate) async fn sessions_are_ended_by_their_own_person_alone(store: &Store) {
    for number in [1, 2] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
    for (number, whose) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
        assert!(store.begin_session(&session(number, whose), None, &password("p"), NOW).await.unwrap());
    }
    let left = async |whose: u128| {
        let sessions = store.sessions_of(person(whose).id, NOW, NOW.minus(HOUR)).await.unwrap();
        sessions.iter().map(|session| session.id.uuid().as_u128()).collect::<Vec<_>>()
    };
    assert!(!store.end_session(person(1).id, session(4, 2).id, NOW).await.unwrap());
    assert!(store.end_session(person(1).id, session(2, 1).id, NOW).await.unwrap());
    assert_eq!(left(1).await, [3, 1]);
    let change = async |proof: &str, number: u128| {
        let passwords = (&password(proof), &password("new"));
        let kept = (session(number, 1).id, &hash("renewed"));
        store.change_password(person(1).id, passwords, kept, NOW, NOW).await.unwrap().is_some()
    };
    assert!(!change("another", 3).await, "that is not the password");
    assert!(!change("p", 2).await, "that session has ended");
    assert!(change("p", 3).await);
    let before = NOW.minus(HOUR);
    assert!(store.session(&hash("session 3"), NOW, before).await.unwrap().is_none(), "a copy of it");
    assert!(store.session(&hash("renewed"), NOW, before).await.unwrap().is_some());
    assert_eq!((left(1).await, left(2).await), (vec![3], vec![4]));
    let (_, changed) = store.person_to_authenticate(&person(1).email).await.unwrap().unwrap();
    assert_eq!(changed, password("new"));
    assert!(
        !store.begin_session(&session(5, 1), None, &password("p"), NOW).await.unwrap(),
        "the old password"
    );
    assert!(store.begin_session(&session(5, 1), None, &password("new"), NOW).await.unwrap());
    store.end_other_sessions(person(1).id, session(5, 1).id, NOW, NOW).await.unwrap();
    assert_eq!(left(1).await, [5]);
    assert!(store.prove_session(session(5, 1).id, &hash("proved"), NOW.plus(HOUR / 2)).await.unwrap());
    assert!(!store.prove_session(session(2, 1).id, &hash("ended"), NOW).await.unwrap());
    assert!(store.session(&hash("session 5"), NOW, before).await.unwrap().is_none(), "a copy of it");
    assert!(store.session(&hash("proved"), NOW, before).await.unwrap().is_some());
    let proved = store.sessions_of(person(1).id, NOW, NOW.minus(HOUR)).await.unwrap()[0].proved_at;
    assert_eq!(proved, NOW.plus(HOUR / 2));
}

pub(crate) async fn an_invitation_makes_account_and_membership_once(store: &Store) {
    with_organisation(store).await;
    let new = person(1);
    store.invite(&hash("first"), &to_join(&new.email, Role::Member), None, NOW).await.unwrap();
    store.invite(&hash("link"), &to_join(&new.email, Role::Admin), None, NOW).await.unwrap();
    assert_eq!(store.link(&hash("first"), NOW).await.unwrap(), None, "a newer one took its place");
    assert_eq!(store.link(&hash("link"), NOW).await.unwrap(), Some(to_join(&new.email, Role::Admin)));
    assert_eq!(store.link(&hash("link"), NOW.plus(HOUR)).await.unwrap(), None, "it is over");

    let other = person(2);
    let joining = Joining::New(&other, &password("p"));
    assert!(!store.accept_invitation(&hash("link"), joining, NOW).await.unwrap(), "it is another one's");
    let secret = password("p");
    let joining = Joining::New(&new, &secret);
    assert!(store.accept_invitation(&hash("link"), joining, NOW).await.unwrap());
    assert!(!store.accept_invitation(&hash("link"), joining, NOW).await.unwrap(), "it is used");
    assert_eq!(store.role_in(ORGANISATION, new.id).await.unwrap(), Some(Role::Admin));
    assert_eq!(store.person(other.id).await.unwrap(), None);

    // For whoever has an account by now the link stays.
    store.invite(&hash("again"), &to_join(&new.email, Role::Member), None, NOW).await.unwrap();
    let taken = Person { id: other.id, ..new.clone() };
    let refused = store.accept_invitation(&hash("again"), Joining::New(&taken, &secret), NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::Email))));
    assert!(store.accept_invitation(&hash("again"), Joining::Known(&new), NOW).await.unwrap());
    assert_eq!(
        store.role_in(ORGANISATION, new.id).await.unwrap(),
        Some(Role::Admin),
        "no invitation makes less"
    );

    let nowhere = Link {
        to: LinkTo::Join(OrganisationId::new(Uuid::from_u128(99)), Role::Member),
        ..to_join(&new.email, Role::Member)
    };
    let refused = store.invite(&hash("x"), &nowhere, None, NOW).await;
    assert!(matches!(refused, Err(StoreError::MissingReference)));
}

pub(super) fn by(number: u128) -> Maker {
    Maker::Person(person(number).id)
}

async fn offer(store: &Store, code: &str, whose: u128) {
    let whose = (ORGANISATION, person(whose).id, true);
    let offered = store.offer_recovery(&hash(code), whose, NOW.plus(HOUR), Some(by(1)), NOW).await.unwrap();
    assert!(matches!(offered, Recovery::Offered(_)));
}

async fn counts(store: &Store, code: &str) -> bool {
    store.link(&hash(code), NOW).await.unwrap().is_some()
}

pub(crate) async fn a_link_ends_with_what_it_was_made_by(store: &Store) {
    with_members(store, &[Role::Admin, Role::Admin, Role::Member]).await;
    let elsewhere = Organisation {
        id: OrganisationId::new(Uuid::from_u128(9)),
        name: "Bert".into(),
        kind: OrganisationKind::Both,
    };
    store.create_organisation(&elsewhere, NOW).await.unwrap();

    offer(store, "joined", 3).await;
    store.ensure_member(elsewhere.id, &person(3), Role::Member, NOW).await.unwrap();
    assert!(!counts(store, "joined").await, "the account opens more than when the link was made");
    let whose = (ORGANISATION, person(3).id, true);
    let refused = store.offer_recovery(&hash("x"), whose, NOW.plus(HOUR), None, NOW).await.unwrap();
    assert_eq!(refused, Recovery::BelongsToOthers);
    let whose = (elsewhere.id, person(1).id, false);
    let refused = store.offer_recovery(&hash("x"), whose, NOW.plus(HOUR), None, NOW).await.unwrap();
    assert_eq!(refused, Recovery::NoMember);

    offer(store, "changed", 2).await;
    assert!(store.begin_session(&session(1, 2), None, &password("p"), NOW).await.unwrap());
    let passwords = (&password("p"), &password("new"));
    let kept = (session(1, 2).id, &hash("renewed"));
    assert!(store.change_password(person(2).id, passwords, kept, NOW, NOW).await.unwrap().is_some());
    assert!(!counts(store, "changed").await, "whoever chose a new password needs no link");

    offer(store, "helped", 2).await;
    let guest = email("guest@a.example");
    store.invite(&hash("guest"), &to_join(&guest, Role::Admin), Some(by(1)), NOW).await.unwrap();
    store.invite(&hash("back"), &to_join(&person(1).email, Role::Admin), Some(by(2)), NOW).await.unwrap();
    let other = email("other@a.example");
    store.invite(&hash("other"), &to_join(&other, Role::Member), Some(by(2)), NOW).await.unwrap();
    assert_eq!(
        store.change_role(ORGANISATION, person(1).id, Role::Member, by(2), NOW).await.unwrap(),
        Changed::Done
    );
    for code in ["helped", "guest", "back"] {
        assert!(!counts(store, code).await, "{code}");
    }
    assert!(counts(store, "other").await, "what another one made");
}

pub(crate) async fn a_link_counts_while_its_maker_may_make_it(store: &Store) {
    with_members(store, &[Role::Admin, Role::Admin]).await;
    let (id, kind) = (OrganisationId::OPERATOR, OrganisationKind::Operator);
    store.create_organisation(&Organisation { id, name: "Operator".into(), kind }, NOW).await.unwrap();
    for number in [3, 4] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
        store.ensure_member(id, &person(number), Role::Admin, NOW).await.unwrap();
    }
    let token = with_token(store).await;
    let makers = [("person", by(1)), ("operator", by(3)), ("token", token)];
    for (code, maker) in makers {
        let guest = email(&format!("{code}@a.example"));
        store.invite(&hash(code), &to_join(&guest, Role::Admin), Some(maker), NOW).await.unwrap();
        assert!(counts(store, code).await, "{code}");
    }
    // Made by somebody who lost the right in the same moment: the link came last.
    store.remove_member(ORGANISATION, person(1).id, by(2), NOW).await.unwrap();
    let late = to_join(&email("late@a.example"), Role::Admin);
    store.invite(&hash("late"), &late, Some(by(1)), NOW).await.unwrap();
    store.remove_member(id, person(3).id, by(4), NOW).await.unwrap();
    assert!(store.revoke_admin_token(CredentialId::new(Uuid::from_u128(500)), NOW).await.unwrap());
    for code in ["person", "late", "operator", "token"] {
        assert!(!counts(store, code).await, "{code}");
        let new = Person { email: email(&format!("{code}@a.example")), ..person(9) };
        let joining = Joining::New(&new, &password("p"));
        assert!(!store.accept_invitation(&hash(code), joining, NOW).await.unwrap(), "{code}");
    }
    for maker in [by(1), by(3), token] {
        let changed = store.change_role(ORGANISATION, person(2).id, Role::Member, maker, NOW).await.unwrap();
        assert_eq!(changed, Changed::NotAllowed, "{maker:?}");
    }
}

pub(crate) async fn a_person_has_so_many_sessions_and_the_oldest_gives_way(store: &Store) {
    store.create_person(&person(1), &password("p"), NOW).await.unwrap();
    for number in 1..=52 {
        assert!(store.begin_session(&session(number, 1), None, &password("p"), NOW).await.unwrap());
    }
    let sessions = store.sessions_of(person(1).id, NOW, NOW.minus(HOUR)).await.unwrap();
    assert_eq!((sessions.len(), sessions[49].id), (50, session(3, 1).id));
}

pub(crate) async fn a_recovery_changes_the_password_and_ends_every_session(store: &Store) {
    with_members(store, &[Role::Admin]).await;
    assert!(store.begin_session(&session(1, 1), None, &password("p"), NOW).await.unwrap());
    offer(store, "recover", 1).await;
    store.invite(&hash("join"), &to_join(&person(1).email, Role::Member), None, NOW).await.unwrap();
    assert!(
        store.link(&hash("recover"), NOW).await.unwrap().is_some(),
        "an invitation is for something else"
    );
    let new = password("new");
    let recover = async |code: &str| {
        store.recover_account(&hash(code), person(1).id, &new, NOW, NOW).await.unwrap().is_some()
    };
    assert!(!recover("join").await);
    assert!(recover("recover").await);
    assert!(!recover("recover").await);
    assert!(store.link(&hash("join"), NOW).await.unwrap().is_some(), "a link that was no recovery is left");
    let (_, changed) = store.person_to_authenticate(&person(1).email).await.unwrap().unwrap();
    assert_eq!(changed, new);
    assert!(store.sessions_of(person(1).id, NOW, NOW.minus(HOUR)).await.unwrap().is_empty());
}

pub(crate) async fn everybody_is_listed_by_address_and_found_by_a_part(store: &Store) {
    for number in [3, 1, 2, 12] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
    let found = async |search: &str, after: Option<u128>| {
        let page = Page { after: after.map(|number| person(number).email), size: PageSize::new(3).unwrap() };
        store.people_like(search, &page).await.unwrap()
    };
    assert_eq!(found("", None).await, [person(1), person(2), person(3)]);
    assert_eq!(found("", Some(3)).await, [person(12)]);
    assert_eq!(found("00012@A.example", None).await, [person(12)]);
    assert_eq!(found("SON 2", None).await, [person(2)]);
    assert_eq!(found("person 1", Some(1)).await, [person(12)]);
    assert!(found("%", None).await.is_empty(), "a sign like others");
}

pub(crate) async fn of_many_uses_of_one_invitation_one_joins(store: &Store) {
    with_organisation(store).await;
    store.invite(&hash("link"), &to_join(&email("new@a.example"), Role::Member), None, NOW).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        let person = Person { email: email("new@a.example"), ..person(number as u128 + 1) };
        let joining = Joining::New(&person, &password("p"));
        store.accept_invitation(&hash("link"), joining, NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}
