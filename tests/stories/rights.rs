//! Who may do what: asked of every operation of the API document, so that a new one cannot be forgotten.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use klankbord_tests::structure::house;
use klankbord_tests::{ApiClient, Caller, Community, Reply, Request, Stage, stories};
use serde_json::{Value, json};

/// What anybody may ask without an access token, and how an example of it is answered. This list may only shrink: what it holds
/// either tells nothing about anybody, or has a login of its own.
const PUBLIC: [(&str, u16); 12] = [
    ("GET /.well-known/jwks.json", 200),
    ("GET /.well-known/oauth-authorization-server", 200),
    // Whoever holds a credential.
    ("POST /api/v1/ballots", 403),
    // Whoever holds a link.
    ("POST /api/v1/claims", 404),
    ("POST /api/v1/claims/done", 404),
    ("POST /api/v1/claims/key", 404),
    ("PUT /api/v1/drafts", 403),
    ("POST /api/v1/drafts/read", 403),
    // What is the same for everybody.
    ("GET /api/v1/schemas/{document}", 200),
    ("GET /health/live", 200),
    ("GET /health/ready", 200),
    // Whoever holds a client's secret.
    ("POST /oauth/token", 401),
];

const SCHOOL: &str = "school-de-linde";
const ROUND: &str = "autumn-2026";

