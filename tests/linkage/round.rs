//! One run of the game: a round in which sixty people answer in random order.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use klankbord_tests::blind::{Device, random_code};
use klankbord_tests::{Anonymous, Caller, Community, Link, Stage};
use rand::seq::SliceRandom;
use serde_json::{Map, Value, json};

/// People in one run.
pub(crate) const PEOPLE: usize = 60;

/// Runs of one game; where one way of looking lies just beyond a limit by chance, [`MORE_RUNS`] decide.
pub(crate) const RUNS: usize = 30;
/// Further runs that are played when a first result lies beyond a limit.
pub(crate) const MORE_RUNS: usize = 90;

/// A community with one school and its parents.
pub(crate) fn school(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", PEOPLE);
    community
}

/// A round that everybody has answered: every second person with their link, the others with a blind claim.
#[derive(Debug)]
pub(crate) struct Run {
    /// The round.
    pub(crate) code: String,
    /// The links in the order of answering.
    pub(crate) links: Vec<Link>,
    /// What only the devices of those with a blind claim know: the parts of their credentials, and what they left as drafts.
    pub(crate) device_secrets: Vec<Vec<u8>>,
    /// Copies of the data folder, without its keys, taken while people answered.
    pub(crate) backups: Vec<PathBuf>,
}

/// Lets everybody answer in random order; `midway` is called after each quarter but the last.
pub(crate) fn answered(
    community: &Community<'_>,
    code: &str,
    mut midway: impl FnMut(usize) -> Option<PathBuf>,
) -> Run {
    community.round(code, "school-a", &["parent"]);
    let mut links = community.invite_by_app(code);
    assert_eq!(links.len(), PEOPLE);
    links.shuffle(&mut rand::rng());
    let items = items(community, code);
    let anonymous = Anonymous::at(community.program().base_url());
    let (mut backups, mut device_secrets) = (Vec::new(), Vec::new());
    for (person, link) in links.iter().enumerate() {
        let answers = answers(&items, person);
        if person % 2 == 0 {
            community.submit(&link.token, &answers, 201);
        } else {
            device_secrets.extend(answer_blindly(&anonymous, link, &answers));
        }
        if (person + 1) % (PEOPLE / 4) == 0 && person + 1 < PEOPLE {
            backups.extend(midway(person));
        }
    }
    Run {
        code: code.to_owned(),
        links,
        device_secrets,
        backups,
    }
}

/// Claims a form, leaves a draft as on the way to another device, and sends the answers; gives what only the device knows.
fn answer_blindly(anonymous: &Anonymous, link: &Link, answers: &Value) -> Vec<Vec<u8>> {
    let credential = Device::new(anonymous.clone(), &link.token, &random_code()).claim(201);
    let draft = rand::random::<[u8; 24]>();
    let content = URL_SAFE_NO_PAD.encode(draft);
    anonymous
        .put_json(
            "/api/v1/drafts",
            &json!({"credential": credential, "content": content}),
        )
        .expect_status(204);
    let ballot = json!({"credential": credential, "organisation": "school-a", "form": "parent", "answers": answers});
    anonymous
        .post_json("/api/v1/ballots", &ballot)
        .expect_status(201);
    let secret = credential.rsplit('.').next().expect("the secret part");
    let bytes = URL_SAFE_NO_PAD.decode(secret).expect("base64url");
    // Randomizer, nonce, the beginning of the signature, and the draft; as bytes and as text.
    let parts = [&bytes[..32], &bytes[32..64], &bytes[64..96], &draft[..]];
    parts
        .iter()
        .map(|part| part.to_vec())
        .chain([content.into_bytes(), secret.as_bytes()[..64].to_vec()])
        .collect()
}

/// The agreement questions of the form, in its order.
pub(crate) fn items(community: &Community<'_>, code: &str) -> Vec<String> {
    let likert = |item: &Value| item["type"] == "likert";
    let items = community.items(code, "parent").into_iter().filter(likert);
    items
        .filter_map(|item| Some(item["id"].as_str()?.to_owned()))
        .collect()
}

/// Answers that nobody else gives: the first three say who it is, in digits of base 4 from 2 to 5; all others are 1.
pub(crate) fn answers(items: &[String], person: usize) -> Value {
    let digits = [person / 16, person / 4 % 4, person % 4];
    let answers: Map<String, Value> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            (
                item.clone(),
                json!(digits.get(at).map_or(1, |digit| digit + 2)),
            )
        })
        .collect();
    Value::Object(answers)
}

/// Who gave these stored answers, a byte an item.
pub(crate) fn person(packed: &[u8]) -> usize {
    let digits: Vec<usize> = packed
        .iter()
        .filter(|code| (2..=5).contains(*code))
        .map(|code| usize::from(*code) - 2)
        .collect();
    match digits[..] {
        [first, second, third] => first * 16 + second * 4 + third,
        _ => panic!("these are no answers of the game: {packed:?}"),
    }
}

/// Bytes of hexadecimal digits.
pub(crate) fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits = hexadecimal.trim_start_matches("\\x").as_bytes();
    digits
        .chunks(2)
        .map(|pair| {
            let text = std::str::from_utf8(pair).expect("digits");
            u8::from_str_radix(text, 16).expect("hexadecimal digits")
        })
        .collect()
}

/// The keys of the opened responses, by the person who gave them.
pub(crate) fn keys(rows: &[Vec<String>]) -> Vec<Vec<u8>> {
    let mut keys = vec![Vec::new(); PEOPLE];
    for row in rows {
        let key = keys
            .get_mut(person(&bytes(&row[1])))
            .expect("a person of the game");
        assert!(key.is_empty(), "two responses of one person");
        *key = bytes(&row[0]);
    }
    assert!(
        keys.iter().all(|key| !key.is_empty()),
        "somebody's answers are lost"
    );
    keys
}

#[test]
fn everybodys_answers_are_their_own() {
    let items: Vec<String> = (0..5).map(|number| format!("Q{number}")).collect();
    for who in 0..PEOPLE {
        let given = answers(&items, who);
        let packed: Vec<u8> = items
            .iter()
            .map(|item| u8::try_from(given[item].as_u64().expect("a number")).expect("small"))
            .collect();
        assert_eq!(person(&packed), who);
    }
    assert_eq!(bytes("\\x00ff"), [0, 255]);
}
