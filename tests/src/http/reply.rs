//! What the server answered, and what a story expects of it.

use serde_json::Value;

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(super) asked: String,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// Every value of a header.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The media type without its parameters.
    pub fn media_type(&self) -> &str {
        self.header("Content-Type")
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
    }

    /// The reply itself, if it has this status.
    #[track_caller]
    pub fn expect_status(&self, status: u16) -> &Self {
        assert_eq!(
            self.status,
            status,
            "{} answered\n{}",
            self.asked,
            self.text()
        );
        self
    }

    /// The body as JSON, if it says that it is.
    #[track_caller]
    pub fn json(&self) -> Value {
        let kind = self.media_type();
        assert!(
            kind == "application/json" || kind.ends_with("+json"),
            "{} answered {} as `{kind}`, not JSON:\n{}",
            self.asked,
            self.status,
            self.text()
        );
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "{} answered bad JSON ({error}):\n{}",
                self.asked,
                self.text()
            )
        })
    }

    /// The problem document (RFC 9457), if the reply is one with this status and this code.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        self.expect_status(status);
        assert_eq!(
            self.media_type(),
            "application/problem+json",
            "{} answered\n{}",
            self.asked,
            self.text()
        );
        let problem = self.json();
        let said = self.text();
        assert_eq!(
            problem.get("code").and_then(Value::as_str),
            Some(code),
            "{} answered\n{said}",
            self.asked
        );
        assert_eq!(
            problem.get("status").and_then(Value::as_u64),
            Some(u64::from(status)),
            "status in\n{said}"
        );
        for member in ["type", "title"] {
            let text = problem
                .get(member)
                .and_then(Value::as_str)
                .unwrap_or_default();
            assert!(!text.is_empty(), "a problem without `{member}`:\n{said}");
        }
        problem
    }

    /// The problem document, if one of its `errors` points there (JSON pointer) with this code.
    #[track_caller]
    pub fn expect_error_at(
        &self,
        status: u16,
        code: &str,
        pointer: &str,
        error_code: &str,
    ) -> Value {
        let problem = self.expect_problem(status, code);
        let at = |error: &Value, member: &str, wanted: &str| {
            error
                .get(member)
                .and_then(Value::as_str)
                .is_some_and(|found| found == wanted)
        };
        let errors = problem
            .get("errors")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        assert!(
            errors
                .iter()
                .any(|error| at(error, "pointer", pointer) && at(error, "code", error_code)),
            "no error `{error_code}` at {pointer:?} in\n{}",
            self.text()
        );
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, body: &str) -> Reply {
        Reply {
            asked: "GET /x".into(),
            status,
            headers: vec![(
                "content-type".into(),
                "application/problem+json; charset=utf-8".into(),
            )],
            body: body.into(),
        }
    }

    const INVALID: &str = r#"{"type":"about:blank","title":"No","status":422,"code":"invalid",
        "errors":[{"pointer":"/answers/A","code":"out_of_range","detail":"1 to 5"}]}"#;

    #[test]
    fn a_problem_is_recognised() {
        let reply = problem(422, INVALID);
        reply.expect_problem(422, "invalid");
        reply.expect_error_at(422, "invalid", "/answers/A", "out_of_range");
    }

    #[test]
    #[should_panic(expected = "GET /x answered")]
    fn another_code_is_not_accepted() {
        problem(422, INVALID).expect_problem(422, "conflict");
    }

    #[test]
    #[should_panic(expected = "status in")]
    fn a_status_that_disagrees_with_the_body_is_not_accepted() {
        problem(400, INVALID).expect_problem(400, "invalid");
    }

    #[test]
    #[should_panic(expected = "no error `missing`")]
    fn another_error_is_not_accepted() {
        problem(422, INVALID).expect_error_at(422, "invalid", "/answers/A", "missing");
    }

    #[test]
    #[should_panic(expected = "not JSON")]
    fn a_page_is_not_json() {
        let mut reply = problem(200, "<p>");
        reply.headers = vec![("Content-Type".into(), "text/html".into())];
        reply.json();
    }
}
