//! Expected against computed.

use serde_json::Value;

#[derive(Clone, Copy)]
struct Tolerance {
    abs: f64,
    rel: f64,
}

struct Comparison<'a> {
    per_field: Option<&'a Value>,
    optional: &'a [&'a str],
    wrong: Vec<String>,
    left_out: Vec<String>,
}

/// The optional fields that `got` leaves out; or everything in which it differs from `expected`.
pub(crate) fn compare(
    expected: &Value,
    got: &Value,
    tolerance: &Value,
    optional: &[&str],
) -> Result<Vec<String>, String> {
    let whole = read(tolerance)?;
    let mut comparison = Comparison {
        per_field: tolerance.get("per_field"),
        optional,
        wrong: Vec::new(),
        left_out: Vec::new(),
    };
    comparison.visit("", expected, Some(got), whole)?;
    if comparison.wrong.is_empty() {
        Ok(comparison.left_out)
    } else {
        Err(comparison.wrong.join("\n"))
    }
}

fn read(tolerance: &Value) -> Result<Tolerance, String> {
    let part = |name: &str| {
        let value = tolerance.get(name).and_then(Value::as_f64);
        value.ok_or_else(|| format!("the tolerance has no {name:?}"))
    };
    Ok(Tolerance {
        abs: part("abs")?,
        rel: part("rel")?,
    })
}

impl Comparison<'_> {
    fn visit(
        &mut self,
        path: &str,
        expected: &Value,
        got: Option<&Value>,
        tolerance: Tolerance,
    ) -> Result<(), String> {
        let Some(got) = got else {
            self.wrong
                .push(format!("{path}: missing, expected {expected}"));
            return Ok(());
        };
        match (expected, got) {
            (Value::Object(fields), Value::Object(found)) => {
                for (name, value) in fields {
                    let inner = format!("{path}/{name}");
                    if !found.contains_key(name) && self.is_optional(name) {
                        self.left_out.push(inner);
                        continue;
                    }
                    let own = self.per_field.and_then(|fields| fields.get(name));
                    let own = own.map(read).transpose()?.unwrap_or(tolerance);
                    self.visit(&inner, value, found.get(name), own)?;
                }
            }
            (Value::Array(entries), Value::Array(found)) if entries.len() == found.len() => {
                for (at, (entry, found)) in entries.iter().zip(found).enumerate() {
                    self.visit(&format!("{path}/{at}"), entry, Some(found), tolerance)?;
                }
            }
            // Some software writes a list of one number without brackets.
            (Value::Number(_) | Value::Null, Value::Array(found)) if found.len() == 1 => {
                self.visit(path, expected, found.first(), tolerance)?;
            }
            (Value::Number(wanted), Value::Number(found)) => {
                let wanted = wanted.as_f64().unwrap_or(f64::NAN);
                let found = found.as_f64().unwrap_or(f64::NAN);
                let allowed = tolerance.abs + tolerance.rel * wanted.abs();
                let is_near = (found - wanted).abs() <= allowed;
                if !is_near {
                    let off = (found - wanted).abs();
                    self.wrong.push(format!(
                        "{path}: got {found}, expected {wanted} within {allowed:e}, off by {off:e}"
                    ));
                }
            }
            // An interval without ends is none.
            (Value::Array(ends), Value::Null) | (Value::Null, Value::Array(ends))
                if ends.len() == 2 && ends.iter().all(Value::is_null) => {}
            (expected, got) if expected == got => {}
            _ => self
                .wrong
                .push(format!("{path}: got {got}, expected {expected}")),
        }
        Ok(())
    }

    fn is_optional(&self, name: &str) -> bool {
        self.optional
            .iter()
            .any(|field| match field.strip_prefix('*') {
                Some(ending) => name.ends_with(ending),
                None => *field == name,
            })
    }
}
