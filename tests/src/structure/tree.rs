//! The files of the house: what lies at the top, how long a file may be, which words are left behind.

/// What may lie in the top folder beside dot-files and the build folder.
const TOP: [&str; 13] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "api",
    "survey-engine",
    "migrations",
    "openapi",
    "tests",
    "rustfmt.toml",
    "clippy.toml",
    "deny.toml",
];

/// The most lines that a source may have.
const MOST_LINES: usize = 600;

/// Endings of the sources that people write.
const SOURCES: [&str; 12] = [
    ".rs", ".py", ".mjs", ".js", ".sql", ".html", ".css", ".ftl", ".toml", ".md", ".txt", ".sh",
];

/// Words that mean unfinished work, taken apart so that this file does not contain them.
const LEFT_BEHIND: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// What does not belong at the top; `ignored` are the names that version control ignores there.
pub fn check_top(entries: &[String], ignored: &[String]) -> Vec<String> {
    let foreign = entries.iter().filter(|name| {
        !name.starts_with('.') && !TOP.contains(&name.as_str()) && !ignored.contains(name)
    });
    let mut findings: Vec<String> = foreign
        .map(|name| format!("{name} does not belong in the top folder"))
        .collect();
    let missing = TOP
        .iter()
        .filter(|wanted| !entries.iter().any(|name| name == *wanted));
    findings.extend(missing.map(|name| format!("{name} is missing from the top folder")));
    findings
}

/// The top-level names that a `.gitignore` ignores.
pub fn ignored_at_top(gitignore: &str) -> Vec<String> {
    let names = gitignore
        .lines()
        .filter_map(|line| line.trim().strip_prefix('/'));
    names
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect()
}

/// Whether a file is written by people and so read by the checks below.
pub fn is_source(file: &str) -> bool {
    SOURCES.iter().any(|ending| file.ends_with(ending)) && !file.ends_with("Cargo.lock")
}

/// What is wrong with one source: too long, or with unfinished work in it.
pub fn check_source(file: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let length = text.lines().count();
    if length > MOST_LINES {
        findings.push(format!(
            "{file} has {length} lines; split it (at most {MOST_LINES})"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split(|sign: char| !sign.is_ascii_alphanumeric());
        if let Some(word) = words.find(|word| LEFT_BEHIND.contains(word)) {
            findings.push(format!("{file}:{}: {word}", number + 1));
        }
    }
    findings
}

/// What one database's migrations have and the other's lack.
pub fn check_migrations(sqlite: &[String], postgres: &[String]) -> Vec<String> {
    let lacks = |own: &[String], other: &[String], place: &str| -> Vec<String> {
        let missing = own.iter().filter(|name| !other.contains(name));
        missing
            .map(|name| format!("migrations/{place} lacks {name}"))
            .collect()
    };
    let mut findings = lacks(sqlite, postgres, "postgres");
    findings.extend(lacks(postgres, sqlite, "sqlite"));
    if sqlite.is_empty() {
        findings.push("migrations/sqlite has no migration".to_owned());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_stray_entry_and_a_missing_one_are_found() {
        let mut entries = owned(&TOP);
        assert!(check_top(&entries, &[]).is_empty());
        entries.extend(owned(&["target", ".ci", "notes.txt"]));
        entries.retain(|name| name != "LICENSE-MIT");
        let ignored = ignored_at_top("/target\n/data/\nnode_modules/\n");
        assert_eq!(ignored, ["target", "data"]);
        let findings = check_top(&entries, &ignored);
        assert_eq!(
            findings,
            [
                "notes.txt does not belong in the top folder",
                "LICENSE-MIT is missing from the top folder"
            ]
        );
    }

    #[test]
    fn long_files_and_unfinished_work_are_found() {
        assert!(check_source("a.rs", &"x\n".repeat(MOST_LINES)).is_empty());
        assert_eq!(check_source("a.rs", &"x\n".repeat(MOST_LINES + 1)).len(), 1);
        let text = format!(
            "fine\n// {}: later\n\"{}\"\ntodos and TODOLIST are words",
            LEFT_BEHIND[0], LEFT_BEHIND[1]
        );
        assert_eq!(check_source("a.rs", &text).len(), 2);
        assert!(
            is_source("api/src/lib.rs")
                && !is_source("Cargo.lock")
                && !is_source("openapi/openapi.json")
        );
    }

    #[test]
    fn migrations_that_differ_are_found() {
        let one = owned(&["0001_first/up.sql", "0002_second/up.sql"]);
        assert!(check_migrations(&one, &one).is_empty());
        assert_eq!(
            check_migrations(&one, &one[..1]),
            ["migrations/postgres lacks 0002_second/up.sql"]
        );
        assert_eq!(
            check_migrations(&one[1..], &one),
            ["migrations/sqlite lacks 0001_first/up.sql"]
        );
        assert_eq!(check_migrations(&[], &[]).len(), 1);
    }
}
