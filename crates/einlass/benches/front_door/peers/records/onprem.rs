//! An ERP at a merchant's own premises and the apps that have keys there.

use super::{LATER, NOW, OWNER, SCOPES, write};
use einlass_protocol::ids::{RegistrationId, SiteId};
use einlass_protocol::onprem::ChallengeCode;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_store::{NewRegistration, Polled, Requested, Site, Store, StoreError};
use uuid::Uuid;

/// How many on-premise apps there are.
pub(crate) const API_KEYS: usize = 32;
/// The database of their ERP.
pub(crate) const DATABASE: &str = "bench";

/// Records an ERP on premise and so many apps there, whose keys [`api_key`] says.
pub(crate) fn api_keys(store: &str) {
    let site = SiteId::new(Uuid::from_u128(0x9));
    write(store, 1, move |store, _| async move {
        let database = DATABASE.parse().unwrap();
        let name = "Bench".into();
        let new = Site { id: site, organisation: OWNER, database, name, waiting_until: None, licensed: true };
        store.create_site(&new, NOW).await
    });
    for number in 0..API_KEYS {
        write(store, 1, move |store, _| async move { app(&store, site, number).await });
    }
}

/// One that asked, was let in and has read its key.
async fn app(store: &Store, site: SiteId, number: usize) -> Result<(), StoreError> {
    let id = RegistrationId::new(Uuid::from_u128(0x9_0000_0000 + number as u128));
    let challenge = ChallengeCode::parse(&format!("bench-{number}")).unwrap();
    let scopes: ScopeSet = SCOPES.parse().unwrap();
    let new = NewRegistration {
        id,
        site,
        instance_of: None,
        app_id: format!("bench/{number}"),
        manifest: String::new(),
        mandatory: scopes.clone(),
        optional: ScopeSet::default(),
        kind: 0,
        signature: String::new(),
        challenge: challenge.clone(),
        expires_at: LATER,
    };
    store.await_registration(site, Some(LATER), "bench", NOW).await?;
    assert_eq!(store.request_registration(&new, NOW).await?, Requested::Made);
    assert!(store.decide_registration(id, Some(&scopes), ("bench", LATER), NOW).await?);
    let key = SecretHash::of(&api_key(number));
    assert!(matches!(store.poll_registration(id, &challenge, &key, NOW).await?, Polled::Key(_)));
    Ok(())
}

/// The key of the on-premise app with this number.
pub(crate) fn api_key(number: usize) -> Secret {
    Secret::new(Uuid::from_u128(0x9_0000_0000_4000_8000_0000_0000_0000 + number as u128).to_string())
}