stories! {
    fn nothing_else_is_public(stage: &Stage) {
        let all = operations();
        let public = all.iter().filter(|one| one.scope.is_none());
        assert_eq!(public.map(|one| one.name.as_str()).collect::<Vec<_>>(), PUBLIC.map(|(name, _)| name));
        assert!(all.len() > 25, "only {} operations were found", all.len());
        let _community = played(stage);
        for (operation, (_, status)) in all.iter().filter(|one| one.scope.is_none()).zip(PUBLIC).filter(|(one, _)| one.path != "/oauth/token") {
            let reply = stage.anonymous().send(operation.request());
            assert_eq!(reply.status(), status, "{}: {}", operation.name, reply.text());
        }
    }

    fn without_a_valid_token_nobody_gets_in(stage: &Stage) {
        let community = played(stage);
        let token = community.program().token().to_owned();
        let (head, rest) = token.split_once('.').expect("three parts");
        let (claims, signature) = rest.split_once('.').expect("three parts");
        let expired = forged(stage, &token, |claims| {
            for name in ["iat", "exp"] {
                claims[name] = json!(claims[name].as_i64().expect("a moment") - 4000);
            }
        });
        let elsewhere = forged(stage, &token, |claims| claims["aud"] = json!("https://other.example/api/v1"));
        // The forge itself is sound: what it signs unchanged is let in.
        let honest = forged(stage, &token, |_| ());
        ApiClient::with_token(stage.base_url(), &honest).get("/api/v1/organisations").expect_status(200);
        let shown = [
            None,
            Some(format!("Bearer {expired}")),
            Some(format!("Bearer {elsewhere}")),
            Some(format!("Bearer {head}.{claims}.{}", signature.chars().rev().collect::<String>())),
            // {"alg":"none","typ":"at+jwt"}
            Some(format!("Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}.")),
            Some("Bearer garbage".to_owned()),
            Some("Bearer ".to_owned()),
            Some(format!("Basic {token}")),
            Some(token.clone()),
        ];
        for operation in operations().iter().filter(|one| one.scope.is_some()) {
            for credentials in &shown {
                let request = operation.request();
                let request = match credentials {
                    Some(credentials) => request.header("Authorization", credentials),
                    None => request,
                };
                let reply = stage.anonymous().send(request);
                operation.refused(&reply, 401, "unauthenticated");
                assert!(reply.header("WWW-Authenticate").is_some_and(|header| header.starts_with("Bearer")), "{}", operation.name);
            }
        }
    }

    fn a_token_without_the_scope_is_told_which_is_missing(stage: &Stage) {
        let community = played(stage);
        let other = |scope: &str| ALL_SCOPES.split(' ').filter(|one| *one != scope).collect::<Vec<_>>().join(" ");
        for (index, scope) in ALL_SCOPES.split(' ').enumerate() {
            let program = community.another_program(&format!("all-but-{index}"), Community::CODE, &other(scope));
            for operation in operations().iter().filter(|one| one.scope.as_deref() == Some(scope)) {
                let reply = program.send(operation.request());
                let problem = operation.refused(&reply, 403, "forbidden");
                assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(scope)), "{}: {problem}", operation.name);
            }
        }
    }

    fn what_belongs_to_others_is_not_there(stage: &Stage) {
        let community = played(stage);
        community.school("school-b");
        let sibling = community.another_program("b-app", "school-b", ALL_SCOPES);
        let stranger = strangers_program(stage);
        let mut asked = 0;
        for operation in operations().iter().filter(|one| one.scope.is_some() && one.names_a_thing()) {
            for program in [&sibling, &stranger] {
                let reply = program.send(operation.request());
                let mine = operation.refused(&reply, 404, "not_found");
                // Nothing tells it from what does not exist at all.
                let nothing = program.send(operation.request_for("no-such-thing", "no-such-thing"));
                let nothing = operation.refused(&nothing, 404, "not_found").to_string();
                let same = mine.to_string().replace(SCHOOL, "no-such-thing").replace(ROUND, "no-such-thing");
                assert_eq!(same, nothing, "{}", operation.name);
                asked += 1;
            }
        }
        assert!(asked >= 20, "only {asked} questions were asked");
        for program in [&sibling, &stranger] {
            let text = program.get("/api/v1/organisations").expect_status(200).text()
                + &program.get("/api/v1/rounds").expect_status(200).text();
            assert!(!text.contains(SCHOOL) && !text.contains(ROUND), "{text}");
        }
    }

    fn a_stranger_cannot_build_on_what_belongs_to_others(stage: &Stage) {
        let community = played(stage);
        let stranger = strangers_program(stage);
        let unit = json!({"code": "u", "name": "U", "level": "unit", "parent": SCHOOL});
        stranger.post_json("/api/v1/organisations", &unit).expect_error_at(422, "invalid", "/parent", "unknown_organisation");
        let round = |organisation: &str, baseline: Value| json!({
            "code": "r", "organisation": organisation, "mode": "anonymous", "title": {"en": "R"}, "baseline": baseline,
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
        });
        let reply = stranger.post_json("/api/v1/rounds", &round(SCHOOL, Value::Null));
        assert!(matches!(reply.status(), 404 | 422), "{}", reply.text());
        let reply = stranger.post_json("/api/v1/rounds", &round("elders", json!(ROUND)));
        assert!(matches!(reply.status(), 404 | 422), "{}", reply.text());
        // The same codes are free to the stranger, whose things are their own.
        let school = json!({"code": SCHOOL, "name": "Another", "level": "school", "parent": "elders"});
        stranger.post_json("/api/v1/organisations", &school).expect_status(201);
        let own = community.program().get(&format!("/api/v1/organisations/{SCHOOL}")).expect_status(200).json();
        assert_eq!(own["parent"], Community::CODE);
    }

    fn a_session_reads_through_the_api_and_changes_nothing(stage: &Stage) {
        let community = played(stage);
        for (email, role) in [("officer@school.example", "officer"), ("admin@school.example", "admin")] {
            let session = community.officer(email, Community::CODE, role);
            let (mut read, mut refused) = (0, 0);
            for operation in operations().iter().filter(|one| one.scope.is_some()) {
                let reply = session.send(operation.request());
                if operation.method == "GET" {
                    assert!(!matches!(reply.status(), 401 | 403), "{role} {}: {}", operation.name, reply.text());
                    read += usize::from(reply.status() == 200);
                } else {
                    operation.refused(&reply, 403, "forbidden");
                    refused += 1;
                }
            }
            assert!(read >= 10 && refused >= 10, "{role} read {read} and was refused {refused}");
        }
    }

    fn the_token_endpoint_says_no_as_oauth_prescribes(stage: &Stage) {
        let community = played(stage);
        let fields = |id: &str, secret: &str, grant: &str, scope: &str| {
            let all = [("client_id", id), ("client_secret", secret), ("grant_type", grant), ("scope", scope)];
            let given: Vec<(&str, &str)> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            stage.anonymous().post_form("/oauth/token", &given)
        };
        let made = ["client", "add", "reader", "--organisation", SCHOOL, "--scopes", "rounds:read,indicators:read", "--json"];
        let made = stage.cli().run(&made).expect_success().json();
        let secret = made["clientSecret"].as_str().expect("a secret");
        let grant = "client_credentials";
        for (reply, status, error) in [
            (fields("reader", "wrong", grant, ""), 401, "invalid_client"),
            (fields("nobody", secret, grant, ""), 401, "invalid_client"),
            (fields("reader", secret, "password", ""), 400, "unsupported_grant_type"),
            (fields("reader", secret, grant, "people:write"), 400, "invalid_scope"),
            (fields("reader", secret, grant, "everything"), 400, "invalid_scope"),
            (fields("reader", secret, "", ""), 400, "invalid_request"),
        ] {
            let told = reply.expect_status(status).json();
            assert_eq!(told["error"], error, "{told}");
            assert!(told["error_description"].as_str().is_some_and(|words| words.len() > 10), "{told}");
            assert_eq!(reply.header("Cache-Control"), Some("no-store"));
        }
        let granted = fields("reader", secret, grant, "").expect_status(200).json();
        assert_eq!((&granted["scope"], &granted["expires_in"]), (&json!("rounds:read indicators:read"), &json!(600)));
        let narrow = fields("reader", secret, grant, "rounds:read").expect_status(200).json();
        let narrow = ApiClient::with_token(stage.base_url(), narrow["access_token"].as_str().expect("a token"));
        narrow.get("/api/v1/rounds").expect_status(200);
        narrow.get(&format!("/api/v1/organisations/{SCHOOL}/indicators?round={ROUND}")).expect_problem(403, "forbidden");
        drop(community);
    }
}

