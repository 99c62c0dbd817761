//! The description of the public HTTP interface, made from the types that serve it.

use super::Service;
use super::events::Taken;
use super::feedback::{Helped, Noted, Rating};
use super::shop_api::{Asked, Found, Goods};
use super::suggestions::{Rows, Wanted};
use super::uploads::Uploaded;
use crate::events::Batch;
use axum::routing::get;
use axum::{Json, Router};
use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// It is the same for everyone, as long as the program runs.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(description);

/// What every refusal of the API is.
#[derive(JsonSchema)]
#[allow(dead_code)]
struct Refusal {
    error: RefusalReason,
}

/// Why a request was refused.
#[derive(JsonSchema)]
#[allow(dead_code)]
struct RefusalReason {
    /// Stable, for programs: `origin_not_allowed`, `too_many_requests`, `bad_events` …
    code: String,
    /// What to do, for people.
    message: String,
}

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/v1/openapi.json", get(|| async { Json(&*DESCRIPTION) }))
}

/// The whole description, OpenAPI 3.1.
fn description() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut types = settings.into_generator();
    let paths = json!({
        "/v1/catalog": { "get": {
            "operationId": "catalog",
            "summary": "Everything the shop sells",
            "responses": answers::<Goods>(&mut types, &[]),
        } },
        "/v1/search": { "get": {
            "operationId": "search",
            "summary": "Find products, as it is typed or whole, with what narrows it",
            "parameters": parameters::<Asked>(&mut types),
            "responses": answers::<Found>(&mut types, &["400", "429"]),
        } },
        "/v1/recommendations/{placement}": { "get": {
            "operationId": "recommendations",
            "summary": "Rows of suggestions for a place, each with its reason",
            "security": [{}, { "visitor": [] }],
            "parameters": place(parameters::<Wanted>(&mut types)),
            "responses": answers::<Rows>(&mut types, &["400", "404", "429", "503"]),
        } },
        "/v1/events": { "post": {
            "operationId": "events",
            "summary": "Tell what happened: from a page of an allowed origin, or signed by the shop's server",
            "security": [{}, { "visitor": [] }, { "signature": [] }],
            "requestBody": {
                "required": true,
                "content": { "application/json": {
                    "schema": types.subschema_for::<Batch>(),
                    "examples": examples(),
                } },
            },
            "responses": answers::<Taken>(&mut types, &["400", "401", "403", "413", "429", "503"]),
        } },
        "/v1/uploads": { "post": {
            "operationId": "upload",
            "summary": "Send a photo for a message of the chat; the body is the file",
            "security": [{ "visitor": [] }],
            "requestBody": { "required": true, "content": photo_types() },
            "responses": answers::<Uploaded>(&mut types, &["401", "403", "409", "413", "415", "422", "429", "503"]),
        } },
        "/v1/uploads/{id}": {
            "parameters": named("id", "From the answer to the upload, or from an entry"),
            "get": {
                "operationId": "photo",
                "summary": "A photo, for who sent it",
                "security": [{ "visitor": [] }],
                "responses": {
                    "200": { "description": "The photo", "content": { "image/jpeg": {} } },
                    "401": { "description": reason("401") }, "403": { "description": reason("403") },
                    "404": { "description": reason("404") }, "429": { "description": reason("429") },
                },
            },
            "delete": guarded("photoTakenBack", "Take back a photo that was not sent; again changes nothing"),
        },
        "/v1/feedback": { "post": {
            "operationId": "feedback",
            "summary": "Say whether what an article said was of help; again changes it",
            "security": [{ "visitor": [] }],
            "requestBody": body::<Helped>(&mut types),
            "responses": answers::<Noted>(&mut types, &["400", "401", "403", "404", "429", "503"]),
        } },
        "/v1/rating": { "post": {
            "operationId": "rating",
            "summary": "Rate the conversation, once",
            "security": [{ "visitor": [] }],
            "requestBody": body::<Rating>(&mut types),
            "responses": answers::<Noted>(&mut types, &["400", "401", "403", "404", "429", "503"]),
        } },
        "/v1/conversation": {
            "get": {
                "operationId": "conversation",
                "summary": "All of the conversation, photos included, as a file",
                "security": [{ "visitor": [] }],
                "responses": {
                    "200": { "description": "OK", "content": { "application/json": {} } },
                    "401": { "description": reason("401") }, "403": { "description": reason("403") },
                    "404": { "description": reason("404") }, "429": { "description": reason("429") },
                },
            },
            "delete": guarded("conversationDeleted", "Delete the conversation, its photos and what is remembered of it; again changes nothing"),
        },
        "/alerts/confirm/{token}": {
            "parameters": token(),
            "get": plainly("alertConfirmPage", "A page with a button: shall we write to you?", &["200", "429", "503"]),
            "post": plainly("alertConfirm", "The button: the alert lives from now on; a page says so, or that the link is no longer good", &["200", "429", "503"]),
        },
        "/alerts/stop/{token}": {
            "parameters": token(),
            "get": plainly("alertStopPage", "A page with a button: end all alerts?", &["200", "429", "503"]),
            "post": plainly("alertStop", "The button, or a mail program's one-click unsubscribe (RFC 8058): ends all alerts to the address; again changes nothing", &["200", "429", "503"]),
        },
        "/v1/openapi.json": { "get": {
            "operationId": "openapi",
            "summary": "This description",
            "responses": { "200": { "description": "OpenAPI 3.1" } },
        } },
        "/healthz": { "get": plainly("healthz", "Whether the server lives", &["200"]) },
        "/readyz": { "get": plainly("readyz", "Whether it can serve: it does not drain, and the store takes a write", &["200", "503"]) },
        "/metrics": { "get": plainly("metrics", "What it has counted, in the OpenMetrics format", &["200"]) },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Shoptalk",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What a shop's pages and server may ask and tell. The chat has a protocol of its own.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": types.take_definitions(true),
            "securitySchemes": {
                "visitor": { "type": "http", "scheme": "bearer", "description": "A visitor's token, from an answer to events told with consent, or from the chat's welcome" },
                "signature": { "type": "apiKey", "in": "header", "name": "webhook-signature", "description": "As Standard Webhooks sign, with webhook-id and webhook-timestamp" },
            },
        },
    })
}

