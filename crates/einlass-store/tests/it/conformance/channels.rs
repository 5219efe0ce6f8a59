//! Channels, their refresh tokens, and the sellers that are linked to them.

use super::{NOW, ORGANISATION, TENANT, hash, seed};
use einlass_protocol::ids::{CredentialId, OrganisationId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::revocation::Subject;
use einlass_protocol::scx::{ChannelName, Party, ScopeWord, SellerId};
use einlass_store::{
    Channel, ChannelEvent, Linked, NewRefreshToken, NewSession, Organisation, Page, PageSize, Store,
    StoreError, TokenOwner,
};
use std::time::Duration;
use uuid::Uuid;

const HOUR: Duration = Duration::from_hours(1);

pub(crate) fn bikes() -> ChannelName {
    "BIKES".parse().unwrap()
}

pub(crate) fn seller(id: &str) -> SellerId {
    id.parse().unwrap()
}

pub(crate) fn refresh_token(id: u128, owner: TokenOwner) -> NewRefreshToken {
    let name = format!("token {id}");
    let id = CredentialId::new(Uuid::from_u128(id));
    NewRefreshToken { id, owner, hash: hash(&name), name, expires_at: None }
}

pub(crate) fn session(text: &str, seller: Option<SellerId>) -> NewSession {
    NewSession { hash: hash(text), channel: bikes(), tenant: TENANT, seller, expires_at: NOW.plus(HOUR) }
}

fn unlinked(id: u128) -> ChannelEvent {
    let kind = "Seller:Channel.Unlinked".into();
    ChannelEvent { id: Uuid::from_u128(id), kind, body: "{}".into(), created_at: NOW }
}

/// The usual data, and two channels.
pub(crate) async fn seed_channels(store: &Store) {
    seed(store).await;
    for (name, scope_word) in [("BIKES", ScopeWord::Channel), ("BOOKS", ScopeWord::Chan)] {
        let channel = Channel {
            name: name.parse().unwrap(),
            organisation: ORGANISATION,
            scope_word,
            sign_up_url: "https://bikes.example/join".into(),
            update_url: String::new(),
        };
        store.create_channel(&channel, NOW).await.unwrap();
    }
}

pub(crate) async fn channels_read_back_by_name_and_have_one_each(store: &Store) {
    seed_channels(store).await;
    let found = store.channel(&bikes()).await.unwrap().unwrap();
    assert_eq!(
        (found.scope_word, found.sign_up_url.as_str()),
        (ScopeWord::Channel, "https://bikes.example/join")
    );
    assert!(matches!(store.create_channel(&found, NOW).await, Err(StoreError::AlreadyExists(_))));
    assert!(store.change_channel_urls(&bikes(), "https://a", "https://b", NOW).await.unwrap());
    assert_eq!(store.channel(&bikes()).await.unwrap().unwrap().update_url, "https://b");
    let page = Page { after: Some(bikes()), size: PageSize::MOST };
    let names: Vec<_> =
        store.channels(&page).await.unwrap().into_iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["BOOKS"]);
}

