//! A page, read as a person without JavaScript reads it.

use scraper::{ElementRef, Html};

use super::form::{Form, find, words};
use super::soundness::flaws;
use super::{Reply, path_of};

/// An HTML page and where it came from.
#[derive(Clone, Debug)]
pub struct Page {
    path: String,
    reply: Reply,
    html: Html,
}

impl Page {
    #[track_caller]
    pub(crate) fn read(path: &str, reply: Reply) -> Self {
        let kind = reply.media_type();
        assert_eq!(
            kind,
            "text/html",
            "{} answered {} as `{kind}`:\n{}",
            reply.asked,
            reply.status,
            reply.text()
        );
        let html = Html::parse_document(&reply.text());
        let found = flaws(&html);
        assert!(
            found.is_empty(),
            "{} is no sound page: {found:#?}\n{}",
            reply.asked,
            reply.text()
        );
        Self {
            path: path_of(path).to_owned(),
            html,
            reply,
        }
    }

    /// The path of the address at which the page was found, with its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The answer that carried the page.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// The page itself, if it came with this status.
    #[track_caller]
    pub fn expect_status(&self, status: u16) -> &Self {
        self.reply.expect_status(status);
        self
    }

    /// The page itself, if these words can be read on it.
    #[track_caller]
    pub fn expect_text(&self, text: &str) -> &Self {
        let words = self.text();
        assert!(
            words.contains(text),
            "{} does not say `{text}`; it says:\n{words}",
            self.path
        );
        self
    }

    /// The title in the browser's bar.
    pub fn title(&self) -> String {
        self.first("title").map(words).unwrap_or_default()
    }

    /// The main heading.
    pub fn heading(&self) -> String {
        self.first("h1").map(words).unwrap_or_default()
    }

    /// The language that the page says it is in.
    pub fn language(&self) -> Option<&str> {
        self.html.root_element().attr("lang")
    }

    /// Everything that can be read, with single spaces.
    pub fn text(&self) -> String {
        self.first("body").map(words).unwrap_or_default()
    }

    /// The texts of the elements that a CSS selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        find(self.html.root_element(), selector)
            .into_iter()
            .map(words)
            .collect()
    }

    /// The values of an attribute of the elements that a CSS selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        find(self.html.root_element(), selector)
            .into_iter()
            .filter_map(|element| element.attr(name))
            .map(str::to_owned)
            .collect()
    }

    /// The rows of the first table whose caption contains these words, header row included. A table without a caption
    /// is known by the heading that it, or the region around it, names in `aria-labelledby`.
    #[track_caller]
    pub fn table(&self, caption: &str) -> Vec<Vec<String>> {
        let root = self.html.root_element();
        let tables = find(root, "table");
        let Some(table) = tables
            .iter()
            .find(|table| self.table_name(**table).contains(caption))
        else {
            let names: Vec<String> = tables.iter().map(|table| self.table_name(*table)).collect();
            panic!("{} has no table `{caption}` but {names:?}", self.path);
        };
        let cells = |row: ElementRef<'_>| find(row, "th, td").into_iter().map(words).collect();
        find(*table, "tr").into_iter().map(cells).collect()
    }

    fn table_name(&self, table: ElementRef<'_>) -> String {
        if let Some(caption) = find(table, "caption").first() {
            return words(*caption);
        }
        let mut around =
            std::iter::once(table).chain(table.ancestors().filter_map(ElementRef::wrap));
        let id = around.find_map(|element| element.attr("aria-labelledby"));
        let named = id.and_then(|id| {
            find(self.html.root_element(), &format!("[id='{id}']"))
                .first()
                .copied()
        });
        named.map(words).unwrap_or_default()
    }

    /// The target of the first link with exactly these words.
    #[track_caller]
    pub fn link(&self, label: &str) -> String {
        let found = find(self.html.root_element(), "a[href]")
            .into_iter()
            .find(|link| words(*link) == label);
        let target = found.and_then(|link| link.attr("href")).map(str::to_owned);
        target.unwrap_or_else(|| {
            panic!(
                "{} has no link `{label}` but {:?}",
                self.path,
                self.texts("a[href]")
            )
        })
    }

    /// All forms of the page.
    pub fn forms(&self) -> Vec<Form> {
        let page = self.html.root_element();
        find(self.html.root_element(), "form")
            .into_iter()
            .map(|form| Form::read(form, page, &self.path))
            .collect()
    }

    /// The first form that goes to this path.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let forms = self.forms();
        let found = forms
            .iter()
            .find(|form| path_of(&form.action).split('?').next() == Some(action));
        found.cloned().unwrap_or_else(|| {
            let actions: Vec<&str> = forms.iter().map(|form| form.action.as_str()).collect();
            panic!(
                "{} has no form to {action} but {actions:?}:\n{}",
                self.path,
                self.text()
            )
        })
    }

    fn first(&self, selector: &str) -> Option<ElementRef<'_>> {
        find(self.html.root_element(), selector).into_iter().next()
    }
}