fn plainly(id: &str, summary: &str, statuses: &[&str]) -> Value {
    let said = |status: &&str| {
        (
            (*status).to_owned(),
            json!({ "description": reason(status) }),
        )
    };
    let responses: Map<String, Value> = statuses.iter().map(said).collect();
    json!({ "operationId": id, "summary": summary, "responses": responses })
}

/// The answer when all is well, and the refusals there may be.
fn answers<T: JsonSchema>(types: &mut SchemaGenerator, refusals: &[&str]) -> Value {
    let mut all = Map::new();
    let schema = types.subschema_for::<T>();
    let content = json!({ "application/json": { "schema": schema } });
    all.insert(
        "200".to_owned(),
        json!({ "description": "OK", "content": content }),
    );
    for status in refusals {
        let schema = types.subschema_for::<Refusal>();
        let content = json!({ "application/json": { "schema": schema } });
        let answer = json!({ "description": reason(status), "content": content });
        all.insert((*status).to_owned(), answer);
    }
    Value::Object(all)
}

fn reason(status: &str) -> &'static str {
    match status {
        "200" => "OK",
        "400" => "Something is not right; the message names it",
        "204" => "Done",
        "401" => "The signature is not right, or too old; or nobody has this token",
        "403" => "Pages of this origin may not",
        "404" => "There is nothing of this name",
        "409" => "Not here, or not so many",
        "413" => "Too large",
        "415" => "Not of this kind",
        "422" => "Refused; the code says why",
        "429" => "Too many from this address; Retry-After says for how many seconds",
        _ => "Not now; Retry-After says for how many seconds",
    }
}

/// The fields of a query as parameters.
fn parameters<T: JsonSchema>(types: &mut SchemaGenerator) -> Vec<Value> {
    let schema = types.root_schema_for::<T>();
    let fields = schema.get("properties").and_then(Value::as_object);
    let parameter = |(name, field): (&String, &Value)| {
        let mut field = field.clone();
        let described = field
            .as_object_mut()
            .and_then(|field| field.remove("description"));
        json!({ "name": name, "in": "query", "schema": field, "description": described.unwrap_or_default() })
    };
    fields.into_iter().flatten().map(parameter).collect()
}

/// What is done for the holder of a token, and needs no answer.
fn guarded(id: &str, summary: &str) -> Value {
    let mut described = plainly(id, summary, &["204", "401", "403", "429", "503"]);
    described["security"] = json!([{ "visitor": [] }]);
    described
}

