//! What was measured, as a table for people and as JSON for programs.

use std::time::Duration;

use serde_json::{Value, json};

/// One kind of request at one number of connections.
pub(crate) struct Row {
    /// What was asked.
    pub(crate) what: &'static str,
    /// Connections that were kept busy.
    pub(crate) connections: usize,
    /// Answers a second.
    pub(crate) rate: f64,
    /// Half of the answers came within this time.
    pub(crate) p50: Duration,
    /// All but a hundredth came within this time.
    pub(crate) p99: Duration,
    /// Processor time of the server for one answer.
    pub(crate) processor: Duration,
    /// Memory of the server at the end, in megabytes.
    pub(crate) memory: f64,
}

/// One thing that was to be reached.
pub(crate) struct Goal {
    /// What is compared with what.
    pub(crate) what: String,
    /// What was measured.
    pub(crate) measured: f64,
    /// What was to be reached.
    pub(crate) wanted: f64,
    /// The unit of both.
    pub(crate) unit: &'static str,
    /// Whether more is better.
    pub(crate) at_least: bool,
}

impl Goal {
    fn is_reached(&self) -> bool {
        if self.at_least {
            self.measured >= self.wanted
        } else {
            self.measured <= self.wanted
        }
    }
}

/// All that was measured on one database.
#[derive(Default)]
pub(crate) struct Report {
    /// Its name.
    pub(crate) database: &'static str,
    /// The table.
    pub(crate) rows: Vec<Row>,
    /// The goals.
    pub(crate) goals: Vec<Goal>,
    /// What is worth saying besides.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// The row of a kind of request at a number of connections.
    pub(crate) fn row(&self, what: &str, connections: usize) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.what == what && row.connections == connections)
    }

    /// Prints one row as soon as it is there.
    pub(crate) fn print_row(row: &Row) {
        println!(
            "{:<44} {:>5} {:>10.0} {:>9.2} {:>9.2} {:>9.0} {:>8.1}",
            row.what,
            row.connections,
            row.rate,
            milliseconds(row.p50),
            milliseconds(row.p99),
            row.processor.as_secs_f64() * 1e6,
            row.memory,
        );
    }

    /// Prints the head of the table.
    pub(crate) fn print_head(&self) {
        println!(
            "\n{:<44} {:>5} {:>10} {:>9} {:>9} {:>9} {:>8}",
            self.database, "conn.", "requests/s", "p50 ms", "p99 ms", "CPU us", "RSS MB"
        );
    }

    /// Prints the goals and the notes.
    pub(crate) fn print_rest(&self) {
        println!();
        for goal in &self.goals {
            let sign = if goal.at_least { "≥" } else { "≤" };
            let verdict = if goal.is_reached() {
                "reached"
            } else {
                "not reached"
            };
            println!(
                "{:<70} {:>8.2} {sign} {:>6.2} {:<3} {verdict}",
                goal.what, goal.measured, goal.wanted, goal.unit
            );
        }
        for note in &self.notes {
            println!("{note}");
        }
    }

    /// All of it for programs.
    pub(crate) fn json(&self) -> Value {
        let row = |row: &Row| {
            json!({
                "what": row.what, "connections": row.connections, "requestsPerSecond": row.rate,
                "p50Ms": milliseconds(row.p50), "p99Ms": milliseconds(row.p99),
                "cpuUs": row.processor.as_secs_f64() * 1e6, "memoryMb": row.memory,
            })
        };
        let goal = |goal: &Goal| {
            json!({
                "what": goal.what, "measured": goal.measured, "wanted": goal.wanted, "unit": goal.unit,
                "atLeast": goal.at_least, "reached": goal.is_reached(),
            })
        };
        json!({
            "database": self.database, "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
            "goals": self.goals.iter().map(goal).collect::<Vec<_>>(), "notes": self.notes,
        })
    }
}

/// A time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
