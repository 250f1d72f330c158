//! Opening an anonymous round of 100,000 ballots: seconds on the clock, and the most memory that the process ever had.
//!
//! `cargo bench -p klankbord --bench opening` on SQLite, and on PostgreSQL too where `KLANKBORD_TEST_POSTGRES` names a cluster (as
//! `tests/tools/with-postgres` does). Nothing is asserted: the figures are for people.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measurement that cannot go on stops, and it looks at the clock"
)]

use klankbord::app::App;
use klankbord::auth::{OpeningKey, SealingKey, SecretKey};
use klankbord::ballot::Ballot;
use klankbord::clock::Clock;
use klankbord::config::Config;
use klankbord::service::organisation::{self, Level, NewOrganisation};
use klankbord::service::round::{self, Minimums, Mode, NewRound};
use klankbord::service::{Caller, opening, setup};
use klankbord::store::rows::MailboxRow;
use std::collections::BTreeMap;
use std::time::Instant;
use survey_engine::answers::{RawAnswer, RawAnswers, ValidAnswers};
use survey_engine::questionnaire::{ItemKind, ModuleSelection, VersionRef};

/// Ballots of the round.
const BALLOTS: usize = 100_000;
/// Schools that they are for.
const SCHOOLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        seal_and_open();
        measure("SQLite", "sqlite".to_owned()).await;
        if let Ok(cluster) = std::env::var("KLANKBORD_TEST_POSTGRES") {
            measure("PostgreSQL", cluster).await;
        }
    });
}

/// What one ballot costs, to close and to open.
fn seal_and_open() {
    let key = OpeningKey::new(&SecretKey::generate());
    let public = key.sealing_key().expect("a key");
    let ballot = Ballot {
        organisation: "school-1".to_owned(),
        form: "parent".to_owned(),
        subject: None,
        packed: vec![5; 60],
        texts: BTreeMap::new(),
    };
    let begun = Instant::now();
    let count: u32 = 5_000;
    let sealed: Vec<Vec<u8>> = (0..count)
        .map(|_| ballot.seal(&public, 1, "r", b"tag").expect("sealed"))
        .collect();
    println!("seal: {:?} a ballot", begun.elapsed() / count);
    let begun = Instant::now();
    for one in &sealed {
        Ballot::open(&key, 1, "r", b"tag", one).expect("opened");
    }
    println!("open: {:?} a ballot", begun.elapsed() / count);
}

async fn measure(name: &str, database: String) {
    let folder =
        std::env::temp_dir().join(format!("klankbord-bench-{}", klankbord::random::uuid()));
    let mut config = Config {
        data_dir: folder.clone(),
        ..Config::default()
    };
    config.database.url = database;
    let app = klankbord::startup::app(config, "http://localhost".to_owned(), Clock::system())
        .await
        .expect("an application");
    let code = format!("bench-{}", &klankbord::random::uuid()[..8]);
    let caller = begin(&app, &code).await;
    let sealing_key = round::find(&app, &caller, "r")
        .await
        .expect("the round")
        .sealing_key
        .expect("its key");
    fill(
        &app,
        &caller,
        &SealingKey::parse(&sealing_key).expect("a key"),
    )
    .await;
    let before = peak();
    let begun = Instant::now();
    let closed = opening::close(&app, &caller, "r").await.expect("closed");
    let counts = closed.counts.expect("counts");
    println!(
        "{name}: {} ballots opened in {:.2} s, peak {} MB (before it {before} MB)",
        counts.opened,
        begun.elapsed().as_secs_f64(),
        peak(),
    );
    drop(app);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

async fn begin(app: &App, code: &str) -> Caller {
    let top = NewOrganisation {
        code: code.to_owned(),
        name: "Bench".to_owned(),
        level: Level::Community,
        parent: None,
    };
    let tenant = organisation::begin_tenant(app, code, &top)
        .await
        .expect("a tenant");
    let caller = Caller::operator(tenant);
    setup::publish_defaults(app, &caller)
        .await
        .expect("a questionnaire");
    for number in 0..SCHOOLS {
        let school = NewOrganisation {
            code: format!("school-{number}"),
            name: format!("School {number}"),
            level: Level::School,
            parent: Some(code.to_owned()),
        };
        organisation::create(app, &caller, school)
            .await
            .expect("a school");
    }
    let new = NewRound {
        code: "r".to_owned(),
        organisation: code.to_owned(),
        questionnaire: VersionRef {
            id: "school-self-review".to_owned(),
            version: "1.0.0".to_owned(),
        },
        title: BTreeMap::from([("en".to_owned(), "Bench".to_owned())]),
        mode: Mode::Anonymous,
        opens_at: None,
        closes_at: None,
        groups: Vec::new(),
        minimums: Minimums::default(),
        promise: None,
        baseline: None,
    };
    round::create(app, &caller, new).await.expect("a draft");
    round::open(app, &caller, "r").await.expect("an open round");
    caller
}

/// Puts ballots of varied answers into the mailbox.
async fn fill(app: &App, caller: &Caller, key: &SealingKey) {
    let (_, instrument) = round::with_instrument(app, caller, "r")
        .await
        .expect("the questionnaire");
    let (form, _) = instrument.form("parent").expect("the form");
    let selection = ModuleSelection::default_of(form);
    let asked = form
        .modules()
        .iter()
        .filter(|module| selection.includes(module.code()))
        .flat_map(survey_engine::questionnaire::Module::items);
    for part in 0..BALLOTS.div_ceil(1_000) {
        let puts = (0..1_000).map(|number| {
            let number = part * 1_000 + number;
            let dice = klankbord::random::bytes::<64>();
            let mut raw = RawAnswers::new();
            for (at, item) in asked.clone().enumerate() {
                if let ItemKind::Likert { .. } = item.kind() {
                    raw.insert(
                        item.id(),
                        RawAnswer::Number(f64::from(dice[at % 64] % 5 + 1)),
                    );
                }
            }
            let answers = ValidAnswers::check(form, &selection, &raw).expect("answers");
            let ballot = Ballot {
                organisation: format!("school-{}", number % SCHOOLS),
                form: "parent".to_owned(),
                subject: None,
                packed: answers.packed().to_vec(),
                texts: BTreeMap::new(),
            };
            let tag = klankbord::random::bytes::<32>().to_vec();
            let tenant = caller.tenant();
            app.store.put_ballots_batched(MailboxRow {
                sealed: ballot.seal(key, tenant, "r", &tag).expect("sealed"),
                tenant,
                round: "r".to_owned(),
                tag,
            })
        });
        let mut waiting = Vec::new();
        for put in puts {
            waiting.push(put);
        }
        for put in futures_of(waiting).await {
            put.expect("stored");
        }
    }
}

/// Waits for all, side by side.
async fn futures_of<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut pinned: Vec<_> = futures
        .into_iter()
        .map(|one| (Some(Box::pin(one)), None))
        .collect();
    std::future::poll_fn(move |context| {
        for (future, result) in &mut pinned {
            if let Some(one) = future
                && let std::task::Poll::Ready(value) = one.as_mut().poll(context)
            {
                (*future, *result) = (None, Some(value));
            }
        }
        if pinned.iter().all(|(future, _)| future.is_none()) {
            std::task::Poll::Ready(
                pinned
                    .iter_mut()
                    .filter_map(|(_, result)| result.take())
                    .collect(),
            )
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}

/// The most memory that this process ever had, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes / 1_024)
}
