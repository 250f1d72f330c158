//! The packages of the tree: which are banned and under which licences the others come, as `deny.toml` says.

use spdx::{Expression, LicenseReq};

/// What `deny.toml` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Names of packages that may not be in the tree.
    pub banned: Vec<String>,
    /// SPDX identifiers of licences that are fine for every package.
    pub licences: Vec<String>,
    /// Packages that may come under further licences, each with one of them.
    pub exceptions: Vec<(String, String)>,
}

impl Policy {
    /// The policy for what is shipped: without exceptions.
    #[must_use]
    pub fn without_exceptions(self) -> Self {
        Self {
            exceptions: Vec::new(),
            ..self
        }
    }
}

/// A package of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its licence expression, as its author wrote it.
    pub licence: String,
}

/// Reads the parts of `deny.toml` that are checked here.
///
/// # Errors
/// A sentence when the file cannot be read or lacks one of the two lists.
pub fn policy(deny: &str) -> Result<Policy, String> {
    let table: toml::Table = deny
        .parse()
        .map_err(|error| format!("deny.toml: {error}"))?;
    let list = |section: &str, key: &str| {
        let found = table
            .get(section)
            .and_then(|section| section.get(key))
            .and_then(toml::Value::as_array);
        found
            .cloned()
            .ok_or_else(|| format!("deny.toml has no list {section}.{key}"))
    };
    let name = |value: &toml::Value| {
        value
            .get("crate")
            .unwrap_or(value)
            .as_str()
            .map(str::to_owned)
    };
    let exceptions = list("licenses", "exceptions")?
        .into_iter()
        .flat_map(|exception| {
            let package = name(&exception).unwrap_or_default();
            let licences = exception
                .get("allow")
                .and_then(toml::Value::as_array)
                .cloned();
            let licences = licences.unwrap_or_default();
            let pairs = licences
                .into_iter()
                .map(move |licence| Some((package.clone(), name(&licence)?)));
            pairs.collect::<Vec<_>>()
        });
    Ok(Policy {
        exceptions: exceptions.flatten().collect(),
        banned: list("bans", "deny")?.iter().filter_map(name).collect(),
        licences: list("licenses", "allow")?.iter().filter_map(name).collect(),
    })
}

/// Reads what `cargo tree --prefix none --format '{p}|{l}'` prints.
pub fn packages(tree: &str) -> Vec<Package> {
    let mut found = Vec::new();
    for line in tree.lines() {
        let Some((package, licence)) = line.split_once('|') else {
            continue;
        };
        let name = package
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        let licence = licence.trim_end_matches(" (*)").trim().to_owned();
        let package = Package { name, licence };
        if !found.contains(&package) {
            found.push(package);
        }
    }
    found
}

/// What in the tree goes against the policy.
pub fn check(policy: &Policy, packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for Package { name, licence } in packages {
        if policy.banned.contains(name) {
            findings.push(format!(
                "{name} is banned; `cargo tree -i {name}` says who brought it"
            ));
        }
        let allowed = |wanted: &LicenseReq| {
            let id = wanted.license.id().map(|id| id.name).unwrap_or_default();
            let exception = wanted
                .addition
                .as_ref()
                .map(|addition| format!("{id} WITH {addition}"));
            let own = policy
                .exceptions
                .iter()
                .filter(|(package, _)| package == name);
            let mut known = policy
                .licences
                .iter()
                .chain(own.map(|(_, licence)| licence));
            known.any(|known| known == id || Some(known) == exception.as_ref())
        };
        // Some authors still write `MIT/Apache-2.0` for `MIT OR Apache-2.0`.
        match Expression::parse(&licence.replace('/', " OR ")) {
            Ok(expression) if expression.evaluate(allowed) => {}
            Ok(_) => findings.push(format!(
                "{name} comes under `{licence}`, which deny.toml does not allow"
            )),
            Err(_) => findings.push(format!(
                "{name} has no licence that can be read: `{licence}`"
            )),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str = "[bans]\ndeny = [{ crate = \"rsa\", reason = \"x\" }, \"openssl-sys\"]\n\
        [licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\"]\n\
        exceptions = [{ crate = \"reader\", allow = [\"MPL-2.0\"] }]";

    #[test]
    fn banned_packages_and_foreign_licences_are_found() {
        let policy = policy(DENY).unwrap();
        let tree = "klankbord v0.1.0 (/x)|Apache-2.0 OR MIT\nrsa v0.9.0|MIT/Apache-2.0\nopenssl-sys v1|MIT (*)\n\
            limits v1|GPL-3.0-or-later\nwide v1|GPL-2.0-only OR MIT\nboth v1|MIT AND MPL-2.0\nnone v1|\n\
            llvm v1|Apache-2.0 WITH LLVM-exception\nreader v1|MPL-2.0\nrsa v0.9.0|MIT/Apache-2.0 (*)\n";
        let found = |policy: &Policy| -> Vec<String> {
            let findings = check(policy, &packages(tree));
            findings
                .iter()
                .filter_map(|finding| Some(finding.split_once(' ')?.0.to_owned()))
                .collect()
        };
        assert_eq!(
            found(&policy),
            ["rsa", "openssl-sys", "limits", "both", "none"]
        );
        let shipped = found(&policy.without_exceptions());
        assert_eq!(
            shipped,
            ["rsa", "openssl-sys", "limits", "both", "none", "reader"]
        );
    }

    #[test]
    fn a_policy_without_its_lists_is_refused() {
        assert!(policy("[bans]\ndeny = []").is_err());
        assert!(policy("not toml").is_err());
    }
}
