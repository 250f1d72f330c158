//! A request on its way to the server.

use serde_json::Value;

/// What to ask: method, path, headers and body.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// A request with any method; the path begins with `/`, or is a whole address on the server.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A GET request.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST request.
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// The same with a header; an earlier value of that header is replaced.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    /// The same with a form body, as a browser encodes it.
    #[must_use]
    pub fn form<N: AsRef<str>, V: AsRef<str>>(self, fields: &[(N, V)]) -> Self {
        let pairs = fields
            .iter()
            .map(|(name, value)| encode(name.as_ref()) + "=" + &encode(value.as_ref()));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.bytes("application/x-www-form-urlencoded", body)
    }

    /// The same with one uploaded file as `multipart/form-data`.
    #[must_use]
    pub fn upload(self, field: &str, file_name: &str, media_type: &str, content: &[u8]) -> Self {
        // No content of a test contains this line.
        let boundary = "----klankbord-story-boundary";
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        self.bytes(&format!("multipart/form-data; boundary={boundary}"), body)
    }

    /// The same with a body of any type.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media_type)
    }

    /// The request as it goes over a line that stays open (HTTP/1.1).
    pub fn wire(&self, host: &str) -> Vec<u8> {
        let length = ("Content-Length".to_owned(), self.body.len().to_string());
        let measured = (!self.body.is_empty() || self.method != "GET").then_some(&length);
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path);
        for (name, value) in self.headers.iter().chain(measured) {
            head = head + name + ": " + value + "\r\n";
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5.2), with line breaks as browsers send them.
fn encode(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => encoded.extend(["%".to_owned(), format!("{byte:02X}")]),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded_as_browsers_do() {
        let request = Request::post("/survey").form(&[("P.PED1a", "a b"), ("tekst", "é&=\n~")]);
        assert_eq!(
            String::from_utf8(request.body).unwrap(),
            "P.PED1a=a+b&tekst=%C3%A9%26%3D%0D%0A%7E"
        );
        assert_eq!(
            request.headers,
            [(
                "Content-Type".into(),
                "application/x-www-form-urlencoded".into()
            )]
        );
    }

    #[test]
    fn on_the_line_the_length_is_told_where_there_can_be_a_body() {
        let text = |request: &Request| String::from_utf8(request.wire("a:1")).unwrap();
        assert_eq!(
            text(&Request::get("/x")),
            "GET /x HTTP/1.1\r\nHost: a:1\r\n\r\n"
        );
        let posted = Request::post("/x").bytes("text/plain", "é");
        let wanted = "POST /x HTTP/1.1\r\nHost: a:1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\né";
        assert_eq!(text(&posted), wanted);
    }

    #[test]
    fn a_header_is_sent_once() {
        let request = Request::get("/")
            .header("accept", "a")
            .header("Accept", "b");
        assert_eq!(request.headers, [("Accept".to_owned(), "b".to_owned())]);
    }
}
