//! Measures how fast answers are stored, beside the floors that the same machine sets in the same minutes. Asserts nothing about
//! time: what a machine does is told, and compared with the goals. `tests/load/run` builds and starts it.
//!
//! ```text
//! klankbord-load [sqlite] [postgres] [--quick] [--json FILE]
//! ```
//!
//! A ballot that is sent again with its credential or its link costs as much as the first one less its claim: the rows say which they are.
//!
//! The load comes from one thread on the same machine, so its own work is part of what limits the figures; the share of a floor is
//! what can be compared between machines.

mod browser;
mod drive;
mod machine;
mod overload;
mod report;
mod scene;

use std::time::Duration;

use klankbord_tests::process::allow_open_files;
use klankbord_tests::{Backend, Link, Server, Stage};

use browser::Journey;
use drive::{Load, Run, drive};
use report::{Goal, Report, Row, milliseconds};
use scene::Scene;

/// Connections of the columns.
const CONNECTIONS: [usize; 4] = [1, 8, 64, 256];

const CONSTANT: &str = "floor: a constant";
const VALIDATE: &str = "floor: parse + validate, not stored";
const CONFIDENTIAL: &str = "confidential, stored durably";
const SEALED: &str = "sealed (anonymous, assisted), stored durably";
/// Each is sent several times: a ballot that comes again with its credential costs what it did the first time.
const BLIND: &str = "sealed (anonymous, blind), stored durably";
const AGAIN: &str = "sealed, the same link again";
const WELCOME: &str = "welcome page";

/// How much is measured.
#[derive(Clone, Copy)]
struct Extent {
    /// People with a link: as many answers can be sent for the first time.
    people: usize,
    /// The longest that one figure is measured.
    longest: Duration,
    /// People who claim blindly.
    devices: usize,
    /// Whole journeys through the pages.
    journeys: usize,
    /// Requests at once when there are too many.
    flood: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let quick = has("--quick");
    let extent = Extent {
        people: if quick { 3_000 } else { 30_000 },
        longest: Duration::from_secs(if quick { 1 } else { 4 }),
        devices: if quick { 50 } else { 1_000 },
        journeys: if quick { 50 } else { 400 },
        flood: 6_000,
    };
    // A connection for each, here and in the server, which inherits the limit.
    allow_open_files(extent.flood as u64 + 2_000);
    let both = !has("sqlite") && !has("postgres");
    let mut reports = Vec::new();
    for (name, backend) in [("sqlite", Backend::Sqlite), ("postgres", Backend::Postgres)] {
        if both || has(name) {
            reports.push(measure(backend, extent));
        }
    }
    let file = arguments.iter().position(|argument| argument == "--json");
    if let Some(file) = file.and_then(|at| arguments.get(at + 1)) {
        let all: Vec<_> = reports.iter().map(Report::json).collect();
        let text = serde_json::to_string_pretty(&all).expect("JSON");
        std::fs::write(file, text).expect("the file can be written");
    }
}

/// The server under measurement and what has been found so far.
struct Bench<'a> {
    stage: &'a Stage,
    scene: Scene<'a>,
    extent: Extent,
    report: Report,
}

fn measure(backend: Backend, extent: Extent) -> Report {
    let stage = Stage::on(backend).start();
    let scene = Scene::set(&stage, extent.people);
    let mut bench = Bench {
        stage: &stage,
        scene,
        extent,
        report: Report {
            database: match backend {
                Backend::Sqlite => "SQLite",
                Backend::Postgres => "PostgreSQL",
            },
            ..Report::default()
        },
    };
    let confidential = bench.scene.round("confidential", "confidential");
    let sealed = bench.scene.round("sealed", "anonymous");
    // What setting the scene took is not to be counted as memory of serving.
    bench.restart();
    bench.report.print_head();
    let before = machine::durable_writes(&stage.data_folder(), Duration::from_secs(1));
    bench.floors();
    let (answering, walking) = sealed.split_at(sealed.len() - extent.journeys - 1);
    let (answering, claiming) = answering.split_at(answering.len() - extent.devices);
    bench.storing(CONFIDENTIAL, &confidential);
    bench.storing(SEALED, answering);
    bench.blind(claiming);
    bench.again(AGAIN, answering);
    let after = machine::durable_writes(&stage.data_folder(), Duration::from_secs(1));
    bench.goals(f64::midpoint(before, after));
    bench.pages(walking);
    bench.restart();
    bench.memory(answering);
    if backend == Backend::Postgres {
        bench.two_servers(&confidential);
    }
    // So that the most memory is that of the flood.
    bench.restart();
    overload::flood(
        bench.stage,
        &bench.host(),
        &bench.requests(answering),
        extent.flood,
        &mut bench.report,
    );
    bench.report.print_rest();
    bench.report
}

