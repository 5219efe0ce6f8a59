//! An app has its person sign out, by a link or by a form of its own.

use crate::support::{FORM, TestPlatform};
use axum::body::Body;
use http::Request;

#[tokio::test]
async fn a_form_of_the_apps_own_leads_to_the_question_and_signs_nobody_out() {
    for path in ["/oauth2/sessions/logout", "/id/oidc/v1/end_session"] {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let own = platform.merchant().await;
        let form = [
            ("client_id", &*app.id),
            ("post_logout_redirect_uri", "https://app.example/left"),
            ("state", "a b"),
        ];
        let form = serde_urlencoded::to_string(form).unwrap();
        let request = Request::post(path)
            .header("content-type", FORM)
            .header("origin", "https://app.example")
            .header("cookie", &own)
            .body(Body::from(form.clone()));
        let sent = platform.send(request.unwrap()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let asks = platform.page(sent.header("location"), &own).await;
        assert_eq!(asks.status, 200, "{}", sent.header("location"));
        assert!(asks.text().contains("https://app.example/left"));
        assert_eq!(platform.page("/me", &own).await.status, 200, "nobody is signed out");

        let left = platform.post(path, &form, Some(&own), "192.0.2.1").await;
        assert_eq!(left.header("location"), "https://app.example/left?state=a+b");
        assert_eq!(platform.page("/me", &own).await.status, 303);
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_no_answer_elsewhere() {
    let platform = TestPlatform::start().await;
    let own = platform.merchant().await;
    for path in ["/logout", "/consent", "/me/grants/end"] {
        let request = Request::post(path)
            .header("content-type", FORM)
            .header("origin", "https://app.example")
            .header("cookie", &own)
            .body(Body::from("query=&issuer=a"));
        assert_eq!(platform.send(request.unwrap()).await.status, 403, "{path}");
    }
}