const ALL_SCOPES: &str = "organisations:read organisations:write questionnaires:read questionnaires:write \
    rounds:read rounds:write people:write invitations:write responses:submit indicators:read";

/// A community in which everything that the examples of the document name exists.
fn played(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school(SCHOOL);
    community.enrol(SCHOOL, "parent", 6);
    community.round(ROUND, SCHOOL, &["parent"]);
    community
}

/// A program that may do everything in another tenant.
fn strangers_program(stage: &Stage) -> ApiClient {
    let cli = stage.cli();
    cli.run(&["tenant", "add", "elders", "--name", "Elders"])
        .expect_success();
    let add = [
        "client",
        "add",
        "stranger",
        "--tenant",
        "elders",
        "--organisation",
        "elders",
        "--scopes",
        ALL_SCOPES,
        "--json",
    ];
    let made = cli.run(&add).expect_success().json();
    stage.api_client(
        "stranger",
        made["clientSecret"].as_str().expect("a secret"),
        ALL_SCOPES,
    )
}

/// The token with other claims, signed with the server's own key.
fn forged(stage: &Stage, token: &str, change: impl FnOnce(&mut Value)) -> String {
    let header: Header = jsonwebtoken::decode_header(token).expect("a token has a header");
    assert_eq!(header.alg, Algorithm::EdDSA);
    let mut claims: Value = jsonwebtoken::dangerous::insecure_decode(token)
        .expect("a token has claims")
        .claims;
    let issued = Duration::from_secs(claims["iat"].as_u64().expect("a moment"));
    assert!(
        UNIX_EPOCH + issued <= SystemTime::now() + Duration::from_secs(1),
        "issued later than now"
    );
    change(&mut claims);
    let keys = std::fs::read_dir(stage.data_folder().join("keys/signing")).expect("signing keys");
    let pem = keys
        .map(|key| std::fs::read(key.expect("a file").path()).expect("a key"))
        .next()
        .expect("one key");
    let key = EncodingKey::from_ed_pem(&pem).expect("an Ed25519 key");
    jsonwebtoken::encode(&header, &claims, &key).expect("signed")
}

