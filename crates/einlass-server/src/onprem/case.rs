//! Paths below `/api` in whatever case they are written: as for the ERP, it is of no matter.

use axum::Router;
use axum::extract::Request;
use http::Uri;
use tower::util::MapRequest;

const BASE: &str = "/api/";

/// Has these routes found in any case. It is around the router, since what is inside of one comes after the route is chosen.
pub(crate) fn in_any_case(router: Router) -> Router {
    Router::new().fallback_service(MapRequest::new(router, lower))
}

fn lower(mut request: Request) -> Request {
    if let Some(uri) = lowered(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// Whole, since databases and registrations are told apart without case too; the query stays as it is.
fn lowered(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let is_below = path.get(..BASE.len()).is_some_and(|start| start.eq_ignore_ascii_case(BASE));
    if !is_below || !path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = format!("{}{query}", path.to_ascii_lowercase()).parse().ok();
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_base_are_written_anew() {
        for (written, routed) in [
            (
                "/API/EazyBusiness/V1/Authentication?Page=A",
                Some("/api/eazybusiness/v1/authentication?Page=A"),
            ),
            ("http://Host.example/Api/a", Some("http://host.example/api/a")),
            ("/api/a/authentication?A", None),
            ("/api", None),
            ("/apis/A", None),
            ("/admin/api/A", None),
            ("/Hub", None),
            ("*", None),
        ] {
            let uri: Uri = written.parse().unwrap();
            assert_eq!(lowered(&uri), routed.map(|routed| routed.parse().unwrap()), "{written}");
        }
    }
}
