//! Somebody to sign in as at each organisation: a merchant, the partner, the operator.

use super::Seed;
use super::demonstration::unless_there;
use crate::people::Passwords;
use crate::random::OsRandom;
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::{EmailAddress, Role};
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use einlass_store::{Organisation, Person, Store, StoreError};
use std::io;

/// Who can sign in.
#[derive(Clone, Debug)]
pub struct DemonstrationPeople {
    /// At the merchant that has the app.
    pub merchant: DemonstrationPerson,
    /// At the partner whose app it is.
    pub partner: DemonstrationPerson,
    /// At the operator.
    pub operator: DemonstrationPerson,
}

/// Somebody, and the password.
#[derive(Clone, Debug)]
pub struct DemonstrationPerson {
    /// What it signs in with.
    pub email: EmailAddress,
    /// What proves it.
    pub password: Secret,
    name: &'static str,
}

impl DemonstrationPeople {
    /// Those that this seed stands for.
    #[must_use]
    pub fn of(seed: &Seed) -> Self {
        let person = |email, name| DemonstrationPerson::of(seed, email, name);
        Self {
            merchant: person("anna@bikes.example", "Anna Andersson"),
            partner: person("nora@nordlicht.example", "Nora Nilsson"),
            operator: person("olaf@operator.example", "Olaf Olsen"),
        }
    }

    /// Records them as admins. Whoever is there already keeps name and password.
    pub(super) async fn record(
        &self,
        seed: &Seed,
        merchant: OrganisationId,
        partner: OrganisationId,
        store: &Store,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let (id, kind) = (OrganisationId::OPERATOR, OrganisationKind::Operator);
        store.ensure_organisation(&Organisation { id, name: "Operator".into(), kind }, now).await?;
        let all = [
            (&self.merchant, merchant),
            (&self.partner, partner),
            (&self.operator, OrganisationId::OPERATOR),
        ];
        for (person, organisation) in all {
            person.record(seed, organisation, store, now).await?;
        }
        Ok(())
    }
}

impl DemonstrationPerson {
    #[expect(clippy::expect_used, reason = "the addresses are constants")]
    fn of(seed: &Seed, email: &'static str, name: &'static str) -> Self {
        let password = Secret::new(seed.uuid(&format!("password of {email}")).to_string());
        Self { email: email.parse().expect("the address is well formed"), password, name }
    }

    async fn record(
        &self,
        seed: &Seed,
        organisation: OrganisationId,
        store: &Store,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        if store.person_to_authenticate(&self.email).await?.is_some() {
            return Ok(());
        }
        let id = PersonId::new(seed.uuid(&format!("person {}", self.email)));
        let person = Person { id, email: self.email.clone(), name: self.name.into() };
        let hashed = Passwords::new().hash(self.password.clone(), &OsRandom).await;
        let hash = hashed.map_err(|busy| StoreError::Unavailable(io::Error::other(busy).into()))?;
        unless_there(store.create_person(&person, &hash, now).await)?;
        store.ensure_member(organisation, &person, Role::Admin, now).await
    }
}