/// One operation of the API document.
struct Operation {
    name: String,
    method: String,
    path: String,
    /// What it needs; `None` where it needs nothing.
    scope: Option<String>,
    parameters: Vec<Value>,
    body: Option<(String, Value)>,
    statuses: BTreeSet<String>,
}

impl Operation {
    /// A request that could succeed.
    fn request(&self) -> Request {
        self.request_for(SCHOOL, ROUND)
    }

    fn request_for(&self, organisation: &str, round: &str) -> Request {
        let person = format!("parent1@{organisation}.example");
        let (mut path, mut query) = (self.path.clone(), Vec::new());
        for parameter in &self.parameters {
            let name = parameter["name"].as_str().expect("a name");
            let value = match name {
                "organisation" => organisation,
                "round" => round,
                "person" => &person,
                "document" => "framework",
                "id" if self.path.contains("frameworks") => "inclusive-quality",
                "id" => "school-self-review",
                "version" => "1.0.0",
                "form" => "parent",
                "indicator" => "PED.1",
                "group" => "alumni",
                _ if parameter["required"] == true => panic!("{}: what is {name}?", self.name),
                _ => continue,
            };
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), value),
                _ if parameter["required"] == true => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let request = Request::new(&self.method, &path);
        match &self.body {
            Some((media, Value::String(text))) => request.bytes(media, text.clone()),
            Some((media, body)) => request.bytes(media, body.to_string()),
            None => request,
        }
    }

    /// Whether an organisation, a round or a person stands in its path.
    fn names_a_thing(&self) -> bool {
        ["{organisation}", "{round}", "{person}"]
            .iter()
            .any(|part| self.path.contains(part))
    }

    /// The problem document, which the API document must have announced.
    #[track_caller]
    fn refused(&self, reply: &Reply, status: u16, code: &str) -> Value {
        assert_eq!(reply.status(), status, "{}: {}", self.name, reply.text());
        let problem = reply.expect_problem(status, code);
        assert!(
            self.statuses.contains(&status.to_string()),
            "{} does not say that it answers {status}",
            self.name
        );
        let members: Vec<&str> = problem
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            members,
            ["code", "detail", "errors", "status", "title", "type"],
            "{}",
            self.name
        );
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.ends_with('.')),
            "{problem}"
        );
        problem
    }
}

/// Every operation, by path.
fn operations() -> Vec<Operation> {
    let text = std::fs::read_to_string(house().join("openapi/openapi.json"))
        .expect("the document is there");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let method = method.to_uppercase();
            let schemes = operation["security"]
                .as_array()
                .expect("every operation says what it needs");
            assert_eq!(schemes.len(), 1, "{method} {path}");
            all.push(Operation {
                name: format!("{method} {path}"),
                path: path.clone(),
                scope: schemes[0]["clientCredentials"][0]
                    .as_str()
                    .map(str::to_owned),
                parameters: operation["parameters"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default(),
                body: example(&document, operation),
                statuses: operation["responses"]
                    .as_object()
                    .expect("responses")
                    .keys()
                    .cloned()
                    .collect(),
                method,
            });
        }
    }
    all
}

/// The media type and the example of a body.
fn example(document: &Value, operation: &Value) -> Option<(String, Value)> {
    let (media, content) = operation["requestBody"]["content"]
        .as_object()?
        .iter()
        .next()?;
    let schema = content["schema"]["$ref"]
        .as_str()
        .map_or(&content["schema"], |reference| {
            document
                .pointer(reference.trim_start_matches('#'))
                .expect("the reference leads somewhere")
        });
    let example = content
        .get("example")
        .or_else(|| schema.get("example"))
        .expect("every body has an example");
    Some((media.clone(), example.clone()))
}
