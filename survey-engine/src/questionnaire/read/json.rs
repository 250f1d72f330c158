//! JSON as it was written: every key is kept, so that one given twice can be reported.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::questionnaire::finding::Findings;
use crate::questionnaire::limits;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Reads a whole document. `serde_json` stops at 127 levels of nesting, so that neither reading nor
    /// dropping a hostile one can overflow the stack.
    pub(super) fn parse(document: &str, findings: &mut Findings) -> Option<Self> {
        if document.len() > limits::DOCUMENT_BYTES {
            let most = limits::DOCUMENT_BYTES / 1024 / 1024;
            findings.add(
                "",
                "too_large",
                format!("The document is larger than {most} MiB; shorten it."),
            );
            return None;
        }
        let text = document.strip_prefix('\u{feff}').unwrap_or(document);
        match serde_json::from_str(text) {
            Ok(node) => Some(node),
            Err(error) if error.to_string().starts_with("recursion limit exceeded") => {
                let place = format!("line {}, column {}", error.line(), error.column());
                let detail = format!(
                    "At {place} lists and objects are nested too deeply; use fewer than 128 levels."
                );
                findings.add("", "too_deep", detail);
                None
            }
            Err(error) => {
                findings.add(
                    "",
                    "malformed_json",
                    format!("This is not JSON: {error}. Mend it there and check again."),
                );
                None
            }
        }
    }

    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_element()? {
            list.push(member);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Node::Object(object))
    }
}
