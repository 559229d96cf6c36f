//! A site for each test, and a client that reaches its hosts without a name server.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
};

use demo::{Options, Site};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use tempfile::TempDir;

/// The newspaper.
pub const WWW: &str = "www.publisher.localhost";
/// Its shop.
pub const SHOP: &str = "shop.publisher.localhost";
/// A third party.
pub const TRACKER: &str = "tracker.localhost";

/// A running site and its own `dist`.
pub struct TestSite {
    site: Site,
    folder: TempDir,
}

impl Deref for TestSite {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

pub async fn start(endpoint: Option<&str>) -> TestSite {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("dist")).unwrap();
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        dist: folder.path().join("dist"),
        endpoint: endpoint.map(str::to_owned),
    };
    let site = Site::start(options).await.unwrap();
    TestSite { site, folder }
}

impl TestSite {
    pub fn dist(&self) -> PathBuf {
        self.folder.path().join("dist")
    }

    /// The folder that `dist` is in.
    pub fn outside(&self) -> &Path {
        self.folder.path()
    }
}

/// What came back.
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// A request to a host of the site. It goes to the loopback address; the header names the host.
pub fn request(site: &Site, method: Method, host: &str, path: &str) -> RequestBuilder {
    let client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    client
        .request(method, site.url("127.0.0.1", path))
        .header("host", format!("{host}:{}", site.port()))
}

pub async fn ask(
    site: &Site,
    method: Method,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request = request(site, method, host, path).body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let text = |value: &reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    Reply {
        status: response.status().as_u16(),
        headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned(),
    }
}

pub async fn get(site: &Site, host: &str, path: &str) -> Reply {
    ask(site, Method::GET, host, path, &[], "").await
}
