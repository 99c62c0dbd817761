//! A module without what only its readers need: comments, spaces, long names of its own, `#private` ones included. What a
//! module exports, and what its elements, attributes and properties are called, stays.

use oxc::allocator::Allocator;
use oxc::ast::ast::TemplateLiteral;
use oxc::ast_visit::VisitMut;
use oxc::codegen::{Codegen, CodegenOptions};
use oxc::minifier::{Minifier, MinifierOptions};
use oxc::parser::Parser;
use oxc::span::SourceType;

/// Minifies a JavaScript module. What is none comes out as it was: the browser says what is wrong with it.
pub(super) fn minify(source: &str) -> String {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return source.to_owned();
    }
    let mut program = parsed.program;
    StyleSheets {
        allocator: &allocator,
    }
    .visit_program(&mut program);
    let minified = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(&program)
        .code
}

/// Strips the style sheets in a module: texts without holes that begin with a new line.
struct StyleSheets<'a> {
    allocator: &'a Allocator,
}

impl<'a> VisitMut<'a> for StyleSheets<'a> {
    fn visit_template_literal(&mut self, template: &mut TemplateLiteral<'a>) {
        let [only] = template.quasis.as_mut_slice() else {
            return;
        };
        if only.value.raw.starts_with('\n') {
            let stripped: &'a str = self.allocator.alloc_str(&strip(&only.value.raw));
            only.value.raw = stripped.into();
            only.value.cooked = Some(stripped.into());
        }
    }
}

/// A style sheet without new lines, the spaces that say nothing, and the zero of `0.5`. Texts in it stay as they are, and so do spaces that may
/// divide selectors or the terms of a sum.
fn strip(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut quote = None;
    let mut chars = css.chars().peekable();
    while let Some(c) = chars.next() {
        let space = quote.is_none() && c.is_ascii_whitespace();
        if space && (out.is_empty() || out.ends_with(['{', '}', ';', ',', ':', '>', ' '])) {
            continue;
        }
        if quote.is_none() && matches!(c, '{' | '}' | '>' | '!') {
            out.truncate(out.trim_end_matches([' ', ';']).len());
        }
        let fraction =
            quote.is_none() && c == '.' && chars.peek().is_some_and(char::is_ascii_digit);
        if fraction
            && let Some(before) = out.strip_suffix('0')
            && !before.ends_with(|one: char| one.is_alphanumeric() || matches!(one, '.' | '_'))
        {
            out.pop();
        }
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        out.push(if space { ' ' } else { c });
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_only_readers_need_goes() {
        for (source, left) in [
            (
                "/** @param {number} long */\nexport function f(long) { return long + 1; } // why",
                "export function f(e){return e+1}",
            ),
            (
                "import './a.js'; import { b } from './b.js'; b();",
                "import\"./a.js\";import{b as e}from\"./b.js\";e();",
            ),
            (
                "export class A { #secret = 1; open() { return this.#secret; } }",
                "export class A{#e=1;open(){return this.#e}}",
            ),
            (
                "const NUDGES = false; if (NUDGES) import('./nudges.js');",
                "",
            ),
        ] {
            assert_eq!(minify(source), left, "{source}");
        }
    }

    #[test]
    fn what_is_no_javascript_stays_as_it_is() {
        assert_eq!(minify("let = = /"), "let = = /");
    }

    #[test]
    fn a_style_sheet_loses_its_spaces_and_nothing_else() {
        for (css, left) in [
            (
                "\n.a .b > c, d { color: red !important; top: calc(1px + 2px); }\n",
                ".a .b>c,d{color:red!important;top:calc(1px + 2px)}",
            ),
            (
                "\n.a0.b { top: 0.5em; left: -0.25px; width: 10.5px; color: rgb(0 0 0 / 0.2) \"0.5\"; }",
                ".a0.b{top:.5em;left:-.25px;width:10.5px;color:rgb(0 0 0 / .2) \"0.5\"}",
            ),
            (
                "\n@media (a) and (b) { .a :is(b) { c: \"x:  ;\"; } }",
                "@media (a) and (b){.a :is(b){c:\"x:  ;\"}}",
            ),
        ] {
            assert_eq!(strip(css), left);
            assert_eq!(
                minify(&format!("export const css = `{css}`;")),
                format!("export const css=`{left}`;")
            );
        }
        assert_eq!(
            minify("export const words = `a:  b`;"),
            "export const words=`a:  b`;"
        );
    }

    proptest! {
        #[test]
        fn anything_is_minified_without_panic(source in "(?s)[a-z/*`'\"{}$();=#.\\\\\\n \u{e9}]{0,60}") {
            let _ = minify(&source);
        }
    }
}
