//! Whether the body of a request has come.

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_core::Stream;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Tells how far the body of a request is.
pub(super) struct Progress(Rc<Cell<bool>>);

impl Progress {
    /// Whether all of it has been read.
    pub(super) fn has_come(&self) -> bool {
        self.0.get()
    }
}

/// Follows the body of a request on its way to the handler.
pub(super) fn watch(request: &mut ServiceRequest) -> Progress {
    let headers = request.headers();
    let has_body = headers.contains_key(header::TRANSFER_ENCODING)
        || headers
            .get(header::CONTENT_LENGTH)
            .is_some_and(|length| length.as_bytes() != b"0");
    let has_come = Rc::new(Cell::new(!has_body));
    if has_body {
        let watched = Watched {
            payload: request.take_payload(),
            has_come: Rc::clone(&has_come),
        };
        request.set_payload(Payload::Stream {
            payload: Box::pin(watched),
        });
    }
    Progress(has_come)
}

struct Watched {
    payload: Payload,
    has_come: Rc<Cell<bool>>,
}

impl Stream for Watched {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.payload).poll_next(context);
        if let Poll::Ready(None | Some(Err(_))) = next {
            self.has_come.set(true);
        }
        next
    }
}