pub(crate) async fn an_organisations_channels_are_listed_by_name(store: &Store) {
    seed_channels(store).await;
    let other = OrganisationId::new(Uuid::from_u128(80));
    let organisation = Organisation { id: other, name: "Other".into(), kind: OrganisationKind::Partner };
    store.create_organisation(&organisation, NOW).await.unwrap();
    let bikes = store.channel(&bikes()).await.unwrap().unwrap();
    let cards = Channel { name: "CARDS".parse().unwrap(), organisation: other, ..bikes };
    store.create_channel(&cards, NOW).await.unwrap();
    let names = async |organisation, after: Option<&str>| {
        let after = after.map(|name| name.parse().unwrap());
        let page = Page { after, size: PageSize::new(1).unwrap() };
        let found = store.channels_of(organisation, &page).await.unwrap();
        found.into_iter().map(|channel| channel.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(ORGANISATION, None).await, ["BIKES"]);
    assert_eq!(names(ORGANISATION, Some("BIKES")).await, ["BOOKS"]);
    assert!(names(ORGANISATION, Some("BOOKS")).await.is_empty());
    assert_eq!(names(other, None).await, ["CARDS"]);
}

pub(crate) async fn a_refresh_token_works_until_it_expires_or_is_ended(store: &Store) {
    seed_channels(store).await;
    let channel = refresh_token(1, TokenOwner::Channel(bikes()));
    let seller =
        NewRefreshToken { expires_at: Some(NOW.plus(HOUR)), ..refresh_token(2, TokenOwner::Seller(TENANT)) };
    let next = refresh_token(3, TokenOwner::Channel(bikes()));
    for new in [&channel, &seller, &next] {
        store.add_refresh_token(new, NOW).await.unwrap();
    }
    let found = store.refresh_token(&channel.hash, NOW).await.unwrap().unwrap();
    assert_eq!((found.id, found.party), (channel.id, Party::Channel(bikes())));
    let found = store.refresh_token(&seller.hash, NOW).await.unwrap().unwrap();
    assert!(
        matches!(found.party, Party::Seller { account, tenant } if (account.number(), tenant) == (1_001, TENANT))
    );
    assert_eq!(store.refresh_token(&seller.hash, NOW.plus(HOUR)).await.unwrap(), None);
    store.revoke(&super::revocations::of(Subject::Credential(channel.id), NOW), NOW).await.unwrap();
    assert_eq!(store.refresh_token(&channel.hash, NOW).await.unwrap(), None);
    // The one that follows it goes on, until the channel itself is shut out.
    assert!(store.refresh_token(&next.hash, NOW).await.unwrap().is_some());
    store.revoke(&super::revocations::of(Subject::Channel(bikes()), NOW), NOW).await.unwrap();
    assert_eq!(store.refresh_token(&next.hash, NOW).await.unwrap(), None);
    let page = Page { after: None, size: PageSize::MOST };
    let listed = store.refresh_tokens_of_channel(&bikes(), &page).await.unwrap();
    assert!(listed.len() == 2 && listed.iter().all(|token| token.revoked_at == Some(NOW)));
    assert_eq!(store.refresh_tokens_of_tenant(TENANT, &page).await.unwrap().len(), 1);
}

pub(crate) async fn a_refresh_token_says_whose_it_is_and_when_it_was_used(store: &Store) {
    seed_channels(store).await;
    let (channel, seller) = (TokenOwner::Channel(bikes()), TokenOwner::Seller(TENANT));
    let (first, second) = (refresh_token(1, channel.clone()), refresh_token(2, seller.clone()));
    for new in [&first, &second] {
        store.add_refresh_token(new, NOW).await.unwrap();
    }
    let later = NOW.plus(HOUR);
    store.use_refresh_token(first.id, later).await.unwrap();
    store.use_refresh_token(first.id, NOW).await.unwrap();
    store.use_refresh_token(second.id, NOW.minus(HOUR)).await.unwrap();
    let found = async |id| {
        let found = store.refresh_token_of_id(id).await.unwrap();
        found.map(|(owner, token)| (owner, token.name, token.last_used_at))
    };
    assert_eq!(found(first.id).await, Some((channel, first.name.clone(), Some(later))));
    assert_eq!(
        found(second.id).await,
        Some((seller, second.name.clone(), Some(NOW))),
        "never before it was made"
    );
    assert_eq!(found(CredentialId::new(Uuid::from_u128(99))).await, None);
    let page = Page { after: None, size: PageSize::MOST };
    let listed = store.refresh_tokens_of_channel(&bikes(), &page).await.unwrap();
    assert_eq!(listed.iter().map(|token| token.last_used_at).collect::<Vec<_>>(), [Some(later)]);
}

pub(crate) async fn a_channel_that_is_shut_out_exchanges_nothing_until_it_is_let_in_again(store: &Store) {
    seed_channels(store).await;
    let shut_out = Subject::Channel(bikes());
    let (first, second) =
        (refresh_token(1, TokenOwner::Channel(bikes())), refresh_token(2, TokenOwner::Channel(bikes())));
    store.add_refresh_token(&first, NOW).await.unwrap();
    let seller = refresh_token(3, TokenOwner::Seller(TENANT));
    store.add_refresh_token(&seller, NOW).await.unwrap();
    store.revoke(&super::revocations::of(shut_out, NOW), NOW).await.unwrap();
    assert_eq!(store.channel_shut_out_at(&bikes()).await.unwrap(), Some(NOW));
    assert_eq!(store.channel_shut_out_at(&"BOOKS".parse().unwrap()).await.unwrap(), None);
    store.add_refresh_token(&second, NOW).await.unwrap();
    let works =
        async |token: &NewRefreshToken| store.refresh_token(&token.hash, NOW).await.unwrap().is_some();
    assert_eq!([works(&first).await, works(&second).await, works(&seller).await], [false, false, true]);
    assert!(store.readmit_channel(&bikes(), NOW).await.unwrap());
    assert!(!store.readmit_channel(&bikes(), NOW).await.unwrap());
    assert_eq!(store.channel_shut_out_at(&bikes()).await.unwrap(), None);
    assert_eq!([works(&first).await, works(&second).await], [false, true]);
}

pub(crate) async fn a_pin_is_worth_one_refresh_token_and_the_newest_counts(store: &Store) {
    seed_channels(store).await;
    let make = |tenant| refresh_token(1, TokenOwner::Seller(tenant));
    store.offer_seller_pin(&hash("111111"), TENANT, NOW.plus(HOUR), NOW).await.unwrap();
    store.offer_seller_pin(&hash("222222"), TENANT, NOW.plus(HOUR), NOW).await.unwrap();
    assert_eq!(store.redeem_seller_pin(&hash("111111"), make, NOW).await.unwrap(), None);
    assert_eq!(store.redeem_seller_pin(&hash("222222"), make, NOW.plus(HOUR)).await.unwrap(), None);
    assert_eq!(store.redeem_seller_pin(&hash("222222"), make, NOW).await.unwrap(), Some(TENANT));
    assert_eq!(store.redeem_seller_pin(&hash("222222"), make, NOW).await.unwrap(), None);
    assert!(store.refresh_token(&make(TENANT).hash, NOW).await.unwrap().is_some());
}

pub(crate) async fn a_session_is_read_often_and_used_once_by_its_own_channel(store: &Store) {
    seed_channels(store).await;
    store.open_seller_session(&session("s", None), NOW).await.unwrap();
    let (books, link) = ("BOOKS".parse().unwrap(), seller("4711"));
    for _ in 0..2 {
        let account = store.sign_up_session(&bikes(), &hash("s"), NOW).await.unwrap().unwrap();
        assert_eq!(account.number(), 1_001);
    }
    assert_eq!(store.sign_up_session(&books, &hash("s"), NOW).await.unwrap(), None);
    assert_eq!(store.update_session(&bikes(), &hash("s"), NOW).await.unwrap(), None);
    assert_eq!(store.sign_up_session(&bikes(), &hash("s"), NOW.plus(HOUR)).await.unwrap(), None);
    let late = store.link_seller(&bikes(), &hash("s"), &link, "Anna", NOW.plus(HOUR)).await.unwrap();
    assert_eq!(late, Linked::NoSession);
    assert_eq!(store.link_seller(&books, &hash("s"), &link, "", NOW).await.unwrap(), Linked::NoSession);
    assert_eq!(store.link_seller(&bikes(), &hash("s"), &link, "Anna", NOW).await.unwrap(), Linked::Done);
    assert_eq!(
        store.link_seller(&bikes(), &hash("s"), &seller("2"), "", NOW).await.unwrap(),
        Linked::NoSession
    );
    let [found] = &store.sellers_of_channel(&bikes()).await.unwrap()[..] else { panic!("one seller") };
    assert_eq!(
        (found.seller.as_str(), found.account.number(), found.company_name.as_str()),
        ("4711", 1_001, "Anna")
    );
    assert!(store.sellers_of_channel(&books).await.unwrap().is_empty());
}

pub(crate) async fn a_taken_seller_id_leaves_the_session(store: &Store) {
    seed_channels(store).await;
    for text in ["one", "two"] {
        store.open_seller_session(&session(text, None), NOW).await.unwrap();
    }
    let link = async |text, id| store.link_seller(&bikes(), &hash(text), &seller(id), "", NOW).await.unwrap();
    assert_eq!(link("one", "4711").await, Linked::Done);
    assert_eq!(link("two", "4711").await, Linked::Taken);
    assert_eq!(link("two", "4712").await, Linked::Done);
    assert_eq!(store.seller_ids(&bikes(), TENANT).await.unwrap(), [seller("4711"), seller("4712")]);
    let books = "BOOKS".parse().unwrap();
    assert_eq!(
        [store.count_sellers(&bikes()).await.unwrap(), store.count_sellers(&books).await.unwrap()],
        [2, 0]
    );
}

pub(crate) async fn an_update_changes_its_own_seller_once(store: &Store) {
    seed_channels(store).await;
    store.open_seller_session(&session("in", None), NOW).await.unwrap();
    store.link_seller(&bikes(), &hash("in"), &seller("4711"), "Anna", NOW).await.unwrap();
    store.open_seller_session(&session("up", Some(seller("4711"))), NOW).await.unwrap();
    let asked = store.update_session(&bikes(), &hash("up"), NOW).await.unwrap();
    assert_eq!(asked, Some(seller("4711")));
    let later = NOW.plus(Duration::from_secs(1));
    let update = async || store.update_seller(&bikes(), &hash("up"), false, None, later).await.unwrap();
    assert_eq!([update().await, update().await], [Linked::Done, Linked::NoSession]);
    let [found] = &store.sellers_of_channel(&bikes()).await.unwrap()[..] else { panic!("one seller") };
    assert_eq!(
        (found.is_active_by_channel, found.company_name.as_str(), found.updated_at),
        (false, "Anna", later)
    );
}

pub(crate) async fn an_unlinked_seller_is_gone_and_the_channel_is_told(store: &Store) {
    seed_channels(store).await;
    store.open_seller_session(&session("in", None), NOW).await.unwrap();
    store.link_seller(&bikes(), &hash("in"), &seller("4711"), "", NOW).await.unwrap();
    store.open_seller_session(&session("up", Some(seller("4711"))), NOW).await.unwrap();
    let books = "BOOKS".parse().unwrap();
    assert!(!store.unlink_seller(&books, &seller("4711"), &unlinked(1), NOW).await.unwrap());
    assert!(store.unlink_seller(&bikes(), &seller("4711"), &unlinked(2), NOW).await.unwrap());
    assert!(!store.unlink_seller(&bikes(), &seller("4711"), &unlinked(3), NOW).await.unwrap());
    let update = store.update_seller(&bikes(), &hash("up"), true, None, NOW).await.unwrap();
    assert_eq!(update, Linked::NoSession);
    for _ in 0..2 {
        assert_eq!(store.take_channel_events(&bikes(), 100, 2).await.unwrap(), [unlinked(2)]);
    }
    assert!(store.take_channel_events(&bikes(), 100, 2).await.unwrap().is_empty());
    store.acknowledge_channel_events(&books, &[Uuid::from_u128(2)]).await.unwrap();
    assert_eq!(store.take_channel_events(&bikes(), 100, 3).await.unwrap().len(), 1);
    store.acknowledge_channel_events(&bikes(), &[Uuid::from_u128(2)]).await.unwrap();
    assert!(store.take_channel_events(&bikes(), 100, 9).await.unwrap().is_empty());
}
