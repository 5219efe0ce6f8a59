//! A platform's directory that counts what it is asked and can be down.

use super::{APP, REGISTRATION, TENANT};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_proxy::gateway::{ApiKey, Directory, DirectoryUnavailable, Installation};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
pub(crate) struct FakeDirectory(Arc<State>);

#[derive(Default)]
struct State {
    installations: Mutex<HashMap<(AppId, TenantId), Installation>>,
    members: Mutex<HashSet<(String, TenantId)>>,
    keys: Mutex<HashMap<[u8; 32], ApiKey>>,
    origins: Mutex<HashSet<String>>,
    asked: AtomicUsize,
    asked_for_origins: AtomicUsize,
    down: AtomicBool,
}

/// An installation of those scopes.
pub(crate) fn granted(scopes: &str) -> Installation {
    Installation { granted: scopes.parse().unwrap() }
}

impl FakeDirectory {
    /// Installs the test's app in the test's tenant.
    pub(crate) fn install(&self, scopes: &str) {
        let key = (APP.parse().unwrap(), TENANT.parse().unwrap());
        self.0.installations.lock().unwrap().insert(key, granted(scopes));
    }

    pub(crate) fn remove(&self) {
        self.0.installations.lock().unwrap().clear();
    }

    /// Lets a person work in the test's tenant.
    pub(crate) fn admit(&self, person: &str) {
        self.0.members.lock().unwrap().insert((person.to_owned(), TENANT.parse().unwrap()));
    }

    /// Ends that for everybody.
    pub(crate) fn dismiss(&self) {
        self.0.members.lock().unwrap().clear();
    }

    /// Gives the test's registration this key at a database.
    pub(crate) fn give_key(&self, key: &str, database: &str, scopes: &str) {
        self.give_key_of(REGISTRATION, key, database, scopes);
    }

    /// The same for any registration.
    pub(crate) fn give_key_of(&self, registration: &str, key: &str, database: &str, scopes: &str) {
        let opens = ApiKey {
            registration: registration.parse().unwrap(),
            database: database.parse().unwrap(),
            app_id: "parcels/v1".into(),
            granted: scopes.parse().unwrap(),
            licensed: true,
        };
        let hash = SecretHash::of(&Secret::new(key.into()));
        self.0.keys.lock().unwrap().insert(hash.bytes(), opens);
    }

    /// Ends every merchant's licence.
    pub(crate) fn end_licences(&self) {
        self.0.keys.lock().unwrap().values_mut().for_each(|key| key.licensed = false);
    }

    /// Ends every key.
    pub(crate) fn revoke_keys(&self) {
        self.0.keys.lock().unwrap().clear();
    }

    /// Has an app register this origin.
    pub(crate) fn register_origin(&self, origin: &str) {
        self.0.origins.lock().unwrap().insert(origin.to_owned());
    }

    /// Ends that for every app.
    pub(crate) fn forget_origins(&self) {
        self.0.origins.lock().unwrap().clear();
    }

    pub(crate) fn asked_for_origins(&self) -> usize {
        self.0.asked_for_origins.load(Ordering::SeqCst)
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }
}

impl Directory for FakeDirectory {
    async fn installation(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<Option<Installation>, DirectoryUnavailable> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        if self.0.down.load(Ordering::SeqCst) {
            return Err(DirectoryUnavailable);
        }
        Ok(self.0.installations.lock().unwrap().get(&(app, tenant)).cloned())
    }

    async fn is_member(&self, person: &str, tenant: TenantId) -> Result<bool, DirectoryUnavailable> {
        if self.0.down.load(Ordering::SeqCst) {
            return Err(DirectoryUnavailable);
        }
        Ok(self.0.members.lock().unwrap().contains(&(person.to_owned(), tenant)))
    }

    async fn is_registered_origin(&self, origin: &str) -> Result<bool, DirectoryUnavailable> {
        self.0.asked_for_origins.fetch_add(1, Ordering::SeqCst);
        if self.0.down.load(Ordering::SeqCst) {
            return Err(DirectoryUnavailable);
        }
        Ok(self.0.origins.lock().unwrap().contains(origin))
    }

    async fn api_key(&self, key: SecretHash) -> Result<Option<ApiKey>, DirectoryUnavailable> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        if self.0.down.load(Ordering::SeqCst) {
            return Err(DirectoryUnavailable);
        }
        Ok(self.0.keys.lock().unwrap().get(&key.bytes()).cloned())
    }
}
