//! The paths that a Rust source names, in imports and in code, macros included.
//!
//! The source is cut into tokens, so comments and texts do not count. What is compiled for tests only does not count
//! either: `#[cfg(test)]` items are skipped.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A path that a source names, `use` trees taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The line in the source, from 1.
    pub line: usize,
    /// The path, with `crate`, `self` and `super` resolved: it begins with `crate` for one of the crate's own.
    pub path: Vec<String>,
}

impl Named {
    /// The path as it would be written.
    pub fn written(&self) -> String {
        self.path.join("::")
    }

    /// Whether the path is this one or lies below it.
    pub fn is_below(&self, path: &str) -> bool {
        let mut own = self.path.iter();
        path.split("::")
            .all(|part| own.next().is_some_and(|name| name == part))
    }
}

/// Every path of two names or more, and every `use` of one name, in a source that is the module `module`.
///
/// # Errors
/// A sentence when the source cannot be cut into tokens.
pub fn paths(source: &str, module: &[&str]) -> Result<Vec<Named>, String> {
    let tokens = TokenStream::from_str(source).map_err(|error| format!("not Rust: {error}"))?;
    let mut walk = Walk {
        module: module.iter().map(|name| (*name).to_owned()).collect(),
        found: Vec::new(),
    };
    walk.tokens(tokens);
    Ok(walk.found)
}

/// The module that a source file is, by its path below `src`: `http/v1/rounds.rs` is `[http, v1, rounds]`.
pub fn module_of(file: &str) -> Vec<&str> {
    let mut names: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if matches!(names.last(), Some(&("mod" | "lib" | "main"))) {
        names.pop();
    }
    names
}

struct Walk {
    module: Vec<String>,
    found: Vec<Named>,
}

impl Walk {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => self.attribute(&tokens, at),
                TokenTree::Ident(name) if name == "mod" => self.inner_module(&tokens, at),
                TokenTree::Ident(name) if name == "use" => self.path(&tokens, at + 1, true),
                TokenTree::Ident(_) => self.path(&tokens, at, false),
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Skips the item behind `#[cfg(test)]` and `#[test]`; looks into any other attribute.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let Some(TokenTree::Group(group)) = tokens.get(at + 1) else {
            return at + 1;
        };
        let text: String = group.stream().to_string().split_whitespace().collect();
        if text != "test"
            && !(text.starts_with("cfg(") && text.contains("test") && !text.contains("not(test"))
        {
            self.tokens(group.stream());
            return at + 2;
        }
        let ends = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(sign) => sign.as_char() == ';',
            _ => false,
        };
        let rest = tokens.get(at + 2..).unwrap_or_default();
        rest.iter()
            .position(ends)
            .map_or(tokens.len(), |length| at + 2 + length + 1)
    }

    fn inner_module(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
            (tokens.get(at + 1), tokens.get(at + 2))
        {
            self.module.push(name.to_string());
            self.tokens(body.stream());
            self.module.pop();
            return at + 3;
        }
        at + 2
    }

    fn path(&mut self, tokens: &[TokenTree], at: usize, import: bool) -> usize {
        let start = if is_double_colon(tokens, at) {
            at + 2
        } else {
            at
        };
        self.rest_of_path(tokens, start, Vec::new(), import)
    }

    /// Reads `name(::name)*(::{...})?` and gives the place behind it.
    fn rest_of_path(
        &mut self,
        tokens: &[TokenTree],
        mut at: usize,
        mut path: Vec<String>,
        import: bool,
    ) -> usize {
        let mut line = 0;
        while let Some(TokenTree::Ident(name)) = tokens.get(at) {
            line = name.span().start().line;
            path.push(name.to_string().trim_start_matches("r#").to_owned());
            at += 1;
            if !is_double_colon(tokens, at) {
                break;
            }
            at += 2;
            match tokens.get(at) {
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.branches(group, &path);
                    return at + 1;
                }
                Some(TokenTree::Ident(_)) => {}
                // `Vec::<T>` and `use a::*` end the path here.
                _ => break,
            }
        }
        if path.len() > 1 || (import && !path.is_empty()) {
            let path = self.resolve(path);
            self.found.push(Named { line, path });
        }
        at.max(1)
    }

    fn branches(&mut self, group: &Group, prefix: &[String]) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
        for branch in tokens.split(is_comma).filter(|branch| !branch.is_empty()) {
            self.rest_of_path(branch, 0, prefix.to_vec(), true);
        }
    }

    fn resolve(&self, path: Vec<String>) -> Vec<String> {
        let mut names = path.into_iter().peekable();
        let mut base: Vec<String> = match names.peek().map(String::as_str) {
            Some("self" | "super") => std::iter::once("crate".to_owned())
                .chain(self.module.iter().cloned())
                .collect(),
            _ => return names.collect(),
        };
        while let Some(name) = names.next_if(|name| name == "self" || name == "super") {
            if name == "super" && base.len() > 1 {
                base.pop();
            }
        }
        base.extend(names);
        base
    }
}

fn is_double_colon(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(source: &str, module: &[&str]) -> Vec<String> {
        paths(source, module)
            .unwrap()
            .iter()
            .map(Named::written)
            .collect()
    }

    #[test]
    fn import_trees_are_taken_apart() {
        let source =
            "pub use crate::{store::{self, read as look}, error::*};\nuse serde;\nuse ::std::fs;";
        assert_eq!(
            written(source, &[]),
            [
                "crate::store::self",
                "crate::store::read",
                "crate::error",
                "serde",
                "std::fs"
            ]
        );
    }

    #[test]
    fn paths_in_code_attributes_and_macros_count() {
        let source = "#[derive(serde::Serialize)]\nfn f(x: crate::store::Pool) { warn!(\"{}\", std::env::var(\"X\")) }";
        assert_eq!(
            written(source, &[]),
            ["serde::Serialize", "crate::store::Pool", "std::env::var"]
        );
    }

    #[test]
    fn comments_texts_and_tests_do_not_count() {
        let source = "//! crate::store\n/* std::fs */\nconst A: &str = \"crate::store::x\";\n\
            #[cfg(test)]\nmod tests { use std::fs; }\n#[cfg(test)] use std::net;\n#[cfg(not(test))] use std::env;";
        assert_eq!(written(source, &[]), ["std::env"]);
    }

    #[test]
    fn relative_paths_are_resolved_in_inner_modules_too() {
        let source = "use super::super::store::X;\nuse self::inner::Y;\nmod inner { use super::Z; }\nuse r#type::V;";
        assert_eq!(
            written(source, &["http", "v1"]),
            [
                "crate::store::X",
                "crate::http::v1::inner::Y",
                "crate::http::v1::Z",
                "type::V"
            ]
        );
    }

    #[test]
    fn lines_are_told_and_names_compared_whole() {
        let named = paths("\n\nuse actix_web_lab::x;", &[]).unwrap();
        let found = named.first().unwrap();
        assert_eq!(found.line, 3);
        assert!(!found.is_below("actix_web"));
        assert!(found.is_below("actix_web_lab"));
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of("http/v1/rounds.rs"), ["http", "v1", "rounds"]);
        assert_eq!(module_of("http/mod.rs"), ["http"]);
        assert!(module_of("lib.rs").is_empty());
    }
}
