//! A PostgreSQL database of a story's own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

/// A freshly created, empty PostgreSQL database; dropped with this value.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Creates a database on the cluster of this test run.
    ///
    /// # Panics
    /// With a sentence that says what to install when there is no PostgreSQL on this machine.
    pub fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "story_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let cluster = cluster_url();
        administer(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        let server = cluster
            .rsplit_once('/')
            .map_or(cluster, |(server, _)| server);
        Self {
            url: format!("{server}/{name}"),
            name,
        }
    }

    /// The address to connect to: `postgres://user:password@host:port/name`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection of the test's own, to look at what was stored.
    pub fn connect(&self) -> Client {
        Client::connect(&self.url, NoTls).expect("the story's database answers")
    }

    /// Ends every connection to this database but the asking one, as a restart of PostgreSQL would.
    pub fn cut_connections(&self) {
        administer(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        ));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that was killed may leave a connection behind for a moment; FORCE ends it.
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        if std::thread::panicking() {
            let _best_effort = Client::connect(cluster_url(), NoTls)
                .map(|mut client| client.batch_execute(&statement));
        } else {
            administer(&statement);
        }
    }
}

fn administer(statement: &str) {
    let mut client = Client::connect(cluster_url(), NoTls).unwrap_or_else(|error| {
        panic!("the PostgreSQL cluster of the tests does not answer: {error:?}")
    });
    client
        .batch_execute(statement)
        .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}

/// The cluster that `KLANKBORD_TEST_POSTGRES` names, or else one that this process starts on first use.
fn cluster_url() -> &'static str {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    &CLUSTER
        .get_or_init(|| match std::env::var("KLANKBORD_TEST_POSTGRES") {
            Ok(url) => Cluster { url, _keeper: None },
            Err(_) => Cluster::start(),
        })
        .url
}

#[derive(Debug)]
struct Cluster {
    url: String,
    /// Ends, and takes the cluster with it, when its standard input closes: that is when this process ends.
    _keeper: Option<Child>,
}

impl Cluster {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/with-postgres");
        let mut keeper = Command::new(script)
            .args([
                "sh",
                "-c",
                "echo \"$KLANKBORD_TEST_POSTGRES\"; exec cat >/dev/null",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {script}: {error}"));
        let mut url = String::new();
        let output = keeper.stdout.take().expect("the output is a pipe");
        BufReader::new(output)
            .read_line(&mut url)
            .expect("the output can be read");
        let url = url.trim().to_owned();
        assert!(
            !url.is_empty(),
            "stories on PostgreSQL need PostgreSQL on this machine (Debian: apt-get install postgresql) \
             or an empty cluster named by KLANKBORD_TEST_POSTGRES=postgres://user:password@host:port/database"
        );
        Self {
            url,
            _keeper: Some(keeper),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_new_and_gone_afterwards() {
        let (first, second) = (Database::create(), Database::create());
        first
            .connect()
            .batch_execute("CREATE TABLE note (text TEXT)")
            .unwrap();
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        let count = |database: &Database| {
            database
                .connect()
                .query_one(tables, &[])
                .unwrap()
                .get::<_, i64>(0)
        };
        assert_eq!((count(&first), count(&second)), (1, 0));
        let url = first.url().to_owned();
        drop(first);
        assert!(Client::connect(&url, NoTls).is_err());
    }

    #[test]
    fn connections_can_be_cut() {
        let database = Database::create();
        let mut client = database.connect();
        database.cut_connections();
        assert!(client.batch_execute("SELECT 1").is_err());
        assert!(database.connect().batch_execute("SELECT 1").is_ok());
    }
}
