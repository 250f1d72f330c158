//! Lists in pages, and documents that nobody gets twice.

use klankbord_tests::{Caller, Community, Request, stories};
use serde_json::{Value, json};

stories! {
    fn the_pages_of_a_list_join_to_the_whole(stage: &Stage) {
        let community = Community::found(stage);
        for number in 1..=7 {
            community.school(&format!("school-{number}"));
        }
        for round in ["one", "two", "three"] {
            community.round(round, "school-1", &["parent"]);
        }
        for list in ["organisations", "rounds", "frameworks", "questionnaires"] {
            let path = format!("/api/v1/{list}");
            let whole = community.program().get(&path).expect_status(200).json();
            assert_eq!(whole["meta"], json!({"limit": 100, "nextCursor": null}), "{list}");
            let whole = whole["data"].as_array().expect("a list").clone();
            for limit in [1, 3, 8, 1000] {
                let mut joined: Vec<Value> = Vec::new();
                let mut next = format!("{path}?limit={limit}");
                loop {
                    let page = community.program().get(&next).expect_status(200).json();
                    let part = page["data"].as_array().expect("a list");
                    assert!(part.len() <= limit && !part.is_empty(), "{next}: {page}");
                    assert_eq!(page["meta"]["limit"], limit);
                    joined.extend(part.iter().cloned());
                    let Some(cursor) = page["meta"]["nextCursor"].as_str() else { break };
                    next = format!("{path}?limit={limit}&cursor={cursor}");
                }
                assert_eq!(joined, whole, "{list} in pages of {limit}");
            }
        }
    }

    fn a_page_that_makes_no_sense_is_refused(stage: &Stage) {
        let community = Community::found(stage);
        for (query, named) in [
            ("limit=0", "/limit"),
            ("limit=1001", "/limit"),
            ("cursor=%25", "/cursor"),
            ("cursor=bm93aGVyZQ", "/cursor"),
            ("limit=many", "/limit"),
            ("page=2", ""),
        ] {
            for list in ["organisations", "rounds", "frameworks", "questionnaires"] {
                let reply = community.program().get(&format!("/api/v1/{list}?{query}"));
                reply.expect_error_at(400, "unreadable", named, "unreadable_query");
            }
        }
        let problem = community.program().get("/api/v1/rounds?page=2").json();
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("`page`")), "{problem}");
    }

    fn whoever_has_a_document_is_told_so_instead_of_getting_it_again(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        community.enrol("linde", "parent", 6);
        community.round("autumn", "linde", &["parent"]);
        community.invite_by_app("autumn");
        community.close("autumn");
        for (path, caching) in [
            ("/api/v1/frameworks/inclusive-quality/versions/1.0.0", "immutable"),
            ("/api/v1/questionnaires/school-self-review/versions/1.0.0", "immutable"),
            ("/api/v1/schemas/framework", "public"),
            ("/api/v1/schemas/questionnaire", "public"),
            ("/api/v1/rounds/autumn/forms/parent?language=nl", ""),
            ("/api/v1/organisations/linde/indicators?round=autumn", "private"),
            ("/api/v1/organisations/linde/indicators/PED.1?round=autumn", "private"),
            ("/openapi.json", "public"),
        ] {
            let program = community.program();
            let first = program.get(path);
            let tag = first.expect_status(200).header("ETag").expect("an ETag").to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "{path}: {tag} is not strong");
            let cached = first.header("Cache-Control").expect("Cache-Control");
            assert!(cached.contains(caching), "{path}: {cached}");
            for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
                let again = program.send(Request::get(path).header("If-None-Match", &known));
                again.expect_status(304);
                assert_eq!((again.bytes().len(), again.header("ETag")), (0, Some(tag.as_str())), "{path} {known}");
            }
            let other = program.send(Request::get(path).header("If-None-Match", "\"other\""));
            assert_eq!(other.expect_status(200).bytes(), first.bytes(), "{path}");
        }
    }

    fn a_document_that_changes_gets_another_tag(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        community.enrol("linde", "parent", 6);
        community.round("autumn", "linde", &["parent"]);
        let links = community.invite_by_app("autumn");
        let path = "/api/v1/organisations/linde/indicators?round=autumn";
        let tag = community.program().get(path).expect_status(200).header("ETag").expect("an ETag").to_owned();
        let answers = community.agree("autumn", "parent", 4);
        for link in links {
            community.submit(&link.token, &answers, 201);
        }
        community.close("autumn");
        let again = community.program().send(Request::get(path).header("If-None-Match", &tag));
        assert_ne!(again.expect_status(200).header("ETag"), Some(tag.as_str()));
    }

    fn who_may_not_read_a_document_does_not_learn_that_it_is_unchanged(stage: &Stage) {
        let community = Community::found(stage);
        let path = "/api/v1/questionnaires/school-self-review/versions/1.0.0";
        let tag = community.program().get(path).header("ETag").expect("an ETag").to_owned();
        let request = || Request::get(path).header("If-None-Match", &tag);
        stage.anonymous().send(request()).expect_problem(401, "unauthenticated");
        let other = community.another_program("rounds-only", Community::CODE, "rounds:read");
        other.send(request()).expect_problem(403, "forbidden");
    }
}
