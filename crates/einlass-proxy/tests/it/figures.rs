//! What a gateway counts, as operators read it.

use crate::kit::{Empty as _, Gate, Setup, call, printed};
use std::time::Duration;

#[tokio::test]
async fn calls_refusals_and_times_are_on_the_page() {
    let (gate, _upstream) = Gate::and_upstream().await;
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    assert_eq!(call(gate.request("GET", "/erp/v2/items").empty()).await.status, 401);
    assert_eq!(call(gate.good("GET", "/erp/v2/nothing").empty()).await.status, 404);
    let page = printed(|page| gate.counters.write_to(page, "/erp"));
    for line in [
        r#"einlass_gateway_calls_total{gateway="/erp",status="2xx"} 1"#,
        r#"einlass_gateway_calls_total{gateway="/erp",status="4xx"} 2"#,
        r#"einlass_gateway_refused_total{gateway="/erp",reason="TokenMissing"} 1"#,
        r#"einlass_gateway_refused_total{gateway="/erp",reason="OperationUnknown"} 1"#,
        r#"einlass_gateway_refused_total{gateway="/erp",reason="TokenRevoked"} 0"#,
        r#"einlass_gateway_call_duration_seconds_count{gateway="/erp"} 3"#,
        r#"einlass_gateway_upstream_duration_seconds_count{gateway="/erp"} 1"#,
        r#"einlass_gateway_upstream_failures_total{gateway="/erp",kind="unreachable"} 0"#,
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
}

#[tokio::test]
async fn failures_of_the_upstream_are_told_apart() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = Gate::start(Setup::before(nobody));
    let silent = crate::kit::Upstream::serve(|_| std::future::pending()).await;
    let mut setup = Setup::before(silent);
    setup.timeouts.response_head = Duration::from_millis(100);
    let late = Gate::start(setup);
    for (gate, status, kind) in [(refused, 502, "unreachable"), (late, 504, "answer_timeout")] {
        assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, status);
        let page = printed(|page| gate.counters.write_to(page, "/erp"));
        let line = format!("einlass_gateway_upstream_failures_total{{gateway=\"/erp\",kind=\"{kind}\"}} 1\n");
        assert!(page.contains(&line), "{page}");
    }
}