fn body<T: JsonSchema>(types: &mut SchemaGenerator) -> Value {
    let schema = types.subschema_for::<T>();
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn photo_types() -> Value {
    let file = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({ "image/jpeg": file, "image/png": file, "image/webp": file })
}

/// A name in a path.
fn named(name: &str, described: &str) -> Value {
    let schema = json!({ "type": "string" });
    json!([{ "name": name, "in": "path", "required": true, "schema": schema, "description": described }])
}

/// Of a letter's link.
fn token() -> Value {
    named("token", "From the link of a letter")
}

/// With the placement's name before the others.
fn place(mut parameters: Vec<Value>) -> Vec<Value> {
    let names = crate::recommend::Placement::ALL.map(|placement| placement.as_str());
    let schema = json!({ "type": "string", "enum": names });
    parameters.insert(
        0,
        json!({ "name": "placement", "in": "path", "required": true, "schema": schema }),
    );
    parameters
}

/// Batches as they are sent.
fn examples() -> Value {
    json!({
        "page": { "summary": "A page, for a visitor who agreed", "value": {
            "consent": true,
            "session": "5f2b8a90c1",
            "events": [
                { "id": "5f2b8a90c1-1", "type": "view", "sku": "ALDER-SOCKS" },
                { "id": "5f2b8a90c1-2", "type": "impression", "sku": "BIRCH-CAP", "placement": "product", "position": 1 },
            ],
        } },
        "order": { "summary": "The shop's server, signed", "value": {
            "events": [{
                "id": "order-SH-10099",
                "type": "purchase",
                "order": "SH-10099",
                "items": [{ "sku": "BIRCH-CAP", "quantity": 1, "price": { "minor": 2400, "currency": "EUR" } }],
            }],
        } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events;
    use jiff::Timestamp;

    /// The paths of every route in this folder's sources.
    fn routes() -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server");
        let mut found = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let path = if path.is_dir() {
                path.join("mod.rs")
            } else {
                path
            };
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for call in code.split(".route(").skip(1) {
                found.extend(
                    call.trim_start()
                        .strip_prefix('"')
                        .and_then(|rest| rest.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
        found
    }

    /// Pages, files, the socket and what only platforms call are described elsewhere.
    fn is_elsewhere(path: &str) -> bool {
        let elsewhere = [
            "/v1/chat",
            "/hooks/",
            "/bridges/",
            "/widget",
            "/demo/",
            "/pictures/",
            "/products/",
            "/cart",
            "/theme",
        ];
        path == "/" || elsewhere.iter().any(|start| path.starts_with(start))
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let described = description();
        let described = described["paths"].as_object().unwrap();
        let routes = routes();
        assert!(routes.len() > 10, "{routes:?}");
        for path in routes.iter().filter(|path| !is_elsewhere(path)) {
            assert!(described.contains_key(path), "{path} is not described");
        }
        for path in described.keys() {
            assert!(routes.contains(path), "{path} is no route");
        }
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        fn follow(part: &Value, whole: &Value) {
            if let Some(to) = part.get("$ref").and_then(Value::as_str) {
                let pointer = to.strip_prefix('#').unwrap();
                assert!(whole.pointer(pointer).is_some(), "{to} leads nowhere");
            }
            match part {
                Value::Object(fields) => fields.values().for_each(|field| follow(field, whole)),
                Value::Array(items) => items.iter().for_each(|item| follow(item, whole)),
                _ => {}
            }
        }
        let whole = description();
        follow(&whole, &whole);
        let schemas = whole["components"]["schemas"].as_object().unwrap();
        assert!(schemas.contains_key("ProductCard") && schemas.contains_key("Event"));
    }

    #[test]
    fn every_example_is_taken() {
        let examples = examples();
        for (name, example) in examples.as_object().unwrap() {
            let body = serde_json::to_vec(&example["value"]).unwrap();
            let read = events::read(&body, Timestamp::now());
            assert!(read.is_ok(), "{name}: {read:?}");
        }
    }

    #[test]
    fn a_query_is_described_field_by_field() {
        let whole = description();
        let parameters = &whole["paths"]["/v1/recommendations/{placement}"]["get"]["parameters"];
        let mut names: Vec<_> = parameters
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["exclude", "items", "language", "limit", "placement"]
        );
        let mut all = parameters.as_array().unwrap().iter();
        let exclude = all.find(|one| one["name"] == "exclude").unwrap();
        let described = exclude["description"].as_str().unwrap();
        assert!(described.contains("not to suggest"), "{described}");
    }
}
