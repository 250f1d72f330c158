//! What a reader of the API document may expect of every operation in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
const PROBLEM: &str = "application/problem+json";

/// The path whose errors another standard prescribes: OAuth 2 answers with plain JSON (RFC 6749, section 5.2).
const OAUTH_TOKEN: &str = "/oauth/token";

/// Everything that an OpenAPI 3.1 document lacks to be readable and usable; empty when nothing does.
pub fn findings(document: &Value) -> Vec<String> {
    let mut findings = check_head(document);
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in
            members(Some(item)).filter(|(method, _)| METHODS.contains(&method.as_str()))
        {
            count += 1;
            let place = format!("{} {path}", method.to_uppercase());
            let shared = item.get("parameters");
            let found = check_operation(document, path, shared, operation, &mut ids);
            findings.extend(
                found
                    .into_iter()
                    .map(|finding| format!("{place}: {finding}")),
            );
        }
    }
    if count == 0 {
        findings.push("the document has no operation".to_owned());
    }
    findings
}

fn check_head(document: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    if !text(document, "openapi").starts_with("3.1.") {
        findings.push(format!(
            "`openapi` is `{}`, not 3.1",
            text(document, "openapi")
        ));
    }
    let info = document.get("info").unwrap_or(&Value::Null);
    findings.extend(
        missing_texts(info, &["title", "version", "description"])
            .map(|name| format!("info lacks `{name}`")),
    );
    findings
}

fn check_operation(
    document: &Value,
    path: &str,
    shared: Option<&Value>,
    operation: &Value,
    ids: &mut BTreeSet<String>,
) -> Vec<String> {
    let mut findings: Vec<String> =
        missing_texts(operation, &["operationId", "summary", "description"])
            .map(|name| format!("no `{name}`"))
            .collect();
    let id = text(operation, "operationId");
    if !id.is_empty() && !ids.insert(id.to_owned()) {
        findings.push(format!("the operationId `{id}` is taken"));
    }
    findings.extend(check_tags(document, operation));
    findings.extend(check_parameters(
        document,
        path,
        [shared, operation.get("parameters")],
    ));
    if let Some(body) = operation
        .get("requestBody")
        .map(|body| resolve(document, body))
    {
        findings.extend(check_examples(document, "the request body", body));
    }
    findings.extend(check_responses(document, path, operation));
    findings
}

fn check_tags(document: &Value, operation: &Value) -> Vec<String> {
    let known: Vec<&str> = items(document.get("tags"))
        .map(|tag| text(tag, "name"))
        .collect();
    let tags: Vec<&str> = items(operation.get("tags"))
        .filter_map(Value::as_str)
        .collect();
    let strange = tags
        .iter()
        .filter(|tag| !known.contains(tag))
        .map(|tag| format!("the tag `{tag}` is not described"));
    let mut findings: Vec<String> = strange.collect();
    if tags.is_empty() {
        findings.push("no tag".to_owned());
    }
    findings
}

fn check_parameters(document: &Value, path: &str, lists: [Option<&Value>; 2]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut named = Vec::new();
    for parameter in lists
        .into_iter()
        .flat_map(items)
        .map(|parameter| resolve(document, parameter))
    {
        let name = text(parameter, "name");
        if text(parameter, "description").trim().is_empty() {
            findings.push(format!("the parameter `{name}` has no description"));
        }
        if text(parameter, "in") == "path" {
            named.push(name);
        }
    }
    let in_path: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    let unnamed = in_path.iter().filter(|name| !named.contains(name));
    findings.extend(unnamed.map(|name| format!("`{{{name}}}` of the path is no parameter")));
    let unused = named.iter().filter(|name| !in_path.contains(name));
    findings.extend(unused.map(|name| format!("the path has no `{{{name}}}`")));
    findings
}

fn check_responses(document: &Value, path: &str, operation: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    let (mut successes, mut failures) = (0, 0);
    let expected = if path == OAUTH_TOKEN {
        "application/json"
    } else {
        PROBLEM
    };
    for (status, response) in members(operation.get("responses")) {
        let response = resolve(document, response);
        if text(response, "description").trim().is_empty() {
            findings.push(format!("the response {status} has no description"));
        }
        if status.starts_with('4') || status.starts_with('5') || status == "default" {
            failures += 1;
            let media: Vec<&str> = members(response.get("content"))
                .map(|(media, _)| media.as_str())
                .collect();
            if media != [expected] {
                findings.push(format!(
                    "the response {status} is {media:?}, not {expected}"
                ));
            }
        } else {
            successes += 1;
            findings.extend(check_examples(
                document,
                &format!("the response {status}"),
                response,
            ));
        }
    }
    if successes == 0 {
        findings.push("no success is described".to_owned());
    }
    if failures == 0 {
        findings.push("no error is described".to_owned());
    }
    findings
}

/// Every JSON content must show at least one example: beside the schema, or in it.
fn check_examples(document: &Value, place: &str, holder: &Value) -> Vec<String> {
    let contents = members(holder.get("content")).filter(|(media, _)| media.ends_with("json"));
    let bare = contents.filter(|(_, content)| {
        let schema = content
            .get("schema")
            .map(|schema| resolve(document, schema));
        !has_example(content) && !schema.is_some_and(has_example)
    });
    bare.map(|(media, _)| format!("{place} ({media}) has no example"))
        .collect()
}

fn has_example(value: &Value) -> bool {
    let filled = |examples: &Value| match examples {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    };
    value
        .get("example")
        .is_some_and(|example| !example.is_null())
        || value.get("examples").is_some_and(filled)
}

/// What a `$ref` within the document points to; the value itself when it is none.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'));
    target
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

fn missing_texts<'a>(value: &'a Value, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    names
        .iter()
        .copied()
        .filter(|name| text(value, name).trim().is_empty())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests;
