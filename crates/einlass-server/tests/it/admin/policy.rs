//! The policy, explained.

use crate::support::TestPlatform;

#[tokio::test]
async fn the_policy_explains_itself() {
    let platform = TestPlatform::start().await;
    for path in ["/erp/v2/items/7", "/v2/items/7", "/erp/v2/items/7?x=y"] {
        let question = format!("/policy/explain?method=get&path={}", path.replace('?', "%3F"));
        let reply = platform.administer("GET", &question, "").await;
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("Item_GetItem") && reply.text().contains("items.read"));
    }
    let reply = platform.administer("GET", "/policy/explain?method=GET&path=//x", "").await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn an_incomplete_question_is_told_what_is_missing() {
    let platform = TestPlatform::start().await;
    let reply = platform.administer("GET", "/policy/explain?method=GET", "").await;
    assert_eq!(super::error(&reply), (400, "bad_request".into()));
    assert!(reply.text().contains("path"), "{}", reply.text());
}
