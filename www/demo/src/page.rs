//! An answer that a test puts in place of the demo's own.

use std::time::Duration;

/// An answer of one's own for one host and path; see [`Site::put`](crate::Site::put).
#[derive(Clone, Debug)]
pub struct Page {
    /// The status code; 200 by default. One outside 100 to 999 is answered as 500.
    pub status: u16,
    /// The `Content-Type`; `text/html; charset=utf-8` by default.
    pub content_type: String,
    /// Further headers, in order; a name may come twice. They win over those that the server adds.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// How long the answer is held back.
    pub delay: Option<Duration>,
    /// Never answers: the connection stays open until the client or the site ends it.
    pub hang: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            status: 200,
            content_type: "text/html; charset=utf-8".to_owned(),
            headers: Vec::new(),
            body: String::new(),
            delay: None,
            hang: false,
        }
    }
}

impl Page {
    /// An HTML page.
    pub fn html(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            ..Self::default()
        }
    }

    /// A script.
    pub fn script(body: impl Into<String>) -> Self {
        Self {
            content_type: "text/javascript; charset=utf-8".to_owned(),
            ..Self::html(body)
        }
    }
}
