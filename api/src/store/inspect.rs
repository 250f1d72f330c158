//! A look at both stores that changes nothing: for whoever asks whether all is well.

use super::connection::{Conn, Manager, Place, Side};
use super::migrate;
use crate::config::Config;
use crate::error::{Error, Result};
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// What SQLite says is wrong with its files; nothing on PostgreSQL.
    pub damage: Vec<String>,
    /// Settings of PostgreSQL with which it may lose what it has confirmed.
    pub careless: Vec<String>,
    /// The database's clock, in milliseconds since 1970; `None` on SQLite, which has none.
    pub clock_ms: Option<i64>,
    /// Rounds that are open or closing.
    pub rounds: Vec<LivingRound>,
    /// The keys that sign claims of rounds that are open.
    pub signing_keys: Vec<LivingSigningKey>,
    /// Mails that were given up.
    pub failed_mails: i64,
    /// Mails that should have left before the moment asked about.
    pub late_mails: i64,
}

/// A round that takes answers, or is being closed.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct LivingRound {
    /// Number of its tenant.
    #[diesel(sql_type = BigInt)]
    pub tenant: i64,
    /// Its code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// `anonymous`, `confidential` or `identified`.
    #[diesel(sql_type = Text)]
    pub mode: String,
    /// `open` or `closing`.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// When it closes, in milliseconds since 1970.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub closes_at: Option<i64>,
    /// The public half of the key that its ballots are sealed with; nothing where another Klankbord has opened it, which sealed none.
    #[diesel(sql_type = Nullable<Text>)]
    pub sealing_key: Option<String>,
    /// Forms that people were asked to fill in.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// Those that were claimed.
    #[diesel(sql_type = BigInt)]
    pub claimed: i64,
    /// Ballots in its mailbox.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Whether there is a box for them that has not been opened.
    #[diesel(sql_type = Bool)]
    pub has_box: bool,
}

/// A key that signs claims of a round.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct LivingSigningKey {
    /// Number of its tenant.
    #[diesel(sql_type = BigInt)]
    pub tenant: i64,
    /// Its round.
    #[diesel(sql_type = Text)]
    pub round: String,
    /// Its number in the round.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    tenant: i64,
    #[diesel(sql_type = Text)]
    round: String,
    #[diesel(sql_type = BigInt)]
    ballots: i64,
}

const WAITING: &str = "SELECT b.tenant, b.round, (SELECT count(*) FROM mailbox m WHERE m.tenant = b.tenant AND m.round = b.round) AS ballots \
     FROM ballot_box b WHERE b.status <> 'opened'";

const ROUNDS: &str = "SELECT r.tenant, r.code, r.mode, r.status, r.closes_at, r.sealing_key, \
     (SELECT count(*) FROM assignment a WHERE a.tenant = r.tenant AND a.round = r.code) \
       + (SELECT CAST(COALESCE(sum(f.claimed), 0) AS BIGINT) FROM former_claim f WHERE f.tenant = r.tenant AND f.round = r.code) AS issued, \
     (SELECT count(*) FROM assignment a WHERE a.tenant = r.tenant AND a.round = r.code AND a.claim IS NOT NULL) \
       + (SELECT CAST(COALESCE(sum(f.claimed), 0) AS BIGINT) FROM former_claim f WHERE f.tenant = r.tenant AND f.round = r.code) AS claimed, \
     CAST(0 AS BIGINT) AS waiting, 1 = 0 AS has_box \
     FROM round r WHERE r.status IN ('open', 'closing') ORDER BY r.tenant, r.code";

const SIGNING_KEYS: &str = "SELECT k.tenant, k.round, k.number FROM signing_key k JOIN round r ON r.tenant = k.tenant AND r.code = k.round \
     WHERE r.status = 'open' AND k.public_key IS NOT NULL ORDER BY k.tenant, k.round, k.number";

/// Runs a query that gives rows of one type, on either backend.
macro_rules! rows {
    ($conn:expr, $query:expr, $row:ty) => {
        match $conn {
            Conn::Sqlite(conn) => sql_query($query).load::<$row>(conn),
            Conn::Postgres(conn) => sql_query($query).load::<$row>(conn),
        }
        .map_err(Error::from)
    };
}

/// Looks at both stores; `late` is the moment before which mail should have left, in milliseconds since 1970. Waits for the databases.
///
/// # Errors
/// [`Error::Conflict`] where there are no stores, or their schemas are not those of this Klankbord; [`Error::Unavailable`].
pub fn inspect(config: &Config, late: i64) -> Result<Inspection> {
    if config.database.url == "sqlite" {
        super::copy::require_files(&config.data_dir)?;
    }
    let place = Place::of(config)?;
    let mut found = Inspection::default();
    let open = |side| {
        Manager {
            place: place.clone(),
            side,
            read_only: true,
        }
        .open()
    };
    let mut roster = open(Side::Roster)?;
    let mut ballots = open(Side::Ballots)?;
    migrate::require_current(&mut roster, Side::Roster)?;
    migrate::require_current(&mut ballots, Side::Ballots)?;
    for conn in [&mut roster, &mut ballots] {
        check_files(conn, &mut found)?;
    }
    ask_server(&mut roster, &mut found)?;
    // The ballots first: each was claimed before it was there.
    let waiting = rows!(&mut ballots, WAITING, Waiting)?;
    found.rounds = rows!(&mut roster, ROUNDS, LivingRound)?;
    found.signing_keys = rows!(&mut roster, SIGNING_KEYS, LivingSigningKey)?;
    for round in &mut found.rounds {
        let of = |one: &&Waiting| (one.tenant, &one.round) == (round.tenant, &round.code);
        if let Some(one) = waiting.iter().find(of) {
            round.waiting = one.ballots;
            round.has_box = true;
        }
    }
    let count = |conn: &mut Conn, filter: String| {
        let query = format!("SELECT count(*) AS number FROM outbox WHERE {filter}");
        Ok::<_, Error>(
            rows!(conn, &query, Number)?
                .first()
                .map_or(0, |one| one.number),
        )
    };
    found.failed_mails = count(&mut roster, "status = 'failed'".to_owned())?;
    found.late_mails = count(
        &mut roster,
        format!("status IN ('waiting', 'sending') AND next_attempt_at < {late}"),
    )?;
    Ok(found)
}

fn check_files(conn: &mut Conn, found: &mut Inspection) -> Result<()> {
    let Conn::Sqlite(conn) = conn else {
        return Ok(());
    };
    let lines: Vec<Line> =
        sql_query("SELECT quick_check AS line FROM pragma_quick_check LIMIT 5").load(conn)?;
    found.damage.extend(
        lines
            .into_iter()
            .map(|one| one.line)
            .filter(|line| line != "ok"),
    );
    Ok(())
}

fn ask_server(conn: &mut Conn, found: &mut Inspection) -> Result<()> {
    let Conn::Postgres(conn) = conn else {
        return Ok(());
    };
    let careless: Vec<Line> = sql_query(
        "SELECT name || ' = ' || setting AS line FROM pg_settings \
         WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name",
    )
    .load(conn)?;
    found.careless = careless.into_iter().map(|one| one.line).collect();
    let now: Number =
        sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS number")
            .get_result(conn)?;
    found.clock_ms = Some(now.number);
    Ok(())
}
