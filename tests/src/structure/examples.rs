//! Whether what a library offers is shown at work: public functions and their examples.

use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// The public functions of one source that have no example that runs; `file` is its path from the house.
///
/// An example is a block of code in the function's own documentation that is compiled and run: plain, or marked `rust` or
/// `should_panic`. Functions of a narrower visibility, as `pub(crate)`, need none, and nor do those for tests.
pub fn check_examples(file: &str, source: &str) -> Vec<String> {
    let tokens = match TokenStream::from_str(source) {
        Ok(tokens) => tokens,
        Err(error) => return vec![format!("{file}: not Rust: {error}")],
    };
    let mut without = Vec::new();
    collect(tokens, &mut without);
    let finding = |(line, name): &(usize, String)| {
        format!(
            "{file}:{line}: `{name}` has no example that runs; show it at work in a ``` block of its documentation, \
             with an assertion of what it gives"
        )
    };
    without.iter().map(finding).collect()
}

/// Line and name of every public function without an example that runs.
fn collect(tokens: TokenStream, without: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let (before, behind) = tokens.split_at(at);
        match token {
            TokenTree::Ident(word) if word == "pub" => {
                let attributes = attributes(before);
                let has_to = !attributes.iter().any(is_for_tests) && !runs(&attributes);
                without.extend(function(&behind[1..]).filter(|_| has_to));
            }
            TokenTree::Group(body) if !is_module_of_tests(before) => {
                collect(body.stream(), without);
            }
            _ => {}
        }
    }
}

/// The attributes that stand directly before an item, the nearest first. Documentation is among them: `///` stands for `doc = "..."`.
fn attributes(mut before: &[TokenTree]) -> Vec<TokenStream> {
    let mut found = Vec::new();
    while let [rest @ .., TokenTree::Punct(sign), TokenTree::Group(group)] = before
        && sign.as_char() == '#'
    {
        found.push(group.stream());
        before = rest;
    }
    found
}

/// Whether this is `cfg(test)`, perhaps with other conditions.
fn is_for_tests(attribute: &TokenStream) -> bool {
    let text = attribute.to_string();
    text.starts_with("cfg") && text.contains("test")
}

/// Whether these tokens announce the body of a module that is for tests.
fn is_module_of_tests(before: &[TokenTree]) -> bool {
    match before {
        [rest @ .., TokenTree::Ident(word), TokenTree::Ident(_)] if word == "mod" => {
            attributes(rest).iter().any(is_for_tests)
        }
        _ => false,
    }
}

/// Line and name of the function that `pub` in front of these tokens makes public.
fn function(behind_pub: &[TokenTree]) -> Option<(usize, String)> {
    let mut words = behind_pub.iter().map_while(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    words
        .find(|word| !matches!(word.to_string().as_str(), "const" | "async" | "unsafe"))
        .filter(|word| *word == "fn")?;
    let name = words.next()?;
    Some((name.span().start().line, name.to_string()))
}

/// Whether the documentation among these attributes has a block of code that is run.
fn runs(attributes: &[TokenStream]) -> bool {
    let lines = attributes.iter().rev().filter_map(line_of_documentation);
    let marks = lines.filter_map(|line| Some(line.strip_prefix("```")?.to_owned()));
    // Every other one ends a block.
    marks.step_by(2).any(|marks| {
        let mut marks = marks.split(',').map(str::trim);
        marks.all(|mark| matches!(mark, "" | "rust" | "should_panic"))
    })
}

/// The text of `doc = "..."`; nothing for other attributes.
fn line_of_documentation(attribute: &TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), _, TokenTree::Literal(text)] if name == "doc" => {
            Some(text.to_string().trim_matches('"').trim().to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let findings = check_examples("a.rs", source);
        let name = |finding: &String| finding.split('`').nth(1).unwrap().to_owned();
        findings.iter().map(name).collect()
    }

    #[test]
    fn a_public_function_needs_an_example() {
        let source =
            "impl A {\n    /// Gives one.\n    #[must_use]\n    pub const fn one() -> u8 { 1 }\n}";
        let findings = check_examples("survey-engine/src/a.rs", source);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with("survey-engine/src/a.rs:4: `one` has no example"));
        let shown = source.replace(
            "one.\n",
            "one.\n    ///\n    /// ```\n    /// assert_eq!(A::one(), 1);\n    /// ```\n",
        );
        assert!(check_examples("a.rs", &shown).is_empty());
    }

    #[test]
    fn an_example_that_is_not_run_is_none() {
        let with = |marks: &str| format!("/// ```{marks}\n/// f();\n/// ```\npub fn f() {{}}");
        for marks in ["ignore", "no_run", "text", "json", "rust,ignore"] {
            assert_eq!(names(&with(marks)), ["f"], "{marks}");
        }
        for marks in ["", "rust", "should_panic"] {
            assert!(names(&with(marks)).is_empty(), "{marks}");
        }
        let second = "/// ```text\n/// f\n/// ```\n///\n/// ```\n/// f();\n/// ```\npub fn f() {}";
        assert!(names(second).is_empty());
    }

    #[test]
    fn the_example_of_another_does_not_count() {
        let source = "/// ```\n/// f();\n/// ```\npub fn f(x: [u8; 2]) -> u8 { 0 }\npub fn g() {}\n\
            /// ```\n/// f();\n/// ```\npub struct S { pub x: u8 }\nimpl S { pub fn h(&self) {} }";
        assert_eq!(names(source), ["g", "h"]);
    }

    #[test]
    fn what_others_cannot_call_needs_none() {
        let source = "fn a() {}\npub(crate) fn b() {}\npub(super) const fn c() {}\npub struct D;\npub use e::f;\n\
            #[cfg(test)]\nmod tests { pub fn g() {} }\n#[cfg(test)]\npub fn h(x: [u8; 1]) {}\npub fn i() {}";
        assert_eq!(names(source), ["i"]);
    }

    #[test]
    fn functions_that_a_macro_writes_count() {
        let source =
            "macro_rules! m { ($name:ident) => { impl $name { /// One.\n pub fn one() {} } }; }";
        assert_eq!(names(source), ["one"]);
    }
}
