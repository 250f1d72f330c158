//! The first start: a server that nobody has set up yet.

use klankbord_tests::cli::Cli;
use klankbord_tests::{
    Anonymous, Caller, Form, OfficerSession, Press, Server, Stage, Visitor, stories,
};

const PASSWORD: &str = "correct horse battery staple";

stories! {
    fn a_link_that_works_once_sets_a_server_up(stage: &Stage) {
        let link = stage.server().printed_link("/setup");
        let mut browser = stage.visitor();
        // Opening it, as often as you like and as a mail scanner does, changes nothing.
        for _ in 0..3 {
            browser.open(&link).expect_status(200);
        }
        stage.anonymous().get("/").expect_status(303);
        assert_eq!(tenants(stage), Vec::<String>::new());
        let form = filled(&browser, PASSWORD, PASSWORD);
        let other = browser.clone();
        let page = browser.send(&form, Press::Enter);
        page.expect_status(200);
        assert!(!page.path().starts_with("/setup"), "{}", page.text());
        assert_eq!(tenants(stage), ["stichting-een-samen"]);
        let session = OfficerSession::of(browser.clone());
        let top = session.get("/api/v1/organisations").expect_status(200).json();
        assert_eq!((&top["data"][0]["name"], &top["data"][0]["level"]), (&"Stichting Één & Samen".into(), &"community".into()));
        assert_eq!(session.get("/api/v1/questionnaires").json()["data"][0]["id"], "school-self-review");
        stage.officer("ada@school.example", PASSWORD);

        // The second time it says so, kindly, to whoever opens it and to whoever had it open.
        let used = browser.open(&link);
        used.expect_status(404);
        assert!(used.text().split_whitespace().count() > 10, "{}", used.text());
        assert!(used.forms().iter().all(|form| form.action != "/setup"), "nothing to fill in");
        let mut other = other;
        let late = other.send(&filled(&other, PASSWORD, PASSWORD), Press::Enter);
        late.expect_status(404);
        assert_eq!(tenants(stage).len(), 1);
        stage.server().stop();
        stage.server().start_again();
        assert!(!stage.server().transcript().contains("/setup"), "{}", stage.server().transcript());
    }

    fn what_is_wrong_is_told_and_what_was_typed_stays(stage: &Stage) {
        let link = stage.server().printed_link("/setup");
        let mut browser = stage.visitor();
        for (password, again, words) in [
            ("short", "short", "at least 12"),
            (PASSWORD, "something else entirely", "differ"),
            ("ada@school.example", "ada@school.example", "is the e-mail address"),
        ] {
            browser.open(&link);
            let form = filled(&browser, password, again);
            let page = browser.send(&form, Press::Enter);
            page.expect_status(422);
            let told = page.texts("[role=alert] li").join("\n");
            assert!(told.contains(words), "{words} is missing in {told:?}");
            let kept = page.form("/setup");
            assert_eq!(kept.values("email"), ["ada@school.example"]);
            assert_eq!(kept.values("password"), [""], "a password is not sent back");
        }
        assert_eq!(tenants(stage), Vec::<String>::new());
        // The link still works.
        browser.open(&link);
        let form = filled(&browser, PASSWORD, PASSWORD);
        browser.send(&form, Press::Enter).expect_status(200);
        assert_eq!(tenants(stage).len(), 1);
    }

    fn a_guessed_link_and_a_foreign_page_set_nothing_up(stage: &Stage) {
        let link = stage.server().printed_link("/setup");
        let anyone = stage.anonymous();
        for path in ["/setup", "/setup?token=", "/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            anyone.visit(path).expect_status(404);
        }
        let token = link.split_once("token=").expect("a token").1;
        let fields = [
            ("token", token), ("organisation", "O"), ("level", "school"), ("email", "eve@evil.example"),
            ("password", PASSWORD), ("password-again", PASSWORD),
        ];
        let request = || klankbord_tests::Request::post("/setup").form(&fields);
        let foreign = anyone.send(request().header("Origin", "https://evil.example").header("Sec-Fetch-Site", "cross-site"));
        foreign.expect_status(403);
        assert_eq!(tenants(stage), Vec::<String>::new());
    }

    fn of_two_people_with_the_same_link_only_one_gets_in(stage: &Stage) {
        let link = stage.server().printed_link("/setup");
        let token = link.split_once("token=").expect("a token").1.to_owned();
        let base = stage.base_url().to_owned();
        let people: Vec<_> = ["ada", "bea", "cas", "dan"]
            .into_iter()
            .map(|name| {
                let (anyone, token, base) = (stage.anonymous(), token.clone(), base.clone());
                std::thread::spawn(move || {
                    let email = format!("{name}@school.example");
                    let fields = [
                        ("token", token.as_str()), ("organisation", name), ("level", "school"), ("email", &email),
                        ("password", PASSWORD), ("password-again", PASSWORD),
                    ];
                    anyone.send(klankbord_tests::Request::post("/setup").form(&fields).header("Origin", &base)).status()
                })
            })
            .collect();
        let mut statuses: Vec<u16> = people.into_iter().map(|person| person.join().expect("an answer")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404, 404, 404]);
        assert_eq!(tenants(stage).len(), 1);
    }

    fn a_new_start_gives_a_new_link_and_the_old_one_ends(stage: &Stage) {
        let first = stage.server().printed_link("/setup");
        stage.server().stop();
        stage.server().start_again();
        let second = stage.server().printed_link("/setup");
        assert_ne!(first, second);
        stage.anonymous().visit(&first).expect_status(404);
        stage.anonymous().visit(&second).expect_status(200);
    }
}

/// Without any configuration the server makes `./data` for itself alone and says where it is.
#[test]
fn a_server_starts_with_no_configuration_at_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(Cli::new(folder.path(), &[]));
    let link = server.printed_link("/setup");
    assert!(link.starts_with(server.base_url()), "{link}");
    Anonymous::at(server.base_url())
        .visit(&link)
        .expect_status(200);
    for (path, mode) in [
        ("data/keys", 0o700),
        ("data/roster.sqlite", 0o600),
        ("data/ballots.sqlite", 0o600),
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let found = std::fs::metadata(folder.path().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(
            found.permissions().mode() & 0o777 & !mode,
            0,
            "others can read {path}"
        );
    }
}

/// The form of the page that is open, filled in.
#[track_caller]
fn filled(browser: &Visitor, password: &str, again: &str) -> Form {
    let mut form = browser.page().form("/setup");
    form.fill("organisation", "Stichting Één & Samen")
        .fill("email", "ada@school.example")
        .fill("password", password)
        .fill("password-again", again);
    form.choose("level", "community");
    form
}

fn tenants(stage: &Stage) -> Vec<String> {
    let listed = stage
        .cli()
        .run(&["tenant", "list", "--json"])
        .expect_success()
        .json();
    let listed = listed.as_array().expect("a list");
    listed
        .iter()
        .map(|one| one["code"].as_str().expect("a code").to_owned())
        .collect()
}
