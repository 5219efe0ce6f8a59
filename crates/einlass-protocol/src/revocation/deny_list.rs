//! The deny list: a snapshot, never changed in place, so that readers need no lock.

use super::{Denied, Revocation, Subject};
use crate::claims::AccessClaims;
use crate::ids::{AppId, ClientId, CredentialId, PersonId, TenantId, TokenId};
use crate::scx::{ChannelName, Party, ScxClaims};
use crate::time::UnixTime;
use std::collections::HashMap;
use std::hash::Hash;

/// What is denied. A question is one look-up for each kind of entry; an empty list answers without hashing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DenyList {
    tokens: Moments<TokenId>,
    credentials: Moments<CredentialId>,
    clients: Moments<ClientId>,
    apps: Moments<AppId>,
    installations: Moments<(AppId, TenantId)>,
    tenants: Moments<TenantId>,
    channels: Moments<ChannelName>,
    people: Moments<PersonId>,
}

impl DenyList {
    /// Whether a token is denied, and by what. `tenant` is the tenant that it is used for; while that is not
    /// known, entries for tenants and installations say nothing.
    #[must_use]
    pub fn denies(&self, claims: &AccessClaims, tenant: Option<TenantId>) -> Option<Denied> {
        if self.tokens.contains(&claims.token_id) {
            return Some(Denied::Token);
        }
        let issued = claims.issued_at;
        if self.credentials.denies(&claims.credential_id, issued) {
            return Some(Denied::Credential);
        }
        if self.clients.denies(&claims.client_id, issued) {
            return Some(Denied::Client);
        }
        if self.apps.denies(&claims.app_id, issued) {
            return Some(Denied::App);
        }
        if self.denies_person(claims) {
            return Some(Denied::Person);
        }
        self.denies_for(tenant?, claims)
    }

    /// Whether a channel's or a seller's token is denied, and by what.
    #[must_use]
    pub fn denies_scx(&self, claims: &ScxClaims) -> Option<Denied> {
        if self.tokens.contains(&claims.token_id) {
            return Some(Denied::Token);
        }
        let issued = claims.issued_at;
        if self.credentials.denies(&claims.credential_id, issued) {
            return Some(Denied::Credential);
        }
        match &claims.party {
            Party::Channel(name) => self.channels.denies(name, issued).then_some(Denied::Channel),
            Party::Seller { tenant, .. } => self.tenants.denies(tenant, issued).then_some(Denied::Tenant),
        }
    }

    /// Who acts is read as an id only while there is a person to look for.
    fn denies_person(&self, claims: &AccessClaims) -> bool {
        !self.people.0.is_empty()
            && claims.is_user_bound()
            && claims.subject.parse().is_ok_and(|person| self.people.denies(&person, claims.issued_at))
    }

    fn denies_for(&self, tenant: TenantId, claims: &AccessClaims) -> Option<Denied> {
        if self.installations.denies(&(claims.app_id, tenant), claims.issued_at) {
            return Some(Denied::Installation);
        }
        self.tenants.denies(&tenant, claims.issued_at).then_some(Denied::Tenant)
    }

    /// The list without the entries whose tokens have all expired by `now`.
    #[must_use]
    pub fn forgetting(&self, now: UnixTime) -> Self {
        Self {
            tokens: self.tokens.forgetting(now),
            credentials: self.credentials.forgetting(now),
            clients: self.clients.forgetting(now),
            apps: self.apps.forgetting(now),
            installations: self.installations.forgetting(now),
            tenants: self.tenants.forgetting(now),
            channels: self.channels.forgetting(now),
            people: self.people.forgetting(now),
        }
    }

    /// How many entries it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        let things =
            self.tokens.0.len() + self.credentials.0.len() + self.clients.0.len() + self.apps.0.len();
        let parties = self.tenants.0.len() + self.channels.0.len() + self.people.0.len();
        things + self.installations.0.len() + parties
    }

    /// Whether it denies nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Extend<Revocation> for DenyList {
    /// Of several entries for one subject, what any of them denies is denied.
    fn extend<T: IntoIterator<Item = Revocation>>(&mut self, revocations: T) {
        for Revocation { subject, not_before, expires_at } in revocations {
            let moment = Moment { not_before, expires_at };
            match subject {
                Subject::Token(id) => self.tokens.add(id, moment),
                Subject::Credential(id) => self.credentials.add(id, moment),
                Subject::Client(id) => self.clients.add(id, moment),
                Subject::App(id) => self.apps.add(id, moment),
                Subject::Installation(app, tenant) => self.installations.add((app, tenant), moment),
                Subject::Tenant(id) => self.tenants.add(id, moment),
                Subject::Channel(name) => self.channels.add(name, moment),
                Subject::Person(id) => self.people.add(id, moment),
            }
        }
    }
}

impl FromIterator<Revocation> for DenyList {
    fn from_iter<T: IntoIterator<Item = Revocation>>(revocations: T) -> Self {
        let mut list = Self::default();
        list.extend(revocations);
        list
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Moment {
    not_before: UnixTime,
    expires_at: UnixTime,
}

/// The entries of one kind.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Moments<K: Eq + Hash>(HashMap<K, Moment>);

impl<K: Clone + Eq + Hash> Moments<K> {
    fn add(&mut self, key: K, new: Moment) {
        let known = self.0.entry(key).or_insert(new);
        known.not_before = known.not_before.max(new.not_before);
        known.expires_at = known.expires_at.max(new.expires_at);
    }

    fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    fn denies(&self, key: &K, issued_at: UnixTime) -> bool {
        self.0.get(key).is_some_and(|moment| issued_at < moment.not_before)
    }

    fn forgetting(&self, now: UnixTime) -> Self {
        let lasting = self.0.iter().filter(|(_, moment)| moment.expires_at > now);
        Self(lasting.map(|(key, moment)| (key.clone(), *moment)).collect())
    }
}

impl<K: Eq + Hash> Default for Moments<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
