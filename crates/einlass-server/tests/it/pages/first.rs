//! The page that makes a platform's first administrator. In a browser: `tests/browser/hosts.mjs`.

use crate::support::{Reply, TestPlatform};
use einlass_protocol::ids::OrganisationId;
use std::time::Duration;

const FORM: &str = "name=Olga&email=olga%40operator.example&password=four+words+of+nothing";

impl TestPlatform {
    async fn set_up(&self, code: &str, form: &str) -> Reply {
        self.post("/admin/first", &format!("code={code}&{form}"), None, "192.0.2.1").await
    }

    async fn without_anybody() -> Self {
        let platform = Self::start().await;
        platform.administer("DELETE", "/admin-tokens/dev", "").await;
        platform.behind_its_back(&["DELETE FROM memberships"]).await;
        platform
    }
}

#[tokio::test]
async fn the_code_makes_an_admin_once_and_what_is_wrong_with_the_account_leaves_it() {
    let platform = TestPlatform::without_anybody().await;
    let code = platform.platform.first_operator_code().await.unwrap().unwrap();
    let code = code.expose();
    for (wrong, said) in [
        (FORM.replace("four+words+of+nothing", "short"), "too short"),
        (FORM.replace("olga%40operator.example", "olga"), "no e-mail address"),
        (FORM.replace("olga%40operator.example", "anna%40bikes.example"), "an account of this address"),
        (FORM.replace("name=Olga", "name="), "Enter a name"),
    ] {
        let reply = platform.set_up(code, &wrong).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text().contains(said), "{said}");
        assert!(!reply.text().contains(code) && !reply.text().contains("four words"), "a secret comes back");
    }
    let link = format!("https%3A%2F%2Fauth.example%2Fadmin%2Ffirst%23{code}");
    let reply = platform.set_up(&link, FORM).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/admin"));
    let again = platform.set_up(code, &FORM.replace("olga%40", "other%40")).await;
    assert!(again.text().contains("This code does not count"));
    assert!(platform.platform.first_operator_code().await.unwrap().is_none());

    let email = "olga@operator.example".parse().unwrap();
    let (person, _) = platform.store.person_to_authenticate(&email).await.unwrap().unwrap();
    assert!(platform.store.role_in(OrganisationId::OPERATOR, person.id).await.unwrap().is_some());
    let reply = platform.sign_in("olga%40operator.example", "four+words+of+nothing", "192.0.2.1").await;
    assert_eq!(reply.status, 303);
}

#[tokio::test]
async fn wrong_codes_are_limited_at_the_page_and_the_api_together() {
    let platform = TestPlatform::without_anybody().await;
    let code = platform.platform.first_operator_code().await.unwrap().unwrap();
    for _ in 0..10 {
        assert_eq!(platform.set_up("guessed", FORM).await.status, 422);
    }
    assert_eq!(platform.set_up(code.expose(), FORM).await.status, 429);
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.set_up(code.expose(), FORM).await.status, 303);
}
