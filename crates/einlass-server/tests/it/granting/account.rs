//! What a person finds of it at the account.

use super::OFFLINE;
use crate::support::TestPlatform;
use std::time::Duration;

fn ends(page: &str) -> usize {
    page.matches("action=\"/me/grants/end\"").count()
}

#[tokio::test]
async fn the_account_lists_what_works_and_no_more_than_ten_of_one_client() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    app.allow(&own, &app.url(OFFLINE, &[])).await;
    assert_eq!(ends(platform.page("/me", &own).await.text()), 0, "no code was traded");
    let first = app.begin(&own, OFFLINE).await;
    for _ in 0..10 {
        platform.clock.advance(Duration::from_secs(1));
        assert!(first.open(&platform).await);
        app.begin(&own, OFFLINE).await;
    }
    assert!(!first.open(&platform).await, "it gave way");
    assert_eq!(ends(platform.page("/me", &own).await.text()), 10);
    platform.clock.advance(Duration::from_hours(31 * 24));
    let again = platform.merchant().await;
    assert_eq!(ends(platform.page("/me", &again).await.text()), 0, "nothing is left of them");
}

#[tokio::test]
async fn a_long_list_has_another_page() {
    let platform = TestPlatform::start().await;
    let own = platform.merchant().await;
    for _ in 0..6 {
        let app = platform.program().await;
        for _ in 0..9 {
            platform.clock.advance(Duration::from_secs(1));
            app.begin(&own, "items.read").await;
        }
    }
    let page = platform.page("/me", &own).await.text().to_owned();
    let (_, rest) = page.split_once("href=\"/me?grants=").unwrap();
    let more = format!("/me?grants={}", rest.split('#').next().unwrap());
    let next = platform.page(&more, &own).await.text().to_owned();
    assert_eq!((ends(&page), ends(&next)), (50, 4));
    assert!(!next.contains("href=\"/me?grants="));
}
