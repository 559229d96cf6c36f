//! The publisher's hosts: the newspaper, its shop, and nosale's files.

use std::path::{Path, PathBuf};

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header, request::Parts},
    response::Response,
};
use minijinja::{Environment, ErrorKind, context};
use rust_embed::RustEmbed;
use serde::Serialize;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::{delivery, host, reply};

/// The pages, as templates (`*.html`; those that begin with `_` are parts of others), and the
/// files beside them. In the binary, so that it runs from anywhere; a debug build reads the folder,
/// so that an edit shows on reload.
#[derive(RustEmbed)]
#[folder = "pages"]
struct Pages;

/// The publisher's site.
pub struct Publisher {
    port: u16,
    dist: PathBuf,
    endpoint: Option<String>,
}

impl Publisher {
    pub fn new(port: u16, dist: PathBuf, endpoint: Option<String>) -> Self {
        Self {
            port,
            dist,
            endpoint,
        }
    }

    /// A page, a file beside the pages, a file of `dist`, or the page that says there is none.
    pub async fn answer(&self, host: &str, parts: &Parts) -> Response {
        let path = parts.uri.path();
        if let Some(name) = template(host, path) {
            return self.page(StatusCode::OK, host, path, &name);
        }
        let name = path.trim_start_matches('/');
        if let Some(file) = Pages::get(name).filter(|_| !name.ends_with(".html")) {
            return reply::reply(StatusCode::OK, &content_type(name), file.data.into_owned());
        }
        match self.dist_file(parts).await {
            Some(response) => response,
            None => self.page(StatusCode::NOT_FOUND, host, path, "_missing.html"),
        }
    }

    /// One of nosale's own files, which every host serves: a page may take the script from
    /// another.
    pub async fn own_file(&self, parts: &Parts) -> Option<Response> {
        if parts.uri.path().starts_with("/nosale") {
            self.dist_file(parts).await
        } else {
            None
        }
    }

    async fn dist_file(&self, parts: &Parts) -> Option<Response> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.path().parse().ok()?;
        for name in [header::ACCEPT_ENCODING, header::IF_MODIFIED_SINCE] {
            if let Some(value) = parts.headers.get(&name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let folder = ServeDir::new(&self.dist).precompressed_br();
        let Ok(response) = folder.oneshot(request).await;
        if ![StatusCode::OK, StatusCode::NOT_MODIFIED].contains(&response.status()) {
            return None;
        }
        let mut response = response.map(Body::new);
        let headers = response.headers_mut();
        delivery::set(headers, parts.uri.path());
        if Path::new(parts.uri.path()).extension() == Some("js".as_ref()) {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(reply::SCRIPT),
            );
        }
        Some(response)
    }

    fn page(&self, status: StatusCode, host: &str, path: &str, name: &str) -> Response {
        let origin = |host: &str| format!("http://{host}:{}", self.port);
        let [www, shop] = host::PUBLISHERS.map(origin);
        let [tracker, video, partner] = host::THIRD_PARTIES.map(origin);
        let adserver = origin(host::AD_SERVER);
        let endpoint = &self.endpoint;
        let rendered = templates().get_template(name).and_then(|template| {
            template.render(
                context! { host, path, www, shop, tracker, video, partner, adserver, endpoint },
            )
        });
        match rendered {
            Ok(page) => reply::reply(status, reply::HTML, page),
            Err(error) => reply::reply(
                StatusCode::INTERNAL_SERVER_ERROR,
                reply::TEXT,
                format!("{error:#}"),
            ),
        }
    }
}

/// A value as a JSON answer.
pub fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => reply::reply(StatusCode::OK, reply::JSON, bytes),
        Err(_) => reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The template that a path shows: the shop's own first, then those that both hosts share.
fn template(host: &str, path: &str) -> Option<String> {
    let name = match path.trim_matches('/') {
        "" => "index",
        name => name,
    };
    if name.split('/').any(|part| part.starts_with('_')) || name.starts_with("shop/") {
        return None;
    }
    let own = host
        .starts_with("shop.")
        .then(|| format!("shop/{name}.html"));
    own.into_iter()
        .chain([format!("{name}.html")])
        .find(|name| Pages::get(name).is_some())
}

fn templates() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(|name| match Pages::get(name) {
        None => Ok(None),
        Some(file) => String::from_utf8(file.data.into_owned())
            .map(Some)
            .map_err(|_| minijinja::Error::new(ErrorKind::SyntaxError, "not UTF-8")),
    });
    environment
}

fn content_type(name: &str) -> String {
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    if mime.type_() == "text" {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    }
}
