//! How an installation looked when the schemas had their first version.

use std::path::{Path, PathBuf};
use std::process::Command;

use klankbord_tests::Stage;

/// The version of its schemas.
pub(super) const VERSION: &str = "20261123000001";

/// Makes of an installation, whose server is stopped, one of the first version with the same content: schemas that nothing but the first
/// migrations has made, and no keys that there were none of.
pub(super) fn return_to(stage: &Stage) {
    for store in ["roster", "ballots"] {
        match stage.database() {
            Some(_) => schema(stage, store),
            None => file(stage, store),
        }
    }
    let keys = stage.data_folder().join("keys");
    std::fs::remove_dir_all(keys.join("escrow")).expect("there was none");
    std::fs::remove_file(keys.join("recovery.pub")).expect("there was none");
    std::fs::remove_file(stage.data_folder().join("recovery-key.txt")).expect("there was none");
    for entry in std::fs::read_dir(keys.join("secrets")).expect("the secrets") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("opening-") || name.starts_with("link-") {
            std::fs::remove_file(&path).expect("there was none");
        }
    }
}

fn migration(backend: &str, store: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!(
        "../migrations/{backend}/{store}/2026-11-23-000001_foundation/up.sql"
    ))
}

fn file(stage: &Stage, store: &str) {
    let script = "import os, sqlite3, sys\n\
        path, migration, version = sys.argv[1:]\n\
        settled = sqlite3.connect(path)\n\
        settled.execute('PRAGMA journal_mode = DELETE')\n\
        settled.close()\n\
        os.rename(path, path + '-former')\n\
        new = sqlite3.connect(path)\n\
        new.executescript(open(migration).read())\n\
        new.execute('CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)')\n\
        new.execute('ATTACH ? AS former', (path + '-former',))\n\
        tables = [row[0] for row in new.execute(\"SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> '__diesel_schema_migrations'\")]\n\
        for table in tables:\n\
        \x20   columns = ', '.join(row[1] for row in new.execute(f'PRAGMA main.table_info({table})'))\n\
        \x20   new.execute(f'INSERT INTO main.{table} ({columns}) SELECT {columns} FROM former.{table}')\n\
        new.execute('INSERT INTO __diesel_schema_migrations (version) VALUES (?)', (version,))\n\
        new.commit()\n\
        new.execute('DETACH former')\n\
        new.execute('PRAGMA journal_mode = WAL')\n\
        new.close()\n\
        os.remove(path + '-former')\n";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(stage.data_folder().join(format!("{store}.sqlite")))
        .arg(migration("sqlite", store))
        .arg(VERSION)
        .output()
        .expect("Python starts");
    assert!(
        done.status.success(),
        "{store}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn schema(stage: &Stage, store: &str) {
    let database = stage.database().expect("a database");
    let mut client = database.connect();
    let migration =
        std::fs::read_to_string(migration("postgres", store)).expect("the first migration");
    let mut run = |statements: &str| {
        client
            .batch_execute(statements)
            .unwrap_or_else(|error| panic!("{store}: {statements}: {error:?}"));
    };
    run(&format!(
        "ALTER SCHEMA {store} RENAME TO former; CREATE SCHEMA {store}; SET search_path TO {store}"
    ));
    run(&migration);
    // In whatever order: what a row refers to may come after it.
    run(&format!(
        "SET session_replication_role = replica; \
         DO $$ DECLARE t record; BEGIN FOR t IN \
         SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns \
         FROM information_schema.columns WHERE table_schema = '{store}' GROUP BY table_name \
         LOOP EXECUTE format('INSERT INTO {store}.%1$I (%2$s) SELECT %2$s FROM former.%1$I', t.table_name, t.columns); END LOOP; END $$; \
         SET session_replication_role = origin"
    ));
    run(&format!(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
         INSERT INTO __diesel_schema_migrations (version) VALUES ('{VERSION}'); DROP SCHEMA former CASCADE"
    ));
}
