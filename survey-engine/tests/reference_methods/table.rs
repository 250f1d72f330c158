//! A table of comma-separated fields without quotes; an empty field is a blank answer.

#[derive(Clone)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Table {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let header: Vec<String> = lines
            .next()
            .ok_or("the table is empty")?
            .split(',')
            .map(str::to_owned)
            .collect();
        let field = |field: &str| (!field.is_empty()).then(|| field.to_owned());
        let rows: Vec<Vec<_>> = lines
            .map(|line| line.split(',').map(field).collect())
            .collect();
        match rows.iter().position(|row| row.len() != header.len()) {
            Some(at) => Err(format!("row {} has another number of fields", at + 1)),
            None => Ok(Self { header, rows }),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The name of the first column, which tells rows apart.
    pub(crate) fn first_column(&self) -> Result<&str, String> {
        let first = self.header.first().map(String::as_str);
        first.ok_or_else(|| "the table has no columns".to_owned())
    }

    /// A column as text.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<Option<&str>>, String> {
        let at = self.header.iter().position(|header| header == name);
        let at = at.ok_or_else(|| format!("the table has no column {name:?}"))?;
        Ok(self.rows.iter().map(|row| row[at].as_deref()).collect())
    }

    /// A column as numbers.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, String> {
        let number = |text: &str| {
            let read = text.parse::<f64>().ok().filter(|number| number.is_finite());
            read.ok_or_else(|| format!("{name}: {text:?} is no number"))
        };
        let texts = self.texts(name)?.into_iter();
        texts.map(|field| field.map(number).transpose()).collect()
    }

    /// The rows for which `condition` holds: `column OP value`, several joined by `&` or `and`.
    pub(crate) fn filtered(&self, condition: Option<&str>) -> Result<Self, String> {
        let mut kept = vec![true; self.len()];
        let parts = condition.map(|all| all.replace(" and ", " & "));
        for part in parts.iter().flat_map(|all| all.split('&')) {
            if part.trim().is_empty() {
                continue;
            }
            let holds = self.condition(part.trim())?;
            for (kept, holds) in kept.iter_mut().zip(holds) {
                *kept &= holds;
            }
        }
        let rows = self.rows.iter().zip(&kept).filter(|(_, kept)| **kept);
        Ok(Self {
            header: self.header.clone(),
            rows: rows.map(|(row, _)| row.clone()).collect(),
        })
    }

    #[expect(clippy::float_cmp, reason = "codes and limits are written out")]
    fn condition(&self, part: &str) -> Result<Vec<bool>, String> {
        let operators = [" %in% ", " in ", "==", "!=", ">=", "<=", ">", "<", "="];
        let found = operators
            .iter()
            .find_map(|operator| Some((*operator, part.split_once(operator)?)));
        let (operator, (name, value)) = found.ok_or_else(|| format!("unknown filter {part:?}"))?;
        let texts = self.texts(name.trim())?;
        if operator.trim_matches([' ', '%']) == "in" {
            return Ok(is_among(&texts, value));
        }
        let value = bare(value);
        let holds = |field: Option<&str>| {
            let Some(field) = field else { return false };
            match (field.parse::<f64>(), value.parse::<f64>()) {
                (Ok(field), Ok(value)) => match operator {
                    "==" | "=" => field == value,
                    "!=" => field != value,
                    ">=" => field >= value,
                    "<=" => field <= value,
                    ">" => field > value,
                    _ => field < value,
                },
                _ => match operator {
                    "==" | "=" => field == value,
                    "!=" => field != value,
                    _ => false,
                },
            }
        };
        Ok(texts.into_iter().map(holds).collect())
    }
}

/// A value without quotation marks.
fn bare(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

/// Whether each field is one of `values`, which are written `c(1, 2)`, `[1, 2]` or `1, 2`.
#[expect(clippy::float_cmp, reason = "codes are written out")]
fn is_among(fields: &[Option<&str>], values: &str) -> Vec<bool> {
    let values = values.trim().trim_start_matches("c(");
    let values = values.trim_matches(['(', ')', '[', ']']);
    let values: Vec<&str> = values.split(',').map(bare).collect();
    let is_one = |field: &str| {
        values.iter().any(|value| {
            let numbers = (field.parse::<f64>(), value.parse::<f64>());
            field == *value || matches!(numbers, (Ok(field), Ok(value)) if field == value)
        })
    };
    let each = fields.iter();
    each.map(|field| field.is_some_and(is_one)).collect()
}

/// Distinct labels in the order of their numbers, or of their letters if they are not all numbers.
pub(crate) fn levels<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut levels: Vec<&str> = labels.into_iter().collect();
    levels.sort_unstable();
    levels.dedup();
    let number = |label: &str| label.parse::<f64>().ok();
    if levels.iter().all(|label| number(label).is_some()) {
        levels.sort_by(|a, b| number(a).unwrap().total_cmp(&number(b).unwrap()));
    }
    levels
}
