//! Which room of the house may use which: imports run one way.

use super::imports::{Named, module_of, paths};

/// The floors of the `klankbord` crate, from the ground up. A room may use rooms of lower floors.
const FLOORS: [&[&str]; 7] = [
    // Leaves: anyone may use them, and they may use each other.
    &["error", "clock", "random", "config", "i18n"],
    // The doors to the world; they may use each other.
    &["store", "ballot", "mail", "webhook", "auth"],
    // What every use case holds in its hands, and the use cases.
    &["app", "service"],
    &["http", "job", "demo"],
    &["startup"],
    &["cli"],
    &["main"],
];

/// On floors below this number, rooms may use their neighbours.
const NEIGHBOURLY: usize = 3;

/// Pairs that the floors allow and the house does not: the first must not use the second.
const NEVER: [(&str, &str); 2] = [("http", "store"), ("http", "ballot")];

/// Crates that only some rooms may name.
const RESERVED: [(&[&str], &[&str]); 3] = [
    (
        &[
            "actix_web",
            "actix_http",
            "actix_multipart",
            "tracing_actix_web",
            "utoipa_actix_web",
        ],
        &["http", "startup", "main"],
    ),
    (
        &[
            "diesel",
            "diesel_async",
            "diesel_migrations",
            "libsqlite3_sys",
        ],
        &["store", "ballot", "error"],
    ),
    (
        &["tokio_postgres", "tokio_postgres_rustls"],
        &["store", "ballot", "error"],
    ),
];

/// What the engine's manifest may ask for.
pub const ENGINE_DEPENDENCIES: [&str; 5] = ["rayon", "serde", "serde_json", "statrs", "thiserror"];

/// What the engine's sources may not name: the world, the clock and chance.
const NOT_IN_ENGINE: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time",
    "std::io::stdin",
    "std::io::stdout",
];

/// What is wrong with the imports of one source of the `klankbord` crate; `file` is its path below `src`.
pub fn check_api_source(file: &str, source: &str) -> Vec<String> {
    let room = match file {
        "lib.rs" => return Vec::new(),
        "main.rs" => "main",
        _ => module_of(file).first().copied().unwrap_or_default(),
    };
    let Some(floor) = floor_of(room) else {
        return vec![format!(
            "{file}: `{room}` is a room without a floor; say in rooms.rs who may use it"
        )];
    };
    let named = match paths(source, &module_of(file)) {
        Ok(named) => named,
        Err(error) => return vec![format!("{file}: {error}")],
    };
    named
        .iter()
        .filter_map(|named| complaint(room, floor, named).map(|words| at(file, named, &words)))
        .collect()
}

fn complaint(room: &str, floor: usize, named: &Named) -> Option<String> {
    let first = named.path.first()?.as_str();
    if matches!(first, "crate" | "klankbord") {
        let other = named.path.get(1)?.as_str();
        let stands = floor_of(other)?;
        let neighbour = stands == floor && floor < NEIGHBOURLY;
        let allowed = other == room || stands < floor || neighbour;
        let never = NEVER.contains(&(room, other));
        return (!allowed || never).then(|| format!("`{room}` must not use `{other}`"));
    }
    let reserved = RESERVED
        .iter()
        .find(|(crates, rooms)| crates.contains(&first) && !rooms.contains(&room));
    reserved.map(|(_, rooms)| format!("`{first}` belongs to {}", rooms.join(", ")))
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// What is wrong with one source of the engine; `file` is its path below `src`.
pub fn check_engine_source(file: &str, source: &str) -> Vec<String> {
    let named = match paths(source, &module_of(file)) {
        Ok(named) => named,
        Err(error) => return vec![format!("{file}: {error}")],
    };
    let forbidden = |named: &Named| {
        NOT_IN_ENGINE
            .iter()
            .find(|path| named.is_below(path))
            .copied()
    };
    let found = named.iter().filter_map(|named| {
        Some(at(
            file,
            named,
            &format!("the engine knows no {}", forbidden(named)?),
        ))
    });
    found.collect()
}

/// What is wrong with the engine's manifest.
pub fn check_engine_manifest(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = match manifest.parse() {
        Ok(table) => table,
        Err(error) => return vec![format!("survey-engine/Cargo.toml: {error}")],
    };
    let names = manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::keys);
    let foreign = names.filter(|name| !ENGINE_DEPENDENCIES.contains(&name.as_str()));
    foreign
        .map(|name| {
            format!("survey-engine/Cargo.toml: `{name}` is none of {ENGINE_DEPENDENCIES:?}")
        })
        .collect()
}

