//! The browser and the callers, against a scripted server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;

/// Answers so many requests, each on a connection of its own, and gives back what was asked.
fn script(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let handle = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                let lower = line.to_lowercase();
                if let Some(value) = lower.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                head += &line;
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            asked.push(head + &String::from_utf8(body).unwrap());
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
        }
        asked
    });
    (base, handle)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

const SURVEY: &str = r#"<!doctype html><html lang="nl"><head><title>Vragen</title></head><body>
<h1>Over de <em>school</em></h1>
<form method="post" action="/survey"><input type="hidden" name="token" value="A-B">
<fieldset><legend>Mijn kind voelt zich   veilig</legend>
<label><input type="radio" name="P1" value="1"> Nee</label>
<label><input type="radio" name="P1" value="5" checked> Ja</label></fieldset>
<fieldset><legend>Wat past?</legend>
<input type="checkbox" id="m1" name="M" value="a"><label for="m1">Sport</label>
<input type="checkbox" id="m2" name="M" value="b"><label for="m2">Muziek</label></fieldset>
<label for="t">Toelichting</label><textarea id="t" name="T" maxlength="5">x</textarea>
<label>Jaar <select name="Y"><option value="">-</option><option>2025</option></select></label>
<fieldset disabled><input name="gone" value="1"></fieldset>
<button name="step" value="back">Terug</button><button name="step" value="next">Verder</button>
<button type="button">Help</button></form>
<table><caption>Uitkomst</caption><tr><th>n</th></tr><tr><td>12</td></tr></table></body></html>"#;

fn survey_page() -> Page {
    let reply = Reply {
        asked: "GET /s/A-B".into(),
        status: 200,
        headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())],
        body: SURVEY.into(),
    };
    Page::read("http://127.0.0.1:1/s/A-B?lang=nl", reply)
}

#[test]
fn a_page_is_read_as_a_person_reads_it() {
    let page = survey_page();
    assert_eq!(
        (page.path(), page.language()),
        ("/s/A-B?lang=nl", Some("nl"))
    );
    assert_eq!(
        (page.title().as_str(), page.heading().as_str()),
        ("Vragen", "Over de school")
    );
    assert_eq!(page.table("Uitkomst"), [["n"], ["12"]]);
    page.expect_text("Mijn kind voelt zich veilig");
}

#[test]
fn a_form_sends_what_a_browser_would() {
    let mut form = survey_page().form("/survey");
    assert_eq!(form.names(), ["P1", "M", "T", "Y"]);
    assert_eq!(
        form.questions(),
        [
            "Mijn kind voelt zich veilig",
            "Wat past?",
            "Toelichting",
            "Jaar - 2025"
        ]
    );
    assert_eq!(form.options("P1"), [("1", "Nee"), ("5", "Ja")]);
    assert_eq!(form.buttons(), ["Terug", "Verder"]);
    form.choose_label("veilig", "Nee")
        .tick("M", "b", true)
        .fill_labelled("Toelichting", "é&")
        .choose("Y", "2025");
    assert_eq!(
        (form.values("P1"), form.values("M")),
        (vec!["1"], vec!["b"])
    );
    let sent = form.submission(Press::Label("Verder"));
    let fields: Vec<(&str, &str)> = sent
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("token", "A-B"),
            ("P1", "1"),
            ("M", "b"),
            ("T", "é&"),
            ("Y", "2025"),
            ("step", "next")
        ]
    );
    form.clear("P1").clear("T");
    let fields = form.submission(Press::Enter).fields;
    assert!(
        !fields.iter().any(|(name, _)| name == "P1")
            && fields.contains(&("step".into(), "back".into()))
    );
}

#[test]
fn what_a_form_does_not_offer_cannot_be_sent() {
    type Act = fn(&mut Form);
    let acts: [Act; 7] = [
        |form| drop(form.choose("P1", "3").names()),
        |form| drop(form.choose("M", "a").names()),
        |form| drop(form.choose_label("veilig", "Misschien").names()),
        |form| drop(form.tick("M", "c", true).names()),
        |form| drop(form.fill("gone", "x").names()),
        |form| drop(form.fill("T", "longer").names()),
        |form| drop(form.submission(Press::Value("help"))),
    ];
    for act in acts {
        let mut form = survey_page().form("/survey");
        assert!(std::panic::catch_unwind(move || act(&mut form)).is_err());
    }
}

