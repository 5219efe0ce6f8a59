//! The deny list: what it denies, what it does not, and what it forgets.

use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::{AppId, CredentialId, PersonId, TenantId, TokenId};
use einlass_protocol::revocation::{Denied, DenyList, Revocation, Subject};
use einlass_protocol::time::UnixTime;
use proptest::prelude::*;
use uuid::Uuid;

const APP: AppId = AppId::new(Uuid::from_u128(1));
const TENANT: TenantId = TenantId::new(Uuid::from_u128(2));
const OTHER_TENANT: TenantId = TenantId::new(Uuid::from_u128(3));
const TOKEN: TokenId = TokenId::new(Uuid::from_u128(4));
const CREDENTIAL: CredentialId = CredentialId::new(Uuid::from_u128(5));
const NEVER: UnixTime = UnixTime::from_millis(i64::MAX);

fn issued(seconds: i64) -> AccessClaims {
    AccessClaims {
        issuer: "https://issuer".into(),
        subject: "client".into(),
        audience: "platform".into(),
        client_id: "client".parse().unwrap(),
        app_id: APP,
        credential_id: CREDENTIAL,
        token_id: TOKEN,
        scope: "items.read".parse().unwrap(),
        issued_at: UnixTime::from_seconds(seconds),
        expires_at: UnixTime::from_seconds(seconds + 3600),
    }
}

fn list(subject: Subject, at_millis: i64) -> DenyList {
    DenyList::from_iter([Revocation::at(subject, UnixTime::from_millis(at_millis), NEVER)])
}

#[test]
fn each_kind_of_entry_denies_its_own_and_says_so() {
    for (subject, denied) in [
        (Subject::Token(TOKEN), Denied::Token),
        (Subject::Credential(CREDENTIAL), Denied::Credential),
        (Subject::Client("client".parse().unwrap()), Denied::Client),
        (Subject::App(APP), Denied::App),
        (Subject::Installation(APP, TENANT), Denied::Installation),
        (Subject::Tenant(TENANT), Denied::Tenant),
    ] {
        assert_eq!(list(subject, 10_000).denies(&issued(9), Some(TENANT)), Some(denied));
    }
}

#[test]
fn of_a_person_whatever_acts_for_it_is_denied_and_no_client_for_itself() {
    let person = PersonId::new(Uuid::from_u128(6));
    let for_person = |seconds| AccessClaims { subject: person.to_string(), ..issued(seconds) };
    let list = list(Subject::Person(person), 10_000);
    assert_eq!(list.denies(&for_person(10), None), Some(Denied::Person));
    assert_eq!(list.denies(&for_person(11), None), None, "it is newer");
    let another = AccessClaims { subject: Uuid::from_u128(7).to_string(), ..issued(9) };
    let itself = AccessClaims { client_id: person.to_string().parse().unwrap(), ..for_person(9) };
    for claims in [another, itself, issued(9)] {
        assert_eq!(list.denies(&claims, None), None, "{claims:?}");
    }
    assert_eq!(list.len(), 1);
    assert!(list.forgetting(NEVER).is_empty());
}

#[test]
fn what_somebody_else_lost_denies_nothing() {
    let other = Uuid::from_u128(99);
    for subject in [
        Subject::Token(TokenId::new(other)),
        Subject::Credential(CredentialId::new(other)),
        Subject::Client("other".parse().unwrap()),
        Subject::App(AppId::new(other)),
        Subject::Installation(APP, OTHER_TENANT),
        Subject::Installation(AppId::new(other), TENANT),
        Subject::Tenant(OTHER_TENANT),
    ] {
        assert_eq!(list(subject.clone(), 10_000).denies(&issued(9), Some(TENANT)), None, "{subject:?}");
    }
}

#[test]
fn a_tenants_entries_wait_until_the_tenant_is_known() {
    for subject in [Subject::Installation(APP, TENANT), Subject::Tenant(TENANT)] {
        let list = list(subject, 10_000);
        assert_eq!(list.denies(&issued(9), None), None);
        assert!(list.denies(&issued(9), Some(TENANT)).is_some());
    }
}

#[test]
fn the_second_of_the_revocation_is_denied_and_the_next_one_is_not() {
    for at in [10_000, 10_001, 10_999] {
        let list = list(Subject::App(APP), at);
        assert_eq!(list.denies(&issued(10), None), Some(Denied::App), "{at}");
        assert_eq!(list.denies(&issued(11), None), None, "{at}");
    }
}

#[test]
fn a_revoked_credential_never_comes_back() {
    let list = list(Subject::Credential(CREDENTIAL), 10_000);
    assert_eq!(list.denies(&issued(1_000_000), None), Some(Denied::Credential));
}

#[test]
fn of_two_entries_for_one_subject_the_stricter_holds_whatever_their_order() {
    let entries = [5_000, 10_000].map(|at| {
        Revocation::at(Subject::App(APP), UnixTime::from_millis(at), UnixTime::from_millis(at * 100))
    });
    let forwards = DenyList::from_iter(entries.clone());
    assert_eq!(forwards, entries.into_iter().rev().collect());
    assert_eq!(forwards.len(), 1);
    assert_eq!(forwards.denies(&issued(9), None), Some(Denied::App));
    assert_eq!(forwards.forgetting(UnixTime::from_millis(500_000)), forwards);
}

/// A token's issue, the revocation and the longest lifetime in milliseconds, and a later moment.
fn moments() -> impl Strategy<Value = (i64, i64, i64, i64)> {
    (0_i64..100_000, 0_i64..100_000, 1_000_i64..50_000, 0_i64..300_000)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The list may forget an entry only when no token that it denies can still be alive.
    #[test]
    fn forgetting_never_lets_a_living_token_back_in((issue, revoked, lifetime, now) in moments()) {
        let expires_at = UnixTime::from_millis(revoked + lifetime);
        let entry = Revocation::at(Subject::App(APP), UnixTime::from_millis(revoked), expires_at);
        let whole = DenyList::from_iter([entry]);
        let now = UnixTime::from_millis(now);
        let forgotten = whole.forgetting(now);
        prop_assert_eq!(forgotten.is_empty(), now >= expires_at);
        let issued_before = issue <= revoked;
        let token = issued(UnixTime::from_millis(issue).seconds());
        prop_assert!(!issued_before || whole.denies(&token, None).is_some());
        let alive = now.millis() < issue + lifetime;
        if issued_before && alive {
            prop_assert!(forgotten.denies(&token, None).is_some());
        }
    }
}
