//! The policy, explained.

use crate::support::TestPlatform;

#[tokio::test]
async fn the_policy_explains_itself() {
    let platform = TestPlatform::start().await;
    for path in ["/erp/v2/items/7", "/erp/v2/items/7?x=y"] {
        let question = format!("/policy/explain?method=get&path={}", path.replace('?', "%3F"));
        let reply = platform.administer("GET", &question, "").await;
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("Item_GetItem") && reply.text().contains("items.read"));
    }
    for path in ["/erp", "/erp%3Fx"] {
        let reply = platform.administer("GET", &format!("/policy/explain?method=GET&path={path}"), "").await;
        assert_eq!((reply.status.as_u16(), reply.text().contains("refused")), (200, true), "{path}");
    }
    for (path, words) in
        [("/erp//x", "empty segment"), ("/v2/items/7", "below /erp"), ("/erpx", "below /erp")]
    {
        let reply = platform.administer("GET", &format!("/policy/explain?method=GET&path={path}"), "").await;
        assert_eq!(super::error(&reply), (400, "bad_request".into()), "{path}");
        assert!(reply.text().contains(words), "{}", reply.text());
    }
}

#[tokio::test]
async fn an_incomplete_question_is_told_what_is_missing() {
    let platform = TestPlatform::start().await;
    let reply = platform.administer("GET", "/policy/explain?method=GET", "").await;
    assert_eq!(super::error(&reply), (400, "bad_request".into()));
    assert!(reply.text().contains("path"), "{}", reply.text());
}
