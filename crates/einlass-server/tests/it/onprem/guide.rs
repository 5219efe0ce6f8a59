//! `docs/guides/onprem.md` says how to provoke each status; here each row is done.

use super::{CODE, manifest};
use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use std::time::Duration;

const GUIDE: &str = include_str!("../../../../../docs/guides/onprem.md");

/// A platform, the ids of what was registered there, and the last answer to the app.
struct Scene {
    platform: TestPlatform,
    registered: Vec<String>,
    last: Option<Reply>,
}

impl Scene {
    async fn step(&mut self, step: &str) {
        let mut app = manifest();
        match step {
            "wait" => self.platform.wait().await,
            "accept" => self.decide("POST", "/accept").await,
            "reject" => self.decide("POST", "/reject").await,
            "hand out" => self.decide("POST", "/hand-out").await,
            "revoke" => self.decide("DELETE", "").await,
            "licence ends" => {
                let ended =
                    self.platform.administer("PATCH", "/sites/eazybusiness", r#"{"licensed":false}"#).await;
                assert_eq!(ended.status, 200);
            }
            "an hour passes" => self.platform.clock.advance(Duration::from_hours(1)),
            "register" => self.register("eazybusiness", Some(CODE), &app).await,
            "register with another code" => self.register("eazybusiness", Some("another-code"), &app).await,
            "register without code" => self.register("eazybusiness", None, &app).await,
            "register half" => {
                self.register("eazybusiness", Some(CODE), &json!({"AppId": "parcels/v1"})).await;
            }
            "register elsewhere" => self.register("mandant_9", Some(CODE), &app).await,
            "register another" => {
                app["AppId"] = json!("another/v1");
                self.register("eazybusiness", Some(CODE), &app).await;
            }
            "register several" => {
                app["RegistrationType"] = json!(1);
                self.register("eazybusiness", Some(CODE), &app).await;
            }
            "register for version 9.9" => {
                let request = Request::post("/api/eazybusiness/authentication")
                    .header("x-challengecode", CODE)
                    .header("api-version", "9.9");
                self.last =
                    Some(self.platform.send(request.body(Body::from(app.to_string())).unwrap()).await);
            }
            "poll" => self.poll(self.registered.last().cloned(), "GET", CODE).await,
            "poll the first" => self.poll(self.registered.first().cloned(), "GET", CODE).await,
            "poll as another" => self.poll(self.registered.last().cloned(), "GET", "another").await,
            "add an instance" => self.poll(self.registered.last().cloned(), "POST", CODE).await,
            "guess 31 times" => {
                self.platform.wait().await;
                for _ in 0..31 {
                    self.poll(None, "GET", "guess").await;
                }
            }
            other => panic!("nobody knows how to `{other}`"),
        }
    }

    async fn register(&mut self, database: &str, code: Option<&str>, app: &Value) {
        let path = format!("{database}/authentication");
        let reply = self.platform.app_from("192.0.2.9", "POST", &path, code, app.to_string()).await;
        if reply.status == 201 {
            self.registered.push(reply.json()["RegistrationRequestId"].as_str().unwrap().to_owned());
        }
        self.last = Some(reply);
    }

    async fn poll(&mut self, id: Option<String>, method: &str, code: &str) {
        let id = id.unwrap_or_else(|| uuid::Uuid::nil().to_string());
        let path = format!("eazybusiness/authentication/{id}");
        self.last = Some(self.platform.app_from("192.0.2.9", method, &path, Some(code), String::new()).await);
    }

    async fn decide(&self, method: &str, what: &str) {
        let path = format!("/registrations/{}{what}", self.registered.last().unwrap());
        let reply = self.platform.administer(method, &path, "").await;
        assert!(reply.status.is_success(), "{what}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_guides_table_is_true() {
    let mut rows = 0;
    for row in GUIDE.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let Ok(status) = cells[0].parse::<u16>() else { continue };
        let steps: Vec<&str> = cells[1].split('`').skip(1).step_by(2).collect();
        if steps.is_empty() {
            continue;
        }
        let mut scene = Scene { platform: TestPlatform::start().await, registered: Vec::new(), last: None };
        for step in &steps {
            scene.step(step).await;
        }
        let last = scene.last.unwrap();
        assert_eq!(last.status, status, "{row}: {}", last.text());
        if let Some(told) = cells[2].split("`\"Status\": ").nth(1) {
            let told: i64 = told.split('`').next().unwrap().parse().unwrap();
            assert_eq!(last.json()["RequestStatusInfo"]["Status"], told, "{row}");
        }
        rows += 1;
    }
    assert!(rows >= 20, "the table reads differently: {rows} rows");
}
