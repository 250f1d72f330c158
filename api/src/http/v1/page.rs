//! Lists in pages: a part of the list, and a cursor that leads to the next one.

use crate::error::Error;
use crate::http::problem::ApiError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Items in a page where nothing else is asked for.
const USUAL: usize = 100;
/// Items in a page at most.
const MOST: usize = 1000;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items in the page: 1 to 1000, usually 100.
    // Read as text, so that whatever is wrong with it is told by its name.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 1000, example = 100)]
    limit: Option<String>,
    /// `meta.nextCursor` of the page before.
    #[param(example = "c2Nob29sLWRlLWxpbmRl")]
    cursor: Option<String>,
}

/// What to know of a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageMeta {
    /// Items in the page at most.
    #[schema(examples(100))]
    pub limit: usize,
    /// Leads to the next page; `null` on the last one.
    #[schema(examples("c2Nob29sLWRlLWxpbmRl"))]
    pub next_cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// What to know of the page.
    pub meta: PageMeta,
}

impl PageQuery {
    /// The page of `items` that was asked for; `key` names an item within the list.
    pub fn page<S, T>(
        &self,
        items: Vec<S>,
        key: impl Fn(&S) -> String,
        view: impl Fn(S) -> T,
    ) -> Result<Page<T>, ApiError> {
        let limit = match &self.limit {
            None => USUAL,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| wrong("limit", "Give a number from 1 to 1000."))?,
        };
        let start = match &self.cursor {
            None => 0,
            Some(cursor) => {
                let last = URL_SAFE_NO_PAD
                    .decode(cursor)
                    .ok()
                    .and_then(|bytes| String::from_utf8(bytes).ok())
                    .ok_or_else(|| wrong("cursor", "Take the cursor from the page before."))?;
                items
                    .iter()
                    .position(|item| key(item) == last)
                    .map(|found| found + 1)
                    .ok_or_else(|| {
                        wrong("cursor", "The item that this cursor stands for is gone; begin again without one.")
                    })?
            }
        };
        let more = items.len() > start + limit;
        let part: Vec<S> = items.into_iter().skip(start).take(limit).collect();
        let next_cursor = part
            .last()
            .filter(|_| more)
            .map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        Ok(Page {
            data: part.into_iter().map(view).collect(),
            meta: PageMeta { limit, next_cursor },
        })
    }
}

fn wrong(name: &str, detail: &str) -> ApiError {
    ApiError(Error::invalid(
        format!("/{name}"),
        "unreadable_query",
        detail,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: &str, cursor: Option<String>) -> PageQuery {
        PageQuery {
            limit: Some(limit.to_owned()),
            cursor,
        }
    }

    #[test]
    fn pages_join_to_the_whole_list() {
        let all: Vec<u32> = (0..7).collect();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = query("3", cursor)
                .page(all.clone(), u32::to_string, |item| item)
                .unwrap();
            seen.extend(page.data);
            cursor = page.meta.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
        for (limit, cursor) in [
            ("0", None),
            ("1001", None),
            ("-1", None),
            ("ten", None),
            ("1", Some("%".to_owned())),
        ] {
            let page = query(limit, cursor).page(all.clone(), u32::to_string, |item| item);
            assert!(page.is_err(), "{limit}");
        }
    }
}
