//! What the stand-in third parties answer.

use reqwest::Method;

use crate::client::{TRACKER, ask, get, start};

#[tokio::test]
async fn scripts_know_the_host_they_came_from() {
    let site = start(None).await;
    for host in [TRACKER, "other.example"] {
        for path in ["/tag.js", "/ad.js", "/weather.js", "/audience.js"] {
            let script = get(&site, host, path).await;
            assert_eq!(
                script.header("content-type"),
                Some("text/javascript; charset=utf-8")
            );
            let origin = site.url(host, "");
            assert!(script.body.contains(&origin), "{host}{path}");
            assert!(!script.body.contains("__ORIGIN__"), "{host}{path}");
        }
    }
}

#[tokio::test]
async fn the_tag_counts_its_runs_and_calls_home_twice() {
    let site = start(None).await;
    let tag = get(&site, TRACKER, "/tag.js").await.body;
    for part in ["trackerRan", "/pixel.gif?", "/collect"] {
        assert!(tag.contains(part), "{part}");
    }
}

#[tokio::test]
async fn everything_is_answered_by_its_kind() {
    let site = start(None).await;
    for (path, status, content_type) in [
        ("/pixel.gif", 200, Some("image/gif")),
        ("/collect", 204, None),
        ("/embed", 200, Some("text/html; charset=utf-8")),
        ("/image.svg", 200, Some("image/svg+xml")),
        ("/weather.svg", 200, Some("image/svg+xml")),
        ("/a/b/odd.js", 200, Some("text/javascript; charset=utf-8")),
        ("/module.mjs", 200, Some("text/javascript; charset=utf-8")),
        ("/odd.css", 200, Some("text/css; charset=utf-8")),
        ("/odd.html", 200, Some("text/html; charset=utf-8")),
        ("/odd.png", 200, Some("image/svg+xml")),
        ("/odd.json", 200, Some("application/json")),
        ("/odd.mp4", 200, Some("video/mp4")),
        ("/odd", 200, Some("text/plain; charset=utf-8")),
        ("/", 200, Some("text/plain; charset=utf-8")),
    ] {
        let reply = get(&site, "any.example", path).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("content-type"), content_type, "{path}");
        assert_eq!(
            reply.header("access-control-allow-origin"),
            Some("*"),
            "{path}"
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn what_has_no_extension_is_what_the_browser_wants() {
    let site = start(None).await;
    for (name, value, content_type) in [
        ("sec-fetch-dest", "script", "text/javascript; charset=utf-8"),
        ("sec-fetch-dest", "worker", "text/javascript; charset=utf-8"),
        ("sec-fetch-dest", "style", "text/css; charset=utf-8"),
        ("sec-fetch-dest", "iframe", "text/html; charset=utf-8"),
        ("sec-fetch-dest", "image", "image/gif"),
        ("accept", "text/event-stream", "text/event-stream"),
    ] {
        let sent = [(name, value)];
        let reply = ask(&site, Method::GET, TRACKER, "/odd", &sent, "").await;
        assert_eq!(reply.header("content-type"), Some(content_type), "{value}");
    }
}

#[tokio::test]
async fn any_method_may_collect_from_any_origin() {
    let site = start(None).await;
    for method in [Method::GET, Method::POST, Method::PUT, Method::OPTIONS] {
        let reply = ask(&site, method.clone(), TRACKER, "/collect", &[], "").await;
        assert_eq!(reply.status, 204, "{method}");
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-headers"), Some("*"));
    }
    let methods: Vec<_> = site
        .arrivals(TRACKER)
        .into_iter()
        .map(|it| it.method)
        .collect();
    assert_eq!(methods, ["GET", "POST", "PUT", "OPTIONS"]);
}

#[tokio::test]
async fn a_browser_is_given_one_id_and_keeps_it() {
    let site = start(None).await;
    let first = get(&site, TRACKER, "/pixel.gif").await;
    let cookie = first.header("set-cookie").unwrap();
    assert!(cookie.starts_with("tid="));
    let known = cookie.split(';').next().unwrap();
    let sent = [("cookie", known)];
    let second = ask(&site, Method::GET, TRACKER, "/pixel.gif", &sent, "").await;
    assert_eq!(second.header("set-cookie"), None);
    let other = get(&site, TRACKER, "/pixel.gif").await;
    assert_ne!(other.header("set-cookie"), Some(cookie));
}
