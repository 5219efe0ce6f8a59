//! Admin tokens.

use super::people::{password, person};
use super::{NOW, hash};
use einlass_protocol::ids::{CredentialId, OrganisationId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::Role;
use einlass_store::{Access, NewAdminToken, Organisation, Person, Store, StoreError, Taken};
use std::time::Duration;
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);

fn new(number: u128, name: &str) -> NewAdminToken {
    let id = CredentialId::new(Uuid::from_u128(number));
    let expires_at = Some(NOW.plus(MINUTE));
    NewAdminToken { id, name: name.into(), hash: hash(&number.to_string()), access: Access::Read, expires_at }
}

fn is_taken(outcome: Result<(), StoreError>) -> bool {
    match outcome {
        Ok(()) => false,
        Err(StoreError::AlreadyExists(Taken::Name)) => true,
        Err(other) => panic!("{other}"),
    }
}

pub(crate) async fn a_token_is_found_by_hash_id_and_name_and_says_until_when_it_works(store: &Store) {
    let ops = new(5, "ops");
    store.create_admin_token(&ops, NOW).await.unwrap();
    let found = store.admin_token(&ops.hash).await.unwrap().unwrap();
    assert_eq!((found.id, &*found.name, found.access), (ops.id, "ops", Access::Read));
    assert_eq!((found.created_at, found.expires_at, found.revoked_at), (NOW, ops.expires_at, None));
    assert!(found.works_at(NOW) && !found.works_at(NOW.plus(MINUTE)));
    assert_eq!(store.admin_token_of_id(ops.id).await.unwrap().as_ref(), Some(&found));
    assert_eq!(store.admin_token_named("ops").await.unwrap(), Some(found));
    assert_eq!(store.admin_token(&hash("other")).await.unwrap(), None);
    assert_eq!(store.admin_token_named("other").await.unwrap(), None);
}

pub(crate) async fn a_name_is_free_again_when_its_token_has_ended(store: &Store) {
    store.create_admin_token(&new(1, "ops"), NOW).await.unwrap();
    assert!(is_taken(store.create_admin_token(&new(2, "ops"), NOW).await));
    let first = new(1, "ops").id;
    assert!(store.revoke_admin_token(first, NOW).await.unwrap());
    assert!(!is_taken(store.create_admin_token(&new(3, "ops"), NOW).await));
    assert_eq!(store.admin_token_named("ops").await.unwrap().unwrap().id, new(3, "").id);

    let expired = NOW.plus(MINUTE);
    let next = NewAdminToken { expires_at: None, ..new(4, "ops") };
    assert!(!is_taken(store.create_admin_token(&next, expired).await));
    let ended = store.admin_token_of_id(new(3, "").id).await.unwrap().unwrap();
    assert_eq!(ended.revoked_at, ended.expires_at);
    assert!(is_taken(store.create_admin_token(&new(5, "ops"), expired).await));
}

pub(crate) async fn a_code_counts_while_nobody_else_has_full_access(store: &Store) {
    let end = NOW.plus(MINUTE);
    let operator = |number| NewAdminToken { access: Access::Full, ..new(number, &format!("op {number}")) };
    let claim = async |code: &str, number, now| {
        store.claim_first_operator(&hash(code), &operator(number), now).await.unwrap()
    };
    assert!(!claim("a", 1, NOW).await, "no code was made");
    store.offer_first_operator_code(&hash("a"), end).await.unwrap();
    store.offer_first_operator_code(&hash("b"), end).await.unwrap();
    assert!(!claim("b", 1, end).await, "it has expired");
    store.create_admin_token(&new(9, "reader"), NOW).await.unwrap();
    assert!(!store.has_operator(NOW).await.unwrap());

    assert!(claim("b", 1, NOW).await);
    assert!(!claim("b", 2, NOW).await, "it was used");
    assert!(!claim("a", 2, end).await, "another one was used");
    assert!(store.has_operator(NOW).await.unwrap() && !store.has_operator(end).await.unwrap());
    let later = end.plus(MINUTE);
    store.offer_first_operator_code(&hash("c"), later).await.unwrap();
    assert!(!claim("c", 3, NOW).await, "somebody has full access");
    assert!(claim("c", 3, end).await);
}

pub(crate) async fn a_claim_for_a_taken_name_leaves_the_code(store: &Store) {
    store.create_admin_token(&new(1, "ops"), NOW).await.unwrap();
    store.offer_first_operator_code(&hash("a"), NOW.plus(MINUTE)).await.unwrap();
    let taken = NewAdminToken { access: Access::Full, ..new(2, "ops") };
    let refused = store.claim_first_operator(&hash("a"), &taken, NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::Name))));
    let free = NewAdminToken { name: "free".into(), ..taken };
    assert!(store.claim_first_operator(&hash("a"), &free, NOW).await.unwrap());
}

pub(crate) async fn a_code_makes_an_account_that_administers_and_counts_no_more(store: &Store) {
    let (id, kind) = (OrganisationId::OPERATOR, OrganisationKind::Operator);
    store.create_organisation(&Organisation { id, name: "Operator".into(), kind }, NOW).await.unwrap();
    for code in ["a", "b"] {
        store.offer_first_operator_code(&hash(code), NOW.plus(MINUTE)).await.unwrap();
    }
    let counts = async |code| store.first_operator_code_counts(&hash(code), NOW).await.unwrap();
    assert!(counts("a").await && !counts("c").await);
    store.create_person(&person(2), &password("p"), NOW).await.unwrap();
    let same = Person { email: person(2).email, ..person(1) };
    let taken = store.claim_first_account(&hash("a"), (&same, &password("p")), NOW).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(Taken::Email))));
    assert!(counts("a").await, "the code can be used again");
    assert!(store.claim_first_account(&hash("a"), (&person(1), &password("p")), NOW).await.unwrap());
    assert_eq!(store.role_in(id, person(1).id).await.unwrap(), Some(Role::Admin));
    assert!(store.has_operator(NOW).await.unwrap());
    assert!(!counts("b").await);
    assert!(!store.claim_first_operator(&hash("b"), &new(1, "late"), NOW).await.unwrap());
}
