//! A handful of items, customers and returns, the same for every tenant. Nothing is kept.

use super::super::customers as all_customers;
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use einlass_protocol::erp::{Casing, ErpError};
use http::StatusCode;
use serde_json::{Value, json};

const ITEMS: [(&str, &str, f64); 3] =
    [("1", "City bike 28\"", 649.0), ("2", "Bicycle bell", 9.9), ("3", "Saddle bag", 34.5)];

pub(super) fn items(casing: Casing) -> Json<Value> {
    let items: Vec<Value> = ITEMS.iter().map(|item| item_in(casing, item)).collect();
    Json(match casing {
        Casing::Camel => json!({"totalItems": items.len(), "items": items}),
        Casing::Pascal => json!({"TotalItems": items.len(), "Items": items}),
    })
}

pub(super) async fn item(Path(id): Path<String>) -> Response {
    match ITEMS.iter().find(|(known, ..)| *known == id) {
        Some(item) => Json(item_in(Casing::Camel, item)).into_response(),
        None => not_found("no such item"),
    }
}

pub(super) async fn create_item(Json(item): Json<Value>) -> (StatusCode, Json<Value>) {
    (StatusCode::CREATED, Json(item))
}

pub(super) async fn customers() -> Json<Value> {
    let customers: Vec<Value> =
        all_customers().iter().map(|customer| json!({"id": customer.id, "company": customer.name})).collect();
    Json(json!({"totalItems": customers.len(), "items": customers}))
}

pub(super) async fn returns() -> Json<Value> {
    Json(json!({"totalItems": 1, "items": [{"id": "1", "state": "received"}]}))
}

pub(super) async fn create_return(Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    (StatusCode::CREATED, Json(body))
}

pub(super) async fn line_items(Path(id): Path<String>) -> Response {
    if id != "1" {
        return not_found("no such return");
    }
    Json(json!({"totalItems": 1, "items": [{"itemId": "2", "quantity": 1}]})).into_response()
}

/// Knows one field, `__typename`, which every GraphQL service has.
pub(super) async fn graphql(Json(_): Json<Value>) -> Json<Value> {
    Json(json!({"data": {"__typename": "Query"}}))
}

fn item_in(casing: Casing, (id, name, price): &(&str, &str, f64)) -> Value {
    match casing {
        Casing::Camel => json!({"id": id, "name": name, "price": price}),
        Casing::Pascal => json!({"Id": id, "Name": name, "Price": price}),
    }
}

fn not_found(message: &str) -> Response {
    let error = ErpError { code: "NotFound", message: message.into(), errors: Vec::new() };
    (StatusCode::NOT_FOUND, Json(error.to_json(Casing::Camel))).into_response()
}
