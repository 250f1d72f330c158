//! `/api/v1/claims` and `/api/v1/ballots`: answers that nobody can connect to a link.

use std::collections::{BTreeSet, HashSet};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use klankbord_tests::blind::{Prepared, from_text};
use klankbord_tests::structure::{house, python};
use klankbord_tests::{
    Anonymous, ApiClient, Caller, Community, Device, Link, Request, Server, Stage, stories,
};
use serde_json::{Value, json};

use klankbord_tests::behind::query;

const CODE: &str = "7ZK3M9QX4B8RT2VW";
const OTHER_CODE: &str = "0000000000000000";

stories! {
    fn a_device_claims_once_and_answers_without_its_link(stage: &Stage) {
        let community = school(stage, &["parent"], 6);
        let links = community.invite_by_app("r");
        let device = Device::new(stage.anonymous(), &links[0].token, CODE);
        let offer = device.offer();
        assert_eq!(
            (&offer["round"], &offer["organisation"], &offer["form"], &offer["mode"], &offer["claim"]),
            (&json!("r"), &json!("school-a"), &json!("parent"), &json!("anonymous"), &Value::Null)
        );
        assert_eq!((&offer["key"]["number"], &offer["key"]["exponent"]), (&json!(1), &json!("AQAB")));
        assert_eq!(offer["key"]["algorithm"], "RSABSSA-SHA384-PSS-Randomized");
        assert_eq!(from_text(&offer["key"]["modulus"]).len(), 384);
        // Asking has claimed nothing, and a second time gives the same key.
        assert_eq!(device.offer(), offer);
        device.done(&offer).expect_problem(409, "not_claimed");

        let credential = device.claim(201);
        // Another device goes on with the code alone.
        assert_eq!(device.claim(200), credential);
        assert_eq!(device.offer()["claim"], "blind");
        let other = Device::new(stage.anonymous(), &links[0].token, OTHER_CODE);
        other.ask(&offer).expect_problem(409, "already_claimed");

        let answers = community.agree("r", "parent", 2);
        let changed = community.agree("r", "parent", 5);
        assert_eq!(vote(stage, &credential, &answers).expect_status(201).json(), json!({"status": "stored"}));
        assert_eq!(vote(stage, &credential, &changed).expect_status(200).json(), json!({"status": "replaced"}));
        device.done(&offer).expect_status(204);
        device.done(&offer).expect_status(204);
        assert_eq!(community.progress("r")["done"], 1);

        for link in &links[1..] {
            community.submit(&link.token, &changed, 201);
        }
        let counts = json!({"issued": 6, "claimed": 6, "ballots": 6, "opened": 6});
        assert_eq!(community.close("r")["counts"], counts);
        assert_eq!(query(stage, "ballots", "SELECT count(DISTINCT packed) FROM response"), [["1"]]);
        vote(stage, &credential, &answers).expect_problem(409, "round_closed");
        other.ask(&offer).expect_problem(409, "round_closed");
    }

    fn what_is_not_a_claim_is_refused_with_the_mend(stage: &Stage) {
        let community = school(stage, &["parent"], 2);
        let links = community.invite_by_app("r");
        let device = Device::new(stage.anonymous(), &links[0].token, CODE);
        let offer = device.offer();
        let sound = device.request(&offer);
        let modulus = &offer["key"]["modulus"];
        for (field, value, pointer, code) in [
            ("blinded", modulus.clone(), "/blinded", "bad_blinded"),
            ("blinded", json!(""), "/blinded", "bad_blinded"),
            ("blinded", json!("not base64url!"), "/blinded", "bad_blinded"),
            ("blinded", json!("AAAA"), "/blinded", "bad_blinded"),
            ("key", json!(2), "/key", "wrong_key"),
            ("form", json!("staff"), "/organisation", "not_assigned"),
        ] {
            let mut request = sound.clone();
            request[field] = value;
            stage.anonymous().post_json("/api/v1/claims", &request).expect_error_at(422, "invalid", pointer, code);
        }
        let mut request = sound.clone();
        request["token"] = json!("1-00000000000000000000000000");
        stage.anonymous().post_json("/api/v1/claims", &request).expect_problem(404, "not_found");
        stage.anonymous().post_json("/api/v1/claims", &sound).expect_status(201);

        for (code, mode) in [("named", "identified"), ("draft", "anonymous")] {
            let made = json!({
                "code": code, "organisation": "school-a", "mode": mode, "groups": [{"group": "parent"}],
                "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "R"},
            });
            community.program().post_json("/api/v1/rounds", &made).expect_status(201);
        }
        community.program().post_json("/api/v1/rounds/named/open", &json!({})).expect_status(200);
        let named = community.invite_by_app("named");
        let device = Device::new(stage.anonymous(), &named[0].token, CODE);
        let plain = device.offer();
        assert_eq!((&plain["mode"], &plain["key"]), (&json!("identified"), &Value::Null));
        let mut request = sound;
        request["token"] = json!(named[0].token);
        stage.anonymous().post_json("/api/v1/claims", &request).expect_problem(409, "not_blind");
    }

    fn a_credential_holds_for_its_round_and_group_alone(stage: &Stage) {
        let community = school(stage, &["parent", "staff"], 3);
        community.round("s", "school-a", &["parent"]);
        let links = community.invite_by_app("r");
        let of = |email: &str| links.iter().find(|link| link.email.starts_with(email)).expect("a link");
        let device = Device::new(stage.anonymous(), &of("parent1@").token, CODE);
        let (offer, credential) = (device.offer(), device.claim(201));
        let answers = community.agree("r", "parent", 4);
        let refused = |credential: &str| vote(stage, credential, &answers).expect_problem(403, "credential_invalid");

        // The key of another form signs nothing for this one.
        let staff = Device::new(stage.anonymous(), &of("staff1@").token, CODE);
        let (of_staff, for_staff) = (staff.offer(), staff.claim(201));
        assert_ne!(of_staff["key"]["number"], offer["key"]["number"]);
        refused(&for_staff);
        let ballot = json!({"credential": credential, "organisation": "school-a", "form": "staff", "answers": community.agree("r", "staff", 4)});
        stage.anonymous().post_json("/api/v1/ballots", &ballot).expect_problem(403, "credential_invalid");
        let ballot = json!({"credential": credential, "organisation": Community::CODE, "form": "parent", "answers": answers});
        stage.anonymous().post_json("/api/v1/ballots", &ballot).expect_problem(403, "credential_invalid");

        // One signed in another round, shown as itself and as one of this round.
        let elsewhere = community.invite_by_app("s");
        let foreign = Device::new(stage.anonymous(), &elsewhere[0].token, CODE).claim(201);
        refused(&foreign.replacen(".s.", ".r.", 1));
        refused(&credential.replacen(".r.1.", ".r.2.", 1));
        refused(&credential.replacen(".r.", ".nothing.", 1));
        refused(&format!("9{credential}"));
        refused("");
        // Forged: not unblinded, nothing, of another message, cut.
        let prepared = Prepared::new(CODE, &offer);
        let signed = device.ask(&offer).expect_status(200).json();
        refused(&prepared.with_signature(&from_text(&signed["signature"])));
        refused(&prepared.with_signature(&[0; 384]));
        let (_, content) = credential.rsplit_once('.').expect("parts");
        let signature = from_text(&json!(content)).split_off(64);
        refused(&Prepared::new(OTHER_CODE, &offer).with_signature(&signature));
        refused(&credential[..credential.len() - 4]);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [["0"]]);
        vote(stage, &credential, &answers).expect_status(201);
        vote(stage, &credential, &json!({"P.PED1a": 99})).expect_status(422);
    }

    fn small_units_share_a_key_with_the_next(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        let units = [("u1", 5), ("u2", 8), ("u3", 30), ("u4", 3)];
        for (code, count) in units {
            let unit = json!({"code": code, "name": code, "level": "unit", "parent": "school-a"});
            community.program().post_json("/api/v1/organisations", &unit).expect_status(201);
            community.enrol(code, "parent", count);
        }
        community.school("school-b");
        community.enrol("school-b", "parent", 20);
        community.round("r", Community::CODE, &["parent"]);
        let links = community.invite_by_app("r");
        let mut keys = BTreeSet::new();
        for (number, unit) in ["u3", "u1", "u4", "u2", "school-b"].into_iter().enumerate() {
            let link = links.iter().find(|link| link.email.contains(&format!("@{unit}."))).expect("a link");
            let device = Device::new(stage.anonymous(), &link.token, &code(number));
            let (offer, credential) = (device.offer(), device.claim(201));
            keys.insert((offer["key"]["number"].as_i64(), offer["key"]["fingerprint"].to_string()));
            assert_eq!(offer["key"]["number"] == 1, unit != "school-b", "{unit}: {offer}");
            let ballot = json!({"credential": credential, "organisation": unit, "form": "parent", "answers": community.agree("r", "parent", 4)});
            stage.anonymous().post_json("/api/v1/ballots", &ballot).expect_status(201);
            // A credential of one school is worth nothing at the other.
            let elsewhere = if unit == "school-b" { "u1" } else { "school-b" };
            let ballot = json!({"credential": credential, "organisation": elsewhere, "form": "parent", "answers": ballot["answers"]});
            stage.anonymous().post_json("/api/v1/ballots", &ballot).expect_problem(403, "credential_invalid");
        }
        assert_eq!(keys.len(), 2, "{keys:?}");
    }

    fn who_answers_through_the_link_cannot_claim_and_the_other_way_round(stage: &Stage) {
        let community = school(stage, &["parent"], 2);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        community.submit(&links[0].token, &answers, 201);
        let device = Device::new(stage.anonymous(), &links[0].token, CODE);
        let offer = device.offer();
        assert_eq!(offer["claim"], "assisted");
        device.ask(&offer).expect_problem(409, "already_claimed");

        let device = Device::new(stage.anonymous(), &links[1].token, CODE);
        let credential = device.claim(201);
        let body = json!({"token": links[1].token, "answers": answers});
        community.program().post_json("/api/v1/responses", &body).expect_problem(409, "claimed_on_a_device");
        vote(stage, &credential, &answers).expect_status(201);
        community.submit(&links[0].token, &answers, 200);
        assert_eq!(community.close("r")["counts"], json!({"issued": 2, "claimed": 2, "ballots": 2, "opened": 2}));
    }

    fn a_draft_goes_from_one_device_to_another(stage: &Stage) {
        let community = school(stage, &["parent"], 2);
        let links = community.invite_by_app("r");
        let credential = Device::new(stage.anonymous(), &links[0].token, CODE).claim(201);
        let keep = |credential: &str, content: &str| {
            stage.anonymous().put_json("/api/v1/drafts", &json!({"credential": credential, "content": content}))
        };
        let read = |credential: &str| stage.anonymous().post_json("/api/v1/drafts/read", &json!({"credential": credential}));
        read(&credential).expect_problem(404, "not_found");
        keep(&credential, "AAEC").expect_status(204);
        keep(&credential, "AwQF").expect_status(204);
        assert_eq!(read(&credential).expect_status(200).json(), json!({"content": "AwQF"}));
        let other = Device::new(stage.anonymous(), &links[1].token, OTHER_CODE).claim(201);
        read(&other).expect_problem(404, "not_found");
        keep(&credential, "=").expect_error_at(422, "invalid", "/content", "bad_base64url");
        keep(&credential, &"A".repeat(43_692)).expect_error_at(422, "invalid", "/content", "too_long");
        keep("1.r.1.AAAA", "AAEC").expect_problem(403, "credential_invalid");
        read("1.r.1.AAAA").expect_problem(403, "credential_invalid");
        // Neither nonce nor credential lies in the store, and nothing tells the draft of a ballot.
        vote(stage, &credential, &community.agree("r", "parent", 4)).expect_status(201);
        let keys = query(stage, "ballots", "SELECT key FROM draft UNION SELECT tag FROM mailbox");
        assert_eq!(keys.len(), 2);
        community.close("r");
        keep(&credential, "AAEC").expect_problem(409, "round_closed");
    }

    fn two_servers_and_fifty_threads_make_one_claim_of_each_link(stage: &Stage) {
        const PEOPLE: usize = 200;
        let community = school(stage, &["parent"], PEOPLE);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 3);
        let second = Server::start(stage.cli().clone().env("KLANKBORD_SERVER_BASE_URL", stage.base_url()));
        let servers = [Anonymous::at(stage.base_url()), Anonymous::at(second.base_url())];
        let program = ApiClient::with_token(second.base_url(), community.program().token());
        let (first_claims, first_ballots) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let racing = AtomicBool::new(true);
        std::thread::scope(|scope| {
            let watcher = scope.spawn(|| {
                let mut looked = 0;
                while racing.load(Ordering::Relaxed) {
                    expect_ordered(stage);
                    looked += 1;
                }
                looked
            });
            // Four threads show every link at the same time: two servers, two codes, and one sends answers with the link itself.
            let threads: Vec<_> = (0..50).map(|thread: usize| {
                let (links, servers, program, answers) = (&links, &servers, &program, &answers);
                let (first_claims, first_ballots) = (&first_claims, &first_ballots);
                scope.spawn(move || {
                    for step in 0..16 {
                        let at = (thread / 4 * 16 + step) % PEOPLE;
                        let (claimed, stored) = match thread % 4 {
                            3 => (false, answer_assisted(program, &links[at], answers)),
                            kind => race(&servers[kind % 2], &links[at], &code(2 * at + kind / 2), answers),
                        };
                        first_claims.fetch_add(usize::from(claimed), Ordering::Relaxed);
                        first_ballots.fetch_add(usize::from(stored), Ordering::Relaxed);
                    }
                })
            }).collect();
            for thread in threads {
                thread.join().expect("a thread that raced");
            }
            racing.store(false, Ordering::Relaxed);
            assert!(watcher.join().expect("the watcher") > 0);
        });
        expect_ordered(stage);
        let count = |claim: &str| query(stage, "roster", &format!("SELECT count(*) FROM assignment WHERE claim {claim}"));
        assert_eq!(count("IS NOT NULL"), [[PEOPLE.to_string()]]);
        assert_eq!(count("= 'blind'"), [[first_claims.into_inner().to_string()]]);
        assert_eq!(first_ballots.into_inner(), PEOPLE);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [[PEOPLE.to_string()]]);
        assert_eq!(query(stage, "roster", "SELECT number FROM signing_key"), [["1"]]);
        let counts = json!({"issued": PEOPLE, "claimed": PEOPLE, "ballots": PEOPLE, "opened": PEOPLE});
        assert_eq!(community.close("r")["counts"], counts);
    }

    fn what_is_sent_with_the_answers_was_not_seen_with_the_claim(stage: &Stage) {
        let community = school(stage, &["parent"], 2);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        let (claims, ballots): (Vec<_>, Vec<_>) = links.iter().zip([CODE, OTHER_CODE]).map(|(link, code)| {
            let device = Device::new(stage.anonymous(), &link.token, code);
            let (asked, offer) = (device.ask_key(), device.offer());
            let (request, signed) = (device.request(&offer), device.ask(&offer));
            let claim = traffic(&[&json!({"token": link.token}), &offer, &request, &signed.json()]);
            let (credential, unblinded) = (device.claim(200), signed.json()["signature"].clone());
            let ballot = json!({"credential": credential, "organisation": "school-a", "form": "parent", "answers": answers});
            assert_eq!(asked.status(), 200);
            stage.anonymous().send(Request::post("/api/v1/ballots").json(&ballot)).expect_status(201);
            // The control: a device that forgot to unblind would be recognised.
            let careless = Prepared::new(code, &offer).with_signature(&from_text(&unblinded));
            (claim, (traffic(&[&ballot]), traffic(&[&json!({"credential": careless})])))
        }).unzip();
        for (own, other) in [(0, 1), (1, 0)] {
            let telling: HashSet<&[u8]> = claims[own].difference(&claims[other]).map(Vec::as_slice).collect();
            let shared = |ballot: &HashSet<Vec<u8>>| ballot.iter().filter(|part| telling.contains(part.as_slice())).count();
            assert!(telling.len() > 1000, "only {} parts tell one claim from the other", telling.len());
            assert_eq!(shared(&ballots[own].0), 0);
            assert!(shared(&ballots[own].1) > 300, "the control was not recognised");
        }
    }

    fn the_example_for_school_apps_works(stage: &Stage) {
        let community = school(stage, &["parent"], 2);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        let run = |code: &str| {
            let mut command = Command::new(python());
            command.arg(house().join("tests/tools/blind_claim.py")).args([stage.base_url(), &links[0].token, code]);
            let done = command.arg(answers.to_string()).output().expect("Python starts");
            (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned(), String::from_utf8_lossy(&done.stderr).into_owned())
        };
        let (works, said, complaint) = run(CODE);
        assert!(works && said.contains("stored"), "{said}{complaint}");
        let (works, said, complaint) = run("7zk3-m9qx-4b8r-t2vw");
        assert!(works && said.contains("replaced"), "{said}{complaint}");
        let (works, said, complaint) = run(OTHER_CODE);
        assert!(!works && complaint.contains("already_claimed"), "{said}{complaint}");
        // What it derives is what every other client derives.
        let credential = Device::new(stage.anonymous(), &links[0].token, CODE).claim(200);
        vote(stage, &credential, &answers).expect_status(200);
        assert_eq!(community.progress("r")["done"], 1);
    }
}