/// Tests wait for events, never for the clock: no path that ends in `sleep`.
pub fn check_test_source(file: &str, source: &str) -> Vec<String> {
    let named = match paths(source, &[]) {
        Ok(named) => named,
        Err(error) => return vec![format!("{file}: {error}")],
    };
    let sleeps = named
        .iter()
        .filter(|named| named.path.last().is_some_and(|name| name == "sleep"));
    sleeps
        .map(|named| at(file, named, "a test must not sleep"))
        .collect()
}

fn at(file: &str, named: &Named, words: &str) -> String {
    format!("{file}:{}: {words} ({})", named.line, named.written())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_import_is_found_wherever_it_hides() {
        for (file, source, wanted) in [
            (
                "http/v1/rounds.rs",
                "use crate::store::read;",
                "`http` must not use `store`",
            ),
            (
                "http/v1/rounds.rs",
                "fn f() { crate::store::read(); }",
                "`http` must not use `store`",
            ),
            (
                "http/v1/rounds.rs",
                "use super::super::super::store as s;",
                "`http` must not use `store`",
            ),
            (
                "http/pages/mod.rs",
                "use crate::{error::Error, ballot::Mailbox};",
                "`http` must not use `ballot`",
            ),
            (
                "store/pool.rs",
                "use crate::http::problem;",
                "`store` must not use `http`",
            ),
            (
                "service/round.rs",
                "use actix_web::web;",
                "`actix_web` belongs to http",
            ),
            (
                "service/round.rs",
                "fn f() { let x: diesel::SqliteConnection; }",
                "`diesel` belongs to store",
            ),
            (
                "service/round.rs",
                "use crate::http::v1;",
                "`service` must not use `http`",
            ),
            (
                "http/v1/x.rs",
                "use crate::job::queue;",
                "`http` must not use `job`",
            ),
            (
                "error.rs",
                "use crate::app::App;",
                "`error` must not use `app`",
            ),
            ("gadgets/mod.rs", "", "`gadgets` is a room without a floor"),
            ("main.rs", "fn main( {", "not Rust"),
        ] {
            let findings = check_api_source(file, source);
            assert!(
                findings.iter().any(|finding| finding.contains(wanted)),
                "{source}: {findings:?}"
            );
        }
    }

    #[test]
    fn the_way_down_is_open() {
        for (file, source) in [
            ("main.rs", "use klankbord::cli;"),
            ("cli/mod.rs", "use crate::{startup, service::round, store};"),
            (
                "http/v1/rounds.rs",
                "use crate::service::round; use crate::http::extract::Officer; use actix_web::web;",
            ),
            (
                "service/round.rs",
                "use crate::{app::App, store, ballot::mailbox, mail, auth}; use survey_engine::tally;",
            ),
            (
                "ballot/mailbox.rs",
                "use crate::store::write; use diesel::prelude::*;",
            ),
            (
                "service/round.rs",
                "#[cfg(test)] mod tests { use crate::startup; use actix_web::test; }",
            ),
            ("lib.rs", "pub mod store; pub use crate::http::x;"),
        ] {
            assert_eq!(check_api_source(file, source), Vec::<String>::new());
        }
    }

    #[test]
    fn the_engine_knows_no_world() {
        for source in [
            "use std::time::Instant;",
            "fn f() { std::fs::read(\"x\"); }",
            "use std::{env, fmt};",
            "use std::io::stdout;",
        ] {
            assert_eq!(
                check_engine_source("tally/mod.rs", source).len(),
                1,
                "{source}"
            );
        }
        assert!(
            check_engine_source(
                "lib.rs",
                "use std::collections::BTreeMap; use std::io::Write;"
            )
            .is_empty()
        );
        let manifest =
            "[dependencies]\nserde = \"1\"\ncsv = \"1\"\n[dev-dependencies]\nproptest = \"1\"";
        assert_eq!(check_engine_manifest(manifest).len(), 1);
        assert!(
            check_engine_manifest(
                "[dependencies]\nserde = \"1\"\n[dependencies.rayon]\nversion = \"1\""
            )
            .is_empty()
        );
    }

    #[test]
    fn a_sleeping_test_is_found() {
        assert_eq!(
            check_test_source("x.rs", "fn f() { std::thread::sleep(d); }").len(),
            1
        );
        assert_eq!(
            check_test_source("x.rs", "use tokio::time::{sleep, timeout};").len(),
            1
        );
        assert!(check_test_source("x.rs", "// sleep\nuse a::sleepless;").is_empty());
    }
}