#[test]
fn a_visitor_follows_redirects_and_keeps_cookies_and_hides_the_origin_when_told() {
    let html = "Content-Type: text/html\r\n";
    let (base, server) = script(vec![
        answer(
            "303 See Other",
            "Location: /survey\r\nSet-Cookie: lang=nl; Path=/\r\n",
            "",
        ),
        answer(
            "200 OK",
            &format!("{html}Referrer-Policy: no-referrer\r\n"),
            SURVEY,
        ),
        answer("200 OK", html, SURVEY),
        answer("200 OK", html, "<!doctype html><p>Dank u</p>"),
    ]);
    let mut respondent = Respondent::open(&base, &format!("{base}/s/A-B"));
    assert_eq!(respondent.page().path(), "/survey");
    for _ in 0..2 {
        let form = respondent.form();
        respondent.go(&form, "next");
    }
    respondent.page().expect_text("Dank u");
    let asked: Vec<String> = server
        .join()
        .unwrap()
        .iter()
        .map(|text| text.to_lowercase())
        .collect();
    assert!(asked[0].starts_with("get /s/a-b ") && !asked[0].contains("cookie:"));
    assert!(asked[0].contains("sec-fetch-site: none") && asked[1].contains("cookie: lang=nl"));
    assert!(
        asked[2].contains("origin: null") && asked[2].ends_with("token=a-b&p1=5&t=x&y=&step=next")
    );
    assert!(
        asked[3].contains(&format!("origin: {base}"))
            && asked[3].contains("sec-fetch-site: same-origin")
    );
}

#[test]
fn an_officer_signs_in_through_the_page() {
    let page = r#"<!doctype html><form method="post" action="/sign-in"><input type="email" name="e">
        <input type="password" name="p"><button>Sign in</button></form>"#;
    let html = "Content-Type: text/html\r\n";
    let (base, server) = script(vec![
        answer("200 OK", html, page),
        answer(
            "303 See Other",
            "Location: /\r\nSet-Cookie: session=s1; HttpOnly\r\n",
            "",
        ),
        answer("200 OK", html, "<!doctype html><h1>Schools</h1>"),
        answer("200 OK", "Content-Type: application/json\r\n", "{}"),
    ]);
    let officer = OfficerSession::sign_in(&base, "o@example.org", "s p");
    officer
        .post_json("/api/v1/x", &serde_json::json!({}))
        .expect_status(200)
        .json();
    let asked: Vec<String> = server
        .join()
        .unwrap()
        .iter()
        .map(|text| text.to_lowercase())
        .collect();
    assert!(asked[1].ends_with("e=o%40example.org&p=s+p"));
    assert!(asked[2].contains("cookie: session=s1") && asked[3].contains("cookie: session=s1"));
    assert!(asked[3].contains(&format!("origin: {base}")));
}

#[test]
fn a_program_gets_a_token_and_shows_it() {
    let token = r#"{"access_token":"t.o.k","token_type":"Bearer","expires_in":600}"#;
    let json = "Content-Type: application/json\r\n";
    let (base, server) = script(vec![
        answer("200 OK", json, token),
        answer("200 OK", json, "[]"),
    ]);
    let client = ApiClient::with_secret(&base, "id", "secret", "rounds:read");
    client.get("/api/v1/rounds").expect_status(200);
    let asked = server.join().unwrap();
    assert!(asked[0].ends_with(
        "grant_type=client_credentials&client_id=id&client_secret=secret&scope=rounds%3Aread"
    ));
    assert!(
        asked[1]
            .to_lowercase()
            .contains("authorization: bearer t.o.k")
    );
}

#[test]
fn a_request_never_leaves_the_server() {
    let anonymous = Anonymous::at("http://127.0.0.1:1");
    for path in ["http://127.0.0.2:1/", "//example.org/", "relative"] {
        assert!(std::panic::catch_unwind(|| anonymous.get(path)).is_err());
    }
}