/// A code that no other number has.
fn code(number: usize) -> String {
    format!("{number:016}")
}

/// A school with an open round `r`, and so many people of each group.
#[track_caller]
fn school<'a>(stage: &'a Stage, groups: &[&str], count: usize) -> Community<'a> {
    let community = Community::found(stage);
    community.school("school-a");
    for group in groups {
        community.enrol("school-a", group, count);
    }
    community.round("r", "school-a", groups);
    community
}

/// Sends a parent's answers with a credential.
#[track_caller]
fn vote(stage: &Stage, credential: &str, answers: &Value) -> klankbord_tests::Reply {
    let ballot = json!({"credential": credential, "organisation": "school-a", "form": "parent", "answers": answers});
    stage.anonymous().post_json("/api/v1/ballots", &ballot)
}

/// Claims a link blindly and answers, unless somebody else has claimed it. Tells whether it was the first to claim, and the first to answer.
fn race(server: &Anonymous, link: &Link, code: &str, answers: &Value) -> (bool, bool) {
    let device = Device::new(server.clone(), &link.token, code);
    let offer = device.offer();
    let signed = device.ask(&offer);
    if !matches!(signed.status(), 200 | 201) {
        signed.expect_problem(409, "already_claimed");
        return (false, false);
    }
    let credential = Prepared::new(code, &offer).finish(&signed.json()["signature"]);
    let ballot = json!({"credential": credential, "organisation": "school-a", "form": "parent", "answers": answers});
    let stored = server.post_json("/api/v1/ballots", &ballot);
    assert!(matches!(stored.status(), 200 | 201), "{}", stored.text());
    (signed.status() == 201, stored.status() == 201)
}