impl Bench<'_> {
    fn host(&self) -> String {
        self.stage
            .base_url()
            .trim_start_matches("http://")
            .to_owned()
    }

    fn restart(&mut self) {
        self.stage.server().stop();
        self.stage.server().start_again();
        self.scene.sign_in();
    }

    fn requests(&self, links: &[Link]) -> Vec<Vec<u8>> {
        let host = self.host();
        links
            .iter()
            .map(|link| self.scene.submission(&host, link))
            .collect()
    }

    /// Measures one row.
    fn row(
        &mut self,
        what: &'static str,
        connections: usize,
        requests: &[Vec<u8>],
        rounds: usize,
    ) -> Run {
        let load = Load {
            hosts: &[self.host()],
            connections,
            requests,
            rounds,
            longest: self.extent.longest,
        };
        let process = self.stage.server().id();
        let before = machine::processor_time(process);
        let mut memory = 0.0;
        let run = drive(&load, || memory = machine::memory(process).0);
        let used = machine::processor_time(process).saturating_sub(before);
        let refused: Vec<_> = run
            .statuses
            .iter()
            .filter(|(status, _)| **status >= 300)
            .collect();
        if !refused.is_empty() {
            self.report.notes.push(format!(
                "{what} at {connections}: {refused:?} {:?}",
                run.bodies
            ));
        }
        let row = Row {
            what,
            connections,
            rate: run.rate(),
            p50: run.quantile(0.5),
            p99: run.quantile(0.99),
            processor: used / u32::try_from(run.answered.max(1)).expect("a count"),
            memory,
        };
        Report::print_row(&row);
        self.report.rows.push(row);
        run
    }

    fn floors(&mut self) {
        let host = self.host();
        let constant = [klankbord_tests::Request::get("/health/live").wire(&host)];
        let validation = [self.scene.validation(&host, "confidential")];
        for (what, request) in [(CONSTANT, &constant), (VALIDATE, &validation)] {
            for connections in CONNECTIONS {
                self.row(what, connections, request, 1_000_000);
            }
        }
    }

    /// Sends everybody's answers for the first time: a share of the people at each number of connections.
    fn storing(&mut self, what: &'static str, links: &[Link]) {
        let requests = self.requests(links);
        let mut left = requests.as_slice();
        for (connections, share) in CONNECTIONS.into_iter().zip([16, 6, 3, 1]) {
            let (mine, others) = left.split_at(left.len() / share);
            self.row(what, connections, mine, 1);
            left = others;
        }
    }

    fn blind(&mut self, links: &[Link]) {
        let requests = self.scene.blind(&self.host(), links);
        for connections in CONNECTIONS {
            self.row(BLIND, connections, &requests, 100);
        }
    }

    fn again(&mut self, what: &'static str, links: &[Link]) {
        let requests = self.requests(links);
        for connections in CONNECTIONS {
            self.row(what, connections, &requests, 100);
        }
    }

    fn goals(&mut self, durable_writes: f64) {
        let rate = |what, connections| {
            self.report
                .row(what, connections)
                .map_or(f64::NAN, |row| row.rate)
        };
        let p50 = |what| {
            self.report
                .row(what, 1)
                .map_or(f64::NAN, |row| milliseconds(row.p50))
        };
        let floor = rate(VALIDATE, 256);
        let fsync = 1e3 / durable_writes;
        let mut goals = Vec::new();
        for (what, wanted) in [(CONFIDENTIAL, 40.0), (SEALED, 25.0), (BLIND, 25.0)] {
            goals.push(Goal {
                what: format!("{what}: share of parse + validate at 256"),
                measured: 100.0 * rate(what, 256) / floor,
                wanted,
                unit: "%",
                at_least: true,
            });
            goals.push(Goal {
                what: format!("{what}: p50 at 1 in fdatasyncs"),
                measured: p50(what) / fsync,
                wanted: 3.0,
                unit: "x",
                at_least: false,
            });
        }
        self.report.goals.extend(goals);
        let note = format!(
            "The disk makes {durable_writes:.0} writes a second durable, one after the other: {fsync:.2} ms each."
        );
        self.report.notes.push(note);
    }

    /// The pages: the first one, and whole journeys.
    fn pages(&mut self, links: &[Link]) {
        let host = self.host();
        let Some((first, others)) = links.split_first() else {
            return;
        };
        let journey = Journey::walk(self.stage, &host, first);
        let welcome: Vec<Vec<u8>> = others
            .iter()
            .map(|link| journey.of(link).swap_remove(0))
            .collect();
        self.row(WELCOME, 8, &welcome, 100);
        let processor = self
            .report
            .row(WELCOME, 8)
            .map_or(Duration::MAX, |row| row.processor);
        self.report.goals.push(Goal {
            what: "processor time to the first byte of a respondent's page".to_owned(),
            measured: milliseconds(processor),
            wanted: 2.0,
            unit: "ms",
            at_least: false,
        });
        // Everybody is on the same page at the same time; each page follows the one before.
        let journeys: Vec<Vec<Vec<u8>>> = others.iter().map(|link| journey.of(link)).collect();
        let process = self.stage.server().id();
        let before = machine::processor_time(process);
        let mut last = String::new();
        for step in 0..journey.len() {
            let requests: Vec<Vec<u8>> = journeys.iter().map(|one| one[step].clone()).collect();
            let load = Load {
                hosts: std::slice::from_ref(&host),
                connections: 8,
                requests: &requests,
                rounds: 1,
                longest: Duration::from_mins(5),
            };
            let run = drive(&load, || ());
            assert_eq!(
                run.statuses.get(&200),
                Some(&requests.len()),
                "{:?}",
                run.bodies
            );
            last = run.bodies.get(&200).cloned().unwrap_or_default();
        }
        assert!(last.contains("Thank you!"), "{last}");
        let used = machine::processor_time(process).saturating_sub(before);
        self.report.goals.push(Goal {
            what: format!(
                "processor time of a response through the pages ({} requests)",
                journey.len()
            ),
            measured: milliseconds(used) / journeys.len() as f64,
            wanted: 2.0,
            unit: "ms",
            at_least: false,
        });
    }

    /// The most memory while so many send at once.
    fn memory(&mut self, links: &[Link]) {
        let requests = self.requests(links);
        let host = self.host();
        for (connections, wanted) in [(200, 60.0), (1_000, 100.0)] {
            let load = Load {
                hosts: std::slice::from_ref(&host),
                connections,
                requests: &requests,
                rounds: 100,
                longest: self.extent.longest,
            };
            drive(&load, || ());
            self.report.goals.push(Goal {
                what: format!("most memory at {connections} connections"),
                measured: machine::memory(self.stage.server().id()).1,
                wanted,
                unit: "MB",
                at_least: false,
            });
        }
    }

    /// Two servers on one database, beside one.
    fn two_servers(&mut self, links: &[Link]) {
        let requests = self.requests(links);
        // Both are one server to those who call, so that each takes the access tokens of the other.
        let named = format!("http://{}", self.host());
        let second = Server::start(
            self.stage
                .cli()
                .clone()
                .env("KLANKBORD_SERVER_BASE_URL", &named),
        );
        let two = [
            self.host(),
            second.base_url().trim_start_matches("http://").to_owned(),
        ];
        let rate = |hosts: &[String]| {
            let load = Load {
                hosts,
                connections: 256,
                requests: &requests,
                rounds: 100,
                longest: self.extent.longest,
            };
            let run = drive(&load, || ());
            assert!(
                run.statuses.keys().all(|status| *status < 300),
                "{:?} {:?}",
                run.statuses,
                run.bodies
            );
            run.rate()
        };
        // The first time of each, in which connections are opened and statements prepared, is not counted; then in turns, as the
        // disk has slow minutes.
        rate(&two);
        let mut ratios = [(); 3].map(|()| {
            let one = rate(&two[..1]);
            rate(&two) / one
        });
        ratios.sort_by(f64::total_cmp);
        second.stop();
        self.report.goals.push(Goal {
            what: format!(
                "two servers beside one (median of three), on {} processors that also make the load",
                machine::processors()
            ),
            measured: ratios[1],
            wanted: 1.5,
            unit: "x",
            at_least: true,
        });
    }
}
