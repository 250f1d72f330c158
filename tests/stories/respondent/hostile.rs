//! Input that no page of ours sends.

use klankbord_tests::{Caller, Community, Page, Reply, Request, Stage, stories};
use serde_json::json;

use super::{expect_modest, visit};
use crate::behind;

const MARKUP: &str =
    "</textarea><script>alert(1)</script>\"'><img src=//evil.example/x onerror=alert(2)>&lt;";

/// Posts these fields as the page of a respondent would.
#[track_caller]
fn post(stage: &Stage, fields: &[(&str, &str)]) -> Reply {
    stage
        .anonymous()
        .send(Request::post("/survey").form(fields))
}

fn token(link: &str) -> String {
    link.rsplit('/').next().unwrap_or_default().to_owned()
}

fn ballots(stage: &Stage) -> usize {
    behind::query(stage, "ballots", "SELECT 1 FROM mailbox").len()
}

stories! {
    fn markup_in_an_answer_is_shown_as_it_was_typed(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        person.start();
        let mut form = person.form();
        form.choose("a.A1", "1").choose("a.S1", "no");
        person.go(&form, "next");
        let mut form = person.form();
        form.fill("a.T1", "\"><script>x");
        person.go(&form, "next").expect_text("one more question");
        let mut form = person.form();
        assert_eq!(form.values("a.T1"), ["\"><script>x"]);
        form.fill("a.T2", MARKUP);
        // On the page that comes back, carried through another page, and on the review.
        form.fill("a.N1", "wrong");
        expect_modest(person.go(&form, "next").expect_status(422));
        let mut form = person.form();
        assert_eq!(form.values("a.T2"), [MARKUP]);
        form.clear("a.N1");
        expect_modest(person.go(&form, "back"));
        let form = person.form();
        person.go(&form, "next");
        let form = person.form();
        expect_modest(person.go(&form, "next"));
        let said = person.page().texts(".review dd");
        assert_eq!(said.last().map(String::as_str), Some(MARKUP));
    }

    fn markup_in_names_and_titles_is_shown_as_it_was_typed(stage: &Stage) {
        let community = Community::found(stage);
        let name = "<b>De Linde</b> & <script>co</script>";
        let school = json!({"code": "de-linde", "name": name, "level": "school", "parent": Community::CODE});
        community.program().post_json("/api/v1/organisations", &school).expect_status(201);
        community.enrol("de-linde", "parent", 1);
        let round = json!({
            "code": "autumn", "organisation": "de-linde", "mode": "anonymous", "groups": [{"group": "parent"}],
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "<i>Autumn</i>"},
        });
        community.program().post_json("/api/v1/rounds", &round).expect_status(201);
        community.program().post_json("/api/v1/rounds/autumn/open", &json!({})).expect_status(200);
        community.invite_by_mail("autumn");
        let mail = stage.smtp().next("parent1@de-linde.example");
        assert!(mail.subject().contains(name), "{}", mail.subject());
        assert!(!mail.html().contains("<b>De") && !mail.html().contains("<script"), "{}", mail.html());
        let page = stage.respondent(&mail.link("/s/")).page().clone();
        expect_modest(&page);
        page.expect_text(name).expect_text("<i>Autumn</i>");
    }

    fn too_much_at_once_is_refused_with_a_page(stage: &Stage) {
        let (_, link) = visit(stage);
        let token = token(&link);
        let long = "a".repeat(300 << 10);
        let reply = post(stage, &[("token", &token), ("go", "next"), ("a.T2", &long)]);
        reply.expect_status(413);
        assert_eq!(reply.media_type(), "text/html");
        assert!(reply.text().contains("larger than we can receive"), "{}", reply.text());
        // Below the limit of the body the limit of the question holds, and what was typed is still there.
        let long = "a".repeat(3000);
        let fields = [("token", token.as_str()), ("go", "send"), ("a.S1", "no"), ("a.T1", "x"), ("a.T2", &long)];
        let reply = post(stage, &fields);
        reply.expect_status(422);
        assert!(reply.text().contains("Please use at most 2000 characters"), "{}", reply.text());
        assert!(reply.text().contains(&long), "the text is lost");
        stage.respondent(&link).page().expect_status(200);
        assert_eq!(ballots(stage), 0);
    }

    fn broken_forms_are_answered_with_a_page(stage: &Stage) {
        let (_, link) = visit(stage);
        let token = token(&link);
        let form = "application/x-www-form-urlencoded";
        let bodies: Vec<(&str, Vec<u8>)> = vec![
            (form, b"".to_vec()),
            (form, b"&&&===&&".to_vec()),
            (form, format!("token={token}&go=%ZZ%").into_bytes()),
            (form, [format!("token={token}&a.T1=").as_bytes(), &[0xff, 0xfe, 0x00]].concat()),
            (form, format!("token={token}&a.T1=%FF%00%C3%28").into_bytes()),
            (form, format!("token={token}&section=-1&go=section-99999999999999999999").into_bytes()),
            (form, format!("token={token}&section=18446744073709551615&go=back").into_bytes()),
            (form, format!("token={token}&language=%3Cscript%3E&go=start").into_bytes()),
            (form, format!("token={token}&go=language-..%2F..%2Fx").into_bytes()),
            (form, format!("token={token}&{}", "a.X=1&".repeat(20_000)).into_bytes()),
            (form, format!("token={token}&assignment=:::&go=start").into_bytes()),
            ("text/plain", format!("token={token}").into_bytes()),
            ("application/json", b"{\"token\": 1}".to_vec()),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--".to_vec()),
            ("nonsense", b"x".to_vec()),
        ];
        for (kind, body) in bodies {
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            let reply = stage.anonymous().send(Request::post("/survey").bytes(kind, body));
            assert!(reply.status() < 500, "{kind} {shown}: {}", reply.status());
            assert_eq!(reply.media_type(), "text/html", "{kind} {shown}: {}", reply.text());
            let foreign = reply.text().replace("<script src=\"/assets/", "");
            assert!(!foreign.contains("<script"), "{kind} {shown}");
        }
        for method in ["PUT", "DELETE", "PATCH"] {
            let reply = stage.anonymous().send(Request::new(method, "/survey"));
            assert!((400..500).contains(&reply.status()), "{method}: {}", reply.status());
        }
        assert_eq!(ballots(stage), 0);
        stage.respondent(&link).page().expect_status(200);
    }

    fn forged_answers_are_held_against_the_form(stage: &Stage) {
        let (community, link) = visit(stage);
        let token = token(&link);
        let forged: [&[(&str, &str)]; 8] = [
            &[("a.S1", "maybe")],
            &[("a.S1", "yes"), ("a.S1", "no")],
            &[("a.S1", "no"), ("a.A1", "6")],
            &[("a.S1", "no"), ("a.A1", "0")],
            &[("a.S1", "no"), ("a.A1", "missing:prefer_not_to_say")],
            &[("a.S1", "no"), ("a.R1", "11")],
            &[("a.S1", "yes"), ("a.M1", "bus"), ("a.M1", "bus")],
            &[("a.S1", "no"), ("a.N1", "NaN")],
        ];
        for answers in forged {
            let mut fields = vec![("token", token.as_str()), ("go", "send")];
            fields.extend_from_slice(answers);
            let reply = post(stage, &fields);
            reply.expect_status(422);
            assert_eq!(reply.media_type(), "text/html");
        }
        for assignment in ["elsewhere:visitor", "de-linde:staff", "de-linde:", "rivierenland:visitor"] {
            post(stage, &[("token", &token), ("assignment", assignment), ("go", "send"), ("a.S1", "no")]).expect_status(422);
        }
        assert_eq!(ballots(stage), 0);

        // What nobody asked is not stored: a part that the round leaves out, an item that does not exist.
        let fields = [
            ("token", token.as_str()), ("assignment", "de-linde:visitor"), ("go", "send"), ("a.S1", "no"), ("a.A1", "2"),
            ("a.X1", "1"), ("a.NOWHERE", "x"), ("admin", "true"),
        ];
        post(stage, &fields).expect_status(200);
        assert_eq!(community.close("visit")["counts"]["opened"], 1);
        let packed = behind::query(stage, "ballots", "SELECT packed FROM response").concat().concat();
        let packed = packed.trim_start_matches("\\x");
        assert_eq!(&packed[..8], "02000002", "A1 hardly, S1 no, the rest left open");
    }

    fn a_page_of_another_site_can_do_no_more_than_a_link(stage: &Stage) {
        let (_, link) = visit(stage);
        // Whoever has the link may answer with it; nobody is signed in, so a foreign page gains nothing.
        let page: Page = stage.anonymous().visit(&format!("/s/{}", token(&link)));
        let policy = page.reply().header("Content-Security-Policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        let reply = stage.anonymous().get(&format!("/s/{}", token(&link)));
        assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
        assert_eq!(reply.header("Cross-Origin-Opener-Policy"), Some("same-origin"));
    }
}
