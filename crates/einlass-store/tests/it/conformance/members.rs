//! Who belongs to an organisation, and who is left.

use super::people::{by, email, password, person, with_members, with_organisation, with_token};
use super::races::{race, wins};
use super::{NOW, ORGANISATION};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::Role;
use einlass_store::{Changed, MemberFilter, Organisation, PageSize, Person, Store};

pub(crate) async fn where_there_is_no_admin_anybody_may_be_removed(store: &Store) {
    with_members(store, &[Role::Member]).await;
    let token = with_token(store).await;
    assert_eq!(store.remove_member(ORGANISATION, person(1).id, token, NOW).await.unwrap(), Changed::Done);
}

pub(crate) async fn an_organisation_keeps_an_admin(store: &Store) {
    with_members(store, &[Role::Admin, Role::Member]).await;
    let [one, two] = [person(1).id, person(2).id];
    let token = with_token(store).await;
    let demote =
        async |whose| store.change_role(ORGANISATION, whose, Role::Member, token, NOW).await.unwrap();
    assert_eq!(demote(one).await, Changed::LastAdmin);
    assert_eq!(store.remove_member(ORGANISATION, one, token, NOW).await.unwrap(), Changed::LastAdmin);
    assert_eq!(demote(two).await, Changed::Nothing);
    assert_eq!(store.change_role(ORGANISATION, two, Role::Admin, token, NOW).await.unwrap(), Changed::Done);
    assert_eq!(demote(one).await, Changed::Done);
    assert_eq!(store.remove_member(ORGANISATION, one, token, NOW).await.unwrap(), Changed::Done);
    assert_eq!(store.remove_member(ORGANISATION, one, token, NOW).await.unwrap(), Changed::Nothing);
    let organisations = store.memberships_of(two).await.unwrap();
    assert_eq!(
        organisations,
        [(Organisation { id: ORGANISATION, name: "Anna".into(), kind: OrganisationKind::Both }, Role::Admin)]
    );
}

pub(crate) async fn members_are_listed_by_address_and_found_by_a_part(store: &Store) {
    with_members(store, &[Role::Admin; 5]).await;
    let odd = Person { name: "Zoë 100%_!".into(), ..person(6) };
    store.create_person(&odd, &password("p"), NOW).await.unwrap();
    store.ensure_member(ORGANISATION, &odd, Role::Member, NOW).await.unwrap();
    let listed = async |search: &str, after: Option<&str>, rows| {
        let (search, after) = (search.to_owned(), after.map(email));
        let filter = MemberFilter { search, after, size: PageSize::new(rows).unwrap() };
        let members = store.members(ORGANISATION, &filter).await.unwrap();
        members.iter().map(|member| member.person.id.uuid().as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(listed("", None, 3).await, [1, 2, 3]);
    assert_eq!(listed("", Some("person-00003@a.example"), 9).await, [4, 5, 6]);
    assert_eq!(listed("00004", None, 9).await, [4]);
    assert_eq!(listed("PERSON 2", None, 9).await, [2]);
    assert_eq!(listed("ZOË", None, 9).await, [6]);
    for literal in ["100%_!", "%", "_!"] {
        assert_eq!(listed(literal, None, 9).await, [6], "{literal}");
    }
    assert_eq!(listed("nobody", None, 9).await, [0; 0]);
}

pub(crate) async fn of_two_admins_who_remove_each_other_one_stays(store: &Store) {
    with_organisation(store).await;
    for number in [1, 2] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
        store.ensure_member(ORGANISATION, &person(number), Role::Admin, NOW).await.unwrap();
    }
    let outcomes = race(store, |store, number| async move {
        let whom = person(number as u128 % 2 + 1).id;
        store.remove_member(ORGANISATION, whom, by(3 - number as u128 % 2 - 1), NOW).await.unwrap()
            == Changed::Done
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}
