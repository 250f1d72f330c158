//! Suppression, queries in time, snapshots, masks and noise.

#[path = "../disclosure/audit.rs"]
mod audit;

use serde_json::{Value, json};
use survey_engine::disclosure::{
    Audit, ExtremeLimits, QueryAuditor, Refusal, Table, TwoSidedGeometric, audit_of_primary_only,
    masked_percent, published_snapshots, suppress,
};

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, count, list, number, text};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("suppression_table", suppression_table),
    ("suppression_query_sequence", suppression_query_sequence),
    ("suppression_snapshots", suppression_snapshots),
    ("extreme_percent_mask", extreme_percent_mask),
    ("dp_two_sided_geometric", dp_two_sided_geometric),
];

fn field<'v>(value: &'v Value, name: &str) -> Result<&'v Value, String> {
    value.get(name).ok_or_else(|| format!("no {name:?}"))
}

fn minimum(parameters: &mut Parameters<'_>) -> Result<u32, String> {
    u32::try_from(parameters.count("minimum_n")?).map_err(|error| error.to_string())
}

/// Disjoint groups by name.
struct Atoms<'v> {
    names: Vec<&'v str>,
    persons: Vec<u64>,
}

impl<'v> Atoms<'v> {
    fn of(parameters: &mut Parameters<'v>) -> Result<Self, String> {
        let (mut names, mut persons) = (Vec::new(), Vec::new());
        for atom in parameters.list("atoms")? {
            let name = text("name", field(atom, "name")?)?;
            if names.contains(&name) {
                return Err(format!("two atoms {name:?}"));
            }
            names.push(name);
            persons.push(count("n", field(atom, "n")?)?);
        }
        Ok(Self { names, persons })
    }

    fn position(&self, name: &Value) -> Result<usize, String> {
        let name = text("atom", name)?;
        let at = self.names.iter().position(|known| *known == name);
        at.ok_or_else(|| format!("no atom {name:?}"))
    }

    fn named(&self, atoms: &[usize]) -> Vec<&'v str> {
        atoms.iter().map(|atom| self.names[*atom]).collect()
    }

    /// Names and atoms of cells or queries.
    fn groups(&self, groups: &'v [Value]) -> Result<(Vec<&'v str>, Vec<Vec<usize>>), String> {
        let (mut names, mut all) = (Vec::new(), Vec::new());
        for group in groups {
            names.push(text("name", field(group, "name")?)?);
            let atoms = list("atoms", field(group, "atoms")?)?;
            all.push(
                atoms
                    .iter()
                    .map(|atom| self.position(atom))
                    .collect::<Result<_, _>>()?,
            );
        }
        Ok((names, all))
    }

    /// Whether something about the atoms `leak`, which are too few persons, follows from `rows`, by the definition.
    fn is_leak(&self, leak: &Value, rows: &[&Vec<usize>], minimum: u32) -> bool {
        let atoms = leak.as_array().and_then(|names| {
            let found = names.iter().map(|name| self.position(name).ok());
            found.collect::<Option<Vec<usize>>>()
        });
        let Some(atoms) = atoms else { return false };
        let persons: u64 = atoms.iter().map(|atom| self.persons[*atom]).sum();
        persons < u64::from(minimum) && audit::follows_about(rows, &self.persons, &atoms)
    }
}

fn without<'c>(cells: &'c [Vec<usize>], hidden: &[usize]) -> Vec<&'c Vec<usize>> {
    let shown = cells
        .iter()
        .enumerate()
        .filter(|(at, _)| !hidden.contains(at));
    shown.map(|(_, cell)| cell).collect()
}

fn suppression_table(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let minimum = minimum(parameters)?;
    parameters.remark("description");
    let atoms = Atoms::of(parameters)?;
    let (names, cells) = atoms.groups(parameters.list("cells")?)?;
    let table =
        Table::new(atoms.persons.clone(), cells.clone()).map_err(|error| error.to_string())?;
    let found = suppress(&table, minimum);
    if !found.is_optimal {
        return Err("the optimum was not found within the audits allowed".to_owned());
    }
    let listed = |cells: &[usize]| cells.iter().map(|cell| names[*cell]).collect::<Vec<_>>();
    let position = |name: &Value| names.iter().position(|known| name.as_str() == Some(*known));
    let primary_only = audit_of_primary_only(&table, minimum);
    let leak = match &primary_only {
        Audit::Safe => Value::Null,
        Audit::Leak(own) => {
            let own = json!(atoms.named(own));
            let rows = without(&cells, &found.primary);
            if !atoms.is_leak(&own, &rows, minimum) {
                return Err(format!("{own} is no leak"));
            }
            let other = case.expected.get("leaking_atoms_if_primary_only");
            let other = other.filter(|leak| atoms.is_leak(leak, &rows, minimum));
            other.cloned().unwrap_or(own)
        }
        other => return Err(format!("{other:?}")),
    };
    // Another set of cells does as well if it is as small and has as few persons, and is safe by the definition.
    let does_as_well = |secondary: &Value| {
        let cells_of: Option<Vec<usize>> = secondary.as_array()?.iter().map(position).collect();
        let others = cells_of?;
        let persons: u64 = others.iter().filter_map(|cell| table.persons(*cell)).sum();
        let hidden: Vec<usize> = found.primary.iter().chain(&others).copied().collect();
        let rows = without(&cells, &hidden);
        let is_safe = audit::leak_of(&rows, &atoms.persons, u64::from(minimum)).is_none();
        let cost = (found.secondary.len(), found.secondary_persons);
        ((others.len(), persons) == cost && is_safe).then(|| secondary.clone())
    };
    let secondary = json!(listed(&found.secondary));
    if does_as_well(&secondary).is_none() {
        return Err(format!("{secondary} is not safe"));
    }
    let other = case.expected.get("reference_secondary");
    Ok(json!({
        "primary": listed(&found.primary),
        "primary_only_is_safe": primary_only.is_safe(),
        "leaking_atoms_if_primary_only": leak,
        "minimum_secondary_count": found.secondary.len(),
        "minimum_secondary_total_n": found.secondary_persons,
        "reference_secondary": other.and_then(does_as_well).unwrap_or(secondary),
    }))
}

