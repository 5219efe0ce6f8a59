//! Codes, and the sessions at surfaces that they become.

use super::people::{password, person, session};
use super::races::{race, wins};
use super::{NOW, hash};
use einlass_protocol::oauth::{CodeVerifier, FirstParty};
use einlass_protocol::time::UnixTime;
use einlass_store::{NewCode, Store, StoreError};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

fn verifier() -> CodeVerifier {
    CodeVerifier::from_entropy(&[7; 32])
}

fn code(name: &str, of: u128) -> NewCode {
    NewCode {
        hash: hash(name),
        client: FirstParty::Hub,
        challenge: verifier().challenge(),
        session: session(of, 1).id,
        expires_at: NOW.plus(MINUTE),
    }
}

async fn with_sessions(store: &Store) {
    store.create_person(&person(1), &password("p"), NOW).await.unwrap();
    for number in [1, 2] {
        assert!(store.begin_session(&session(number, 1), None, &password("p"), NOW).await.unwrap());
    }
}

async fn consume(
    store: &Store,
    name: &str,
    client: FirstParty,
    verifier: &CodeVerifier,
    at: UnixTime,
) -> bool {
    let surface = hash(&format!("surface {name}"));
    store.consume_code(&hash(name), (client, verifier), &surface, at).await.unwrap()
}

async fn is_open(store: &Store, name: &str, client: FirstParty) -> bool {
    let hash = hash(&format!("surface {name}"));
    let found = store.surface_session(client, &hash, NOW, NOW.minus(MINUTE)).await.unwrap();
    found.is_some_and(|(_, found)| found == person(1))
}

pub(crate) async fn a_code_becomes_a_session_of_its_client_alone(store: &Store) {
    with_sessions(store).await;
    store.issue_code(&code("a", 1)).await.unwrap();
    assert!(consume(store, "a", FirstParty::Hub, &verifier(), NOW).await);
    assert!(is_open(store, "a", FirstParty::Hub).await);
    assert!(!is_open(store, "a", FirstParty::Partner).await, "another surface's");
    let idle = store.surface_session(FirstParty::Hub, &hash("surface a"), NOW, NOW).await.unwrap();
    assert!(idle.is_none(), "it lies idle with the session that it came from");
}

pub(crate) async fn a_replayed_code_ends_what_came_of_it(store: &Store) {
    with_sessions(store).await;
    store.issue_code(&code("a", 1)).await.unwrap();
    assert!(consume(store, "a", FirstParty::Hub, &verifier(), NOW).await);
    assert!(!consume(store, "a", FirstParty::Hub, &verifier(), NOW).await);
    assert!(!is_open(store, "a", FirstParty::Hub).await);
}

pub(crate) async fn a_code_counts_once_whatever_comes_of_it(store: &Store) {
    with_sessions(store).await;
    let other = CodeVerifier::from_entropy(&[8; 32]);
    let attempts = [("client", FirstParty::Partner, verifier()), ("verifier", FirstParty::Hub, other)];
    for (name, client, wrong) in attempts {
        store.issue_code(&code(name, 1)).await.unwrap();
        assert!(!consume(store, name, client, &wrong, NOW).await, "{name}");
        assert!(!consume(store, name, FirstParty::Hub, &verifier(), NOW).await, "{name} is used up");
    }
    store.issue_code(&code("late", 1)).await.unwrap();
    assert!(!consume(store, "late", FirstParty::Hub, &verifier(), NOW.plus(MINUTE)).await);
    assert!(!consume(store, "unknown", FirstParty::Hub, &verifier(), NOW).await);
}

pub(crate) async fn a_surface_closes_with_the_session_behind_it(store: &Store) {
    with_sessions(store).await;
    for (name, of) in [("a", 1), ("b", 2), ("unused", 1)] {
        store.issue_code(&code(name, of)).await.unwrap();
    }
    for name in ["a", "b"] {
        assert!(consume(store, name, FirstParty::Hub, &verifier(), NOW).await);
    }
    assert!(store.end_session(person(1).id, session(1, 1).id, NOW).await.unwrap());
    assert!(!is_open(store, "a", FirstParty::Hub).await);
    assert!(is_open(store, "b", FirstParty::Hub).await, "another session's surface stays open");
    assert!(!consume(store, "unused", FirstParty::Hub, &verifier(), NOW).await, "its codes end too");
    let orphan = store.issue_code(&code("c", 1)).await;
    assert!(matches!(orphan, Err(StoreError::MissingReference)));
    assert!(store.prove_session(session(2, 1).id, &hash("renewed"), NOW).await.unwrap());
    assert!(!is_open(store, "b", FirstParty::Hub).await, "it has to be asked for with the new secret");
}

pub(crate) async fn a_session_has_one_surface_of_a_kind_and_few_codes(store: &Store) {
    with_sessions(store).await;
    for number in 0..20 {
        let name = format!("code {number:02}");
        let expires_at = NOW.plus(Duration::from_secs(10 + number));
        store.issue_code(&NewCode { expires_at, ..code(&name, 1) }).await.unwrap();
    }
    assert!(!consume(store, "code 03", FirstParty::Hub, &verifier(), NOW).await, "it gave way");
    for name in ["code 04", "code 19"] {
        assert!(consume(store, name, FirstParty::Hub, &verifier(), NOW).await, "{name}");
    }
    assert!(!is_open(store, "code 04", FirstParty::Hub).await, "the next one took its place");
    assert!(is_open(store, "code 19", FirstParty::Hub).await);
}

pub(crate) async fn of_many_uses_of_one_code_at_most_one_counts(store: &Store) {
    with_sessions(store).await;
    store.issue_code(&code("a", 1)).await.unwrap();
    let outcomes =
        race(store, |store, _| async move { consume(&store, "a", FirstParty::Hub, &verifier(), NOW).await })
            .await;
    assert_eq!(wins(&outcomes), 1);
    assert!(!is_open(store, "a", FirstParty::Hub).await, "the others were replays");
}
