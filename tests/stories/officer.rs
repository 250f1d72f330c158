//! The pages of quality officers: who gets in, what they see and what they cannot reach.

mod results;

use klankbord_tests::{Caller, Community, Press, Request, Stage, Visitor, stories};

const EMAIL: &str = "officer@de-linde.example";

/// A school with an account that may read it; gives the password.
fn school(stage: &Stage) -> (Community<'_>, String) {
    let community = Community::found(stage);
    community.school("de-linde");
    let password = community.account(EMAIL, "de-linde", "officer");
    (community, password)
}

/// Fills in the sign-in page that is open.
fn sign_in(visitor: &mut Visitor, email: &str, password: &str) {
    let mut form = visitor.page().form("/sign-in");
    form.fill_kind("email", email)
        .fill_kind("password", password);
    visitor.send(&form, Press::Enter);
}

stories! {
    fn a_wrong_password_is_told_without_telling_which_accounts_exist(stage: &Stage) {
        let (_, password) = school(stage);
        let mut words = Vec::new();
        for (email, tried) in [(EMAIL, "correct horse battery"), ("nobody@de-linde.example", password.as_str()), (EMAIL, "")] {
            let mut visitor = stage.visitor();
            visitor.open("/sign-in");
            sign_in(&mut visitor, email, tried);
            let page = visitor.page();
            page.expect_status(422).expect_text("do not belong together");
            assert_eq!(page.form("/sign-in").values("email"), [email], "the address is typed twice");
            assert_eq!(page.form("/sign-in").values("password"), [""], "a page shows the password");
            assert!(visitor.cookie_names().is_empty());
            words.push(page.text());
        }
        assert!(words.iter().all(|said| *said == words[0]), "{words:?}");
    }

    fn signing_in_leads_to_where_one_wanted_to_go(stage: &Stage) {
        let (community, password) = school(stage);
        community.enrol("de-linde", "parent", 3);
        community.round("autumn", "de-linde", &["parent"]);
        let mut visitor = stage.visitor();
        let wanted = "/organisations/de-linde?round=autumn";
        assert!(visitor.open(wanted).path().starts_with("/sign-in"));
        // The address is taken in any case of letters, as people type it.
        sign_in(&mut visitor, "Officer@De-Linde.example", &password);
        assert_eq!(visitor.page().path(), wanted);
        visitor.page().expect_status(200).expect_text("School de-linde").expect_text("The answers are still sealed");

        // Signed in already, the sign-in page leads on.
        assert_eq!(visitor.open("/sign-in").path(), "/");
        // Nobody is sent away from here.
        let mut other = stage.visitor();
        other.open("/sign-in?next=https://evil.example/");
        sign_in(&mut other, EMAIL, &password);
        assert_eq!(other.page().path(), "/");
    }

    fn the_session_lies_in_one_cookie_that_scripts_cannot_read(stage: &Stage) {
        let (_, password) = school(stage);
        let mut officer = stage.officer(EMAIL, &password);
        let lines = officer.browser().cookie_lines();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        for rule in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(line.contains(rule), "{rule} is not in {line}");
        }
        // Behind TLS the cookie never travels without it, and belongs to this host alone.
        let secure = Stage::on(stage.backend()).env("KLANKBORD_SERVER_BASE_URL", "https://survey.example").start();
        let password = school(&secure).1;
        let fields = [("email", EMAIL), ("password", password.as_str()), ("next", "")];
        let reply = secure.anonymous().post_form("/sign-in", &fields);
        reply.expect_status(303);
        let line = reply.header("Set-Cookie").expect("a session");
        assert!(line.starts_with("__Host-") && line.contains("Secure"), "{line}");
    }

    fn signing_out_ends_the_session_for_whoever_has_its_cookie(stage: &Stage) {
        let (_, password) = school(stage);
        let mut officer = stage.officer(EMAIL, &password);
        let copy = officer.clone();
        copy.get("/api/v1/organisations").expect_status(200);
        let form = officer.page().form("/sign-out");
        let page = officer.browser().send(&form, Press::Enter);
        page.expect_text("You have signed out.");
        assert!(officer.open("/").path().starts_with("/sign-in"));
        copy.get("/api/v1/organisations").expect_problem(401, "unauthenticated");
        copy.get("/").expect_status(303);
    }

    fn a_form_of_another_site_does_nothing(stage: &Stage) {
        let (_, password) = school(stage);
        let officer = stage.officer(EMAIL, &password);
        let origin = stage.base_url().to_owned();
        let foreign: [&[(&str, &str)]; 4] = [
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
            &[("Sec-Fetch-Site", "same-site"), ("Origin", &origin)],
            &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
            &[("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
        ];
        for headers in foreign {
            for path in ["/sign-out", "/sign-in"] {
                let fields = [("email", EMAIL), ("password", password.as_str())];
                let mut request = officer.sign(Request::post(path).form(&fields));
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                let reply = stage.anonymous().send(request);
                reply.expect_status(403);
                assert_eq!(reply.header("Set-Cookie"), None, "{path} {headers:?}");
            }
        }
        // A browser that tells nothing but its origin is believed in that.
        let request = Request::post("/sign-in").form(&[("email", EMAIL), ("password", password.as_str())]);
        stage.anonymous().send(request.header("Origin", "https://evil.example")).expect_status(403);
        officer.get("/api/v1/organisations").expect_status(200);
    }

    fn a_session_reads_through_the_api_and_changes_nothing(stage: &Stage) {
        let (community, _) = school(stage);
        let admin = community.officer("admin@rivierenland.example", Community::CODE, "admin");
        admin.get("/api/v1/organisations/de-linde").expect_status(200);
        let school = serde_json::json!({"code": "new", "name": "New", "level": "school", "parent": Community::CODE});
        admin.post_json("/api/v1/organisations", &school).expect_problem(403, "forbidden");
        community.program().get("/api/v1/organisations/new").expect_problem(404, "not_found");
    }

    fn another_school_does_not_exist_for_an_officer(stage: &Stage) {
        let (community, password) = school(stage);
        community.school("de-eik");
        community.enrol("de-eik", "parent", 6);
        community.round("autumn", "de-eik", &["parent"]);
        for link in community.invite_by_app("autumn") {
            community.submit(&link.token, &community.agree("autumn", "parent", 4), 201);
        }
        community.close("autumn");
        let mut officer = stage.officer(EMAIL, &password);
        assert!(!officer.open("/").text().contains("de-eik"), "{}", officer.page().text());
        for path in ["/organisations/de-eik", "/organisations/rivierenland", "/organisations/nowhere"] {
            for rest in ["?round=autumn", "/indicators/PED.1?round=autumn"] {
                let page = officer.open(&format!("{path}{rest}"));
                page.expect_status(404).expect_text("We cannot find this page");
                assert!(!page.text().contains("de-eik"));
            }
        }
        // An own school with a round in which it takes no part is no way in either.
        officer.open("/organisations/de-linde?round=autumn").expect_status(404);
        officer.get("/api/v1/organisations/de-eik/indicators?round=autumn").expect_problem(404, "not_found");
        officer.open("/organisations/de-linde").expect_status(200);
        assert_eq!(officer.page().path(), "/", "without a round the overview helps to choose");
    }

    fn pages_of_officers_are_kept_by_nobody_and_framed_by_nobody(stage: &Stage) {
        let (_, password) = school(stage);
        let mut officer = stage.officer(EMAIL, &password);
        for path in ["/", "/organisations", "/organisations/nowhere?round=x"] {
            let reply = officer.open(path).reply().clone();
            assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{path}");
            let policy = reply.header("Content-Security-Policy").unwrap_or_default();
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        }
        stage.anonymous().get("/organisations").expect_status(303);
    }
}