fn suppression_query_sequence(
    case: &Case,
    parameters: &mut Parameters<'_>,
) -> Result<Value, String> {
    let minimum = minimum(parameters)?;
    parameters.remark("description");
    let atoms = Atoms::of(parameters)?;
    let (names, queries) = atoms.groups(parameters.list("queries")?)?;
    let mut auditor = QueryAuditor::new(minimum);
    auditor
        .add_atoms(&atoms.persons)
        .map_err(|error| error.to_string())?;
    let mut answered: Vec<&Vec<usize>> = Vec::new();
    let mut decisions = Vec::new();
    for (at, (name, query)) in names.iter().zip(&queries).enumerate() {
        let decision = auditor.ask(query).map_err(|error| error.to_string())?;
        let mut rows = answered.clone();
        rows.push(query);
        let (reason, leak) = match &decision.refusal {
            None => {
                answered.push(query);
                (Value::Null, Value::Null)
            }
            Some(Refusal::BelowMinimumN) => (json!("below_minimum_n"), Value::Null),
            Some(Refusal::Differencing { leak }) => {
                let own = json!(atoms.named(leak));
                if !atoms.is_leak(&own, &rows, minimum) {
                    return Err(format!("{own} is no leak"));
                }
                let other = case.expected.pointer(&format!("/decisions/{at}/leak"));
                let other = other.filter(|leak| atoms.is_leak(leak, &rows, minimum));
                (json!("differencing"), other.cloned().unwrap_or(own))
            }
            Some(other) => return Err(format!("{other:?}")),
        };
        decisions.push(json!({
            "query": name,
            "n": decision.persons,
            "answer": decision.is_answered(),
            "reason": reason,
            "leak": leak,
        }));
    }
    Ok(json!({ "decisions": decisions }))
}

fn suppression_snapshots(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let minimum = minimum(parameters)?;
    parameters.remark("description");
    let counts = parameters.list("cumulative_n")?.iter();
    let counts: Vec<u64> = counts
        .map(|n| count("cumulative_n", n))
        .collect::<Result<_, _>>()?;
    Ok(json!({ "publish": published_snapshots(&counts, minimum) }))
}

fn extreme_percent_mask(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let minimum = minimum(parameters)?;
    parameters.remark("description");
    let limits = match parameters.optional("limits") {
        None => ExtremeLimits::default(),
        Some(limits) => {
            let mut pairs = Vec::new();
            for pair in list("limits", limits)? {
                let [from, percent] = list("limit", pair)? else {
                    return Err(format!("{pair} is no pair"));
                };
                let percent = u32::try_from(count("percent", percent)?);
                let percent = percent.map_err(|error| error.to_string())?;
                pairs.push((count("n", from)?, percent));
            }
            ExtremeLimits::new(pairs).map_err(|error| error.to_string())?
        }
    };
    let mut display = Vec::new();
    for share in parameters.list("cases")? {
        let favourable = count("favourable", field(share, "favourable")?)?;
        let n = count("n", field(share, "n")?)?;
        let shown = masked_percent(favourable, n, n, minimum, &limits);
        display.push(shown.map(|shown| shown.to_string()));
    }
    Ok(json!({ "display": display }))
}

fn dp_two_sided_geometric(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.remark("description");
    let mut cases = Vec::new();
    for case in parameters.list("cases")? {
        let epsilon = number("epsilon", field(case, "epsilon")?)?;
        let sensitivity = u32::try_from(count("sensitivity", field(case, "sensitivity")?)?)
            .map_err(|error| error.to_string())?;
        let noise = TwoSidedGeometric::new(epsilon, sensitivity).ok_or("no such noise")?;
        let masses: Vec<f64> = (0..=5).map(|z| noise.probability(z)).collect();
        cases.push(json!({
            "alpha": noise.alpha(),
            "pmf_0_to_5": masses,
            "variance": noise.variance(),
            "p_abs_ge_10": noise.tail(10),
        }));
    }
    Ok(json!({ "cases": cases }))
}