/// Sends answers with a link, unless it was claimed blindly. Tells whether they were the first.
fn answer_assisted(program: &ApiClient, link: &Link, answers: &Value) -> bool {
    let body = json!({"token": link.token, "answers": answers});
    let stored = program.post_json("/api/v1/responses", &body);
    if !matches!(stored.status(), 200 | 201) {
        stored.expect_problem(409, "claimed_on_a_device");
    }
    stored.status() == 201
}

/// Never more ballots than claims, nor more claims than invitations. Ballots are counted first: claims that come in between are no excuse.
#[track_caller]
fn expect_ordered(stage: &Stage) {
    let count = |store: &str, sql: &str| -> u64 {
        query(stage, store, sql)[0][0].parse().expect("a count")
    };
    let ballots = count("ballots", "SELECT count(*) FROM mailbox");
    let claimed = count(
        "roster",
        "SELECT count(*) FROM assignment WHERE claim IS NOT NULL",
    );
    let issued = count("roster", "SELECT count(*) FROM assignment");
    assert!(
        issued >= claimed && claimed >= ballots,
        "{issued} issued, {claimed} claimed, {ballots} ballots"
    );
}

/// Every run of eight bytes in these documents, as they are sent and as what their texts in base64url stand for.
fn traffic(documents: &[&Value]) -> HashSet<Vec<u8>> {
    let mut seen = HashSet::new();
    for document in documents {
        let text = document.to_string();
        seen.extend(text.as_bytes().windows(8).map(<[u8]>::to_vec));
        let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && !"-_".contains(sign));
        for word in words.filter(|word| word.len() >= 100) {
            let bytes = from_text(&json!(word));
            seen.extend(bytes.windows(8).map(<[u8]>::to_vec));
        }
    }
    seen
}
