//! Where the compiler's guarantees end.

use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// The only source that may hold unsafe code: it calls the cryptographic library directly.
pub const UNSAFE: &str = "api/src/ballot/blind/raw.rs";

/// Lines of a source on which unsafe code begins.
///
/// # Errors
/// A sentence when the source cannot be cut into tokens.
pub fn unsafe_lines(source: &str) -> Result<Vec<usize>, String> {
    let tokens = TokenStream::from_str(source).map_err(|error| format!("not Rust: {error}"))?;
    let mut lines = Vec::new();
    collect(tokens, &mut lines);
    Ok(lines)
}

fn collect(tokens: TokenStream, lines: &mut Vec<usize>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), lines),
            TokenTree::Ident(word) if word == "unsafe" => lines.push(word.span().start().line),
            _ => {}
        }
    }
}

/// What is wrong with the unsafe code of one source; `file` is its path from the house.
pub fn check_source(file: &str, source: &str) -> Vec<String> {
    let lines = match unsafe_lines(source) {
        Ok(lines) => lines,
        Err(error) => return vec![format!("{file}: {error}")],
    };
    let found = lines.into_iter();
    if file != UNSAFE {
        return found
            .map(|line| format!("{file}:{line}: unsafe code belongs to {UNSAFE}"))
            .collect();
    }
    let explained = |line: &usize| {
        let above: Vec<&str> = source.lines().take(line - 1).collect();
        let comments = above.iter().rev();
        let mut comments = comments.take_while(|line| line.trim_start().starts_with("//"));
        comments.any(|line| line.contains("SAFETY:"))
    };
    found
        .filter(|line| !explained(line))
        .map(|line| format!("{file}:{line}: no comment begins with SAFETY:"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_code_is_found_wherever_it_stands() {
        for source in [
            "fn f() { unsafe { g() } }",
            "unsafe fn f() {}",
            "unsafe impl Send for X {}",
            "fn f() { m!(if a { unsafe { g() } }) }",
        ] {
            assert_eq!(check_source("api/src/lib.rs", source).len(), 1, "{source}");
        }
        for source in [
            "// unsafe\nfn f() {}",
            "#![forbid(unsafe_code)]",
            "const A: &str = \"unsafe\";",
        ] {
            assert_eq!(check_source("api/src/lib.rs", source), [""; 0], "{source}");
        }
    }

    #[test]
    fn where_it_may_stand_it_says_why_it_is_sound() {
        let explained = "fn f() {\n// SAFETY: because.\n// And so on.\nunsafe { g() }\n}";
        assert_eq!(check_source(UNSAFE, explained), [""; 0]);
        let silent = "fn f() {\n// SAFETY: because.\nlet x = 1;\nunsafe { g() }\n}";
        assert_eq!(check_source(UNSAFE, silent).len(), 1);
    }
}
