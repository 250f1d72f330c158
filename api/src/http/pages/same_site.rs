//! Whether a form was posted from a page of this server.

use actix_web::HttpRequest;
use actix_web::http::header;

/// Whether a browser says that a request comes from a page of this server, or says nothing at all.
///
/// Browsers that send neither `Sec-Fetch-Site` nor `Origin` are held back by the session cookie, which is
/// `SameSite=Lax` and so does not come with a form that another site posts.
pub(super) fn is_same_site(request: &HttpRequest, base_url: &str) -> bool {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(header::ORIGIN.as_str()) else {
        return true;
    };
    let host = header(header::HOST.as_str()).unwrap_or_default();
    origin.eq_ignore_ascii_case(base_url.trim_end_matches('/'))
        || origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        let base = "https://klankbord.example";
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://klankbord.example"),
                ],
                false,
            ),
            (&[("origin", "https://klankbord.example")], true),
            (
                &[
                    ("origin", "http://10.0.0.5:8080"),
                    ("host", "10.0.0.5:8080"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "https://klankbord.example.evil"),
                    ("host", "klankbord.example"),
                ],
                false,
            ),
            (&[("origin", "null"), ("host", "klankbord.example")], false),
        ];
        for (headers, expected) in cases {
            let request = headers.iter().fold(TestRequest::post(), |request, header| {
                request.insert_header(*header)
            });
            assert_eq!(
                is_same_site(&request.to_http_request(), base),
                *expected,
                "{headers:?}"
            );
        }
    }
}
