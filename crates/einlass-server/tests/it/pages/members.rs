//! The members of an organisation without a browser.

use crate::support::TestPlatform;
use einlass_protocol::ids::PersonId;
use einlass_protocol::person::Role;
use einlass_protocol::time::Clock as _;
use einlass_store::{PasswordHash, Person};
use uuid::Uuid;

#[tokio::test]
async fn members_are_read_page_by_page_to_their_end() {
    let platform = TestPlatform::start().await;
    let (merchant, now) = (platform.merchant().await, platform.clock.wall());
    let organisation = platform.store.tenant(platform.demo.tenant).await.unwrap().unwrap().organisation;
    for number in 1..=60 {
        let person = Person {
            id: PersonId::new(Uuid::from_u128(number)),
            email: format!("member+{number:03}@bikes.example").parse().unwrap(),
            name: format!("Member {number}"),
        };
        platform.store.create_person(&person, &PasswordHash::new("none".into()), now).await.unwrap();
        platform.store.ensure_member(organisation, &person, Role::Member, now).await.unwrap();
    }
    let members = format!("/organisations/{organisation}");
    assert_eq!(platform.to_the_end(&members, "", "<td>member+", &merchant).await, 60);
}
