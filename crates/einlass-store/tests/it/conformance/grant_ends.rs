//! What ends grants beside their own person: a new password, the operator, the end of a client or an app.

use super::grants::{
    DAY, MINUTE, begin, id, is_denied, listed, new, redeem, refresh, refreshed, with_people,
};
use super::people::{password, person, session};
use super::revocations::of;
use super::{APP, NOW, client_id, hash, new_app};
use einlass_protocol::ids::{CredentialId, GrantId};
use einlass_protocol::person::Role;
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::time::UnixTime;
use einlass_store::{Change, Link, LinkTo, NewGrantCode, Recovery, Redeemed, Refreshed, Store};

/// What somebody let in who is out now.
pub(crate) async fn all_that_a_person_granted_ends_with_what_it_rested_on(store: &Store) {
    with_people(store).await;
    let other = NewGrantCode { person: person(2).id, session: session(50, 2).hash, ..new(50) };
    assert!(store.begin_session(&session(50, 2), None, &password("p"), NOW).await.unwrap());
    store.grant(&other, NOW.plus(DAY), NOW).await.unwrap();
    redeem(store, 50, NOW).await;

    let ways = [End::Password, End::Others, End::Recovery, End::Revocation];
    for (number, way) in (1..).zip(ways) {
        let later = NOW.plus(MINUTE * 2);
        begin(store, number).await;
        let waiting = NewGrantCode { expires_at: later.plus(MINUTE), ..new(number + 10) };
        store.grant(&waiting, NOW.plus(DAY), NOW).await.unwrap();
        begin(store, number + 20).await;
        assert_eq!(refresh(store, &number.to_string(), later).await, refreshed(number));
        assert_eq!(way.take(store, later).await, [Change::Revocations], "{way:?}");
        let newest = [format!("{number}'"), (number + 20).to_string()];
        for token in &newest {
            assert_eq!(refresh(store, token, later).await, Refreshed::Refused, "{way:?} {token}");
        }
        assert_eq!(redeem(store, number + 10, later).await, Redeemed::Refused, "{way:?}");
        assert_eq!(listed(store, 1).await, [] as [GrantId; 0], "{way:?}");
        let denied = store.revocations_after(0, NOW).await.unwrap();
        let expected = Revocation::at(Subject::Person(person(1).id), later, later.plus(DAY));
        assert!(denied.iter().any(|recorded| recorded.revocation == expected), "{way:?}");
        assert!(is_denied(store, number).await, "a token of it may be issued later by another clock");
        assert!(!is_denied(store, number + 20).await, "the person denies what it led to");
        way.undo(store).await;
    }
    assert_eq!(listed(store, 2).await, [id(50)], "another person's go on");
}

/// How all that a person granted ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Password,
    Others,
    Recovery,
    Revocation,
}

impl End {
    async fn take(self, store: &Store, at: UnixTime) -> Vec<Change> {
        let (whose, end) = (person(1).id, at.plus(DAY));
        let (kept, held) = (session(1, 1).id, session(1, 1).hash);
        let passwords = (&password("p"), &password("p"));
        match self {
            Self::Password => {
                store.change_password(whose, passwords, (kept, &held), end, at).await.unwrap().unwrap()
            }
            Self::Others => store.end_other_sessions(whose, kept, end, at).await.unwrap(),
            Self::Recovery => {
                let link = Link { email: person(1).email, to: LinkTo::Recover, expires_at: at.plus(DAY) };
                let organisation = new_app().app.organisation;
                store.ensure_member(organisation, &person(1), Role::Member, at).await.unwrap();
                let offered = store
                    .offer_recovery(&hash("way"), (organisation, whose, true), link.expires_at, None, at)
                    .await
                    .unwrap();
                assert_eq!(offered, Recovery::Offered(link));
                store.recover_account(&hash("way"), whose, passwords.1, end, at).await.unwrap().unwrap()
            }
            Self::Revocation => {
                let revocation = Revocation::at(Subject::Person(whose), at, end);
                store.revoke(&revocation, at).await.unwrap()
            }
        }
    }

    /// Has the person sign in again where that was ended too.
    async fn undo(self, store: &Store) {
        let sessions = store.sessions_of(person(1).id, NOW, NOW.minus(DAY)).await.unwrap();
        let ends_all = matches!(self, Self::Recovery | Self::Revocation);
        assert_eq!(sessions.is_empty(), ends_all, "{self:?}");
        if ends_all {
            assert!(store.begin_session(&session(1, 1), None, &password("p"), NOW).await.unwrap());
        }
    }
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
