use serde_json::json;

use super::*;

fn good() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", "description": "D"},
        "tags": [{"name": "rounds"}],
        "components": {"schemas": {"Round": {"type": "object", "examples": [{"id": 1}]}}},
        "paths": {"/rounds/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "description": "Which."}],
            "put": {
                "operationId": "put_round", "summary": "S", "description": "D", "tags": ["rounds"],
                "requestBody": {"content": {"application/json": {"schema": {}, "example": {"id": 1}}}},
                "responses": {
                    "200": {"description": "Done.", "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Round"}}}},
                    "404": {"description": "Gone.", "content": {"application/problem+json": {"schema": {}}}}
                }
            }
        }}
    })
}

/// The document with the value at a JSON pointer replaced; `null` removes it.
fn planted(pointer: &str, value: Value) -> Value {
    let mut document = good();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    let parent = document
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .unwrap();
    if value.is_null() {
        parent.remove(&name).expect("something to remove");
    } else {
        parent.insert(name, value);
    }
    document
}

#[test]
fn a_good_document_has_no_findings() {
    assert_eq!(findings(&good()), Vec::<String>::new());
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    let put = "/paths/~1rounds~1{id}/put";
    let operation = good().pointer(put).cloned().unwrap();
    let content = json!({"application/json": {"schema": {}}});
    for (pointer, value, wanted) in [
        ("/openapi", json!("3.0.3"), "not 3.1"),
        ("/info/description", Value::Null, "info lacks `description`"),
        ("/tags", Value::Null, "the tag `rounds` is not described"),
        ("/paths/~1rounds~1{id}/put/tags", json!([]), "no tag"),
        (
            "/paths/~1rounds~1{id}/put/operationId",
            Value::Null,
            "no `operationId`",
        ),
        (
            "/paths/~1rounds~1{id}/put/summary",
            json!(" "),
            "no `summary`",
        ),
        (
            "/paths/~1rounds~1{id}/put/description",
            json!(""),
            "no `description`",
        ),
        (
            "/paths/~1rounds~1{id}/parameters",
            Value::Null,
            "`{id}` of the path is no parameter",
        ),
        (
            "/paths/~1rounds~1{id}/put/parameters",
            json!([{"name": "x", "in": "query"}]),
            "`x` has no description",
        ),
        (
            "/paths/~1rounds~1{id}/put/parameters",
            json!([{"name": "x", "in": "path", "description": "X"}]),
            "the path has no `{x}`",
        ),
        (
            "/paths/~1rounds~1{id}/put/requestBody/content",
            content.clone(),
            "the request body (application/json)",
        ),
        (
            "/components/schemas/Round/examples",
            json!([]),
            "the response 200 (application/json)",
        ),
        (
            "/paths/~1rounds~1{id}/put/responses/200/description",
            Value::Null,
            "the response 200 has no description",
        ),
        (
            "/paths/~1rounds~1{id}/put/responses/404/content",
            content,
            "not application/problem+json",
        ),
        (
            "/paths/~1rounds~1{id}/put/responses/404",
            Value::Null,
            "no error is described",
        ),
        (
            "/paths/~1rounds~1{id}/put/responses/200",
            Value::Null,
            "no success is described",
        ),
        (
            "/paths/~1rounds~1{id}/get",
            operation,
            "the operationId `put_round` is taken",
        ),
        ("/paths", json!({}), "the document has no operation"),
    ] {
        let found = findings(&planted(pointer, value));
        assert!(
            found.len() == 1 && found.iter().all(|finding| finding.contains(wanted)),
            "{pointer}: {found:?}"
        );
    }
}

#[test]
fn the_token_endpoint_answers_as_oauth_prescribes() {
    let mut document = good();
    let paths = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .unwrap();
    let mut item = paths.remove("/rounds/{id}").unwrap();
    item.as_object_mut().unwrap().remove("parameters");
    paths.insert("/oauth/token".to_owned(), item);
    assert!(
        findings(&document)
            .iter()
            .all(|finding| finding.contains("not application/json"))
    );
    let errors = "/paths/~1oauth~1token/put/responses/404/content";
    *document.pointer_mut(errors).unwrap() = json!({"application/json": {"schema": {}}});
    assert_eq!(findings(&document), Vec::<String>::new());
}
