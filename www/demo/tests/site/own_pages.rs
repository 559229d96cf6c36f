//! Answers that a test puts in place of the site's, and how the site starts and stops.

use std::time::Duration;

use demo::Page;
use reqwest::Method;

use crate::client::{SHOP, TRACKER, WWW, ask, get, request, start};

#[tokio::test]
async fn a_page_of_ones_own_wins() {
    let site = start(None).await;
    let page = Page {
        status: 503,
        content_type: "application/json".into(),
        headers: vec![
            ("Set-Cookie".into(), "a=1".into()),
            ("Set-Cookie".into(), "b=2".into()),
            ("Cache-Control".into(), "max-age=60".into()),
        ],
        body: "{}".into(),
        ..Page::default()
    };
    for (host, path) in [
        (WWW, "/"),
        (WWW, "/_arrivals"),
        (TRACKER, "/tag.js"),
        ("new.host", "/x"),
    ] {
        site.put(host, path, page.clone());
        let reply = get(&site, host, &format!("{path}?any=query")).await;
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (503, "{}"),
            "{host}{path}"
        );
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.all("set-cookie"), ["a=1", "b=2"]);
        assert_eq!(reply.all("cache-control"), ["max-age=60"]);
        assert_eq!(site.arrivals(host).len(), 1, "it is counted");
        site.clear();
    }
    assert_eq!(
        get(&site, SHOP, "/").await.status,
        200,
        "other hosts keep theirs"
    );
}

#[tokio::test]
async fn a_preflight_for_ones_own_page_follows_its_headers() {
    let site = start(None).await;
    let preflight = [
        ("origin", "http://www.publisher.localhost"),
        ("access-control-request-method", "POST"),
    ];
    let down = Page {
        status: 503,
        ..Page::default()
    };
    site.put("endpoint.localhost", "/down", down);
    let reply = ask(
        &site,
        Method::OPTIONS,
        "endpoint.localhost",
        "/down",
        &preflight,
        "",
    )
    .await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.all("access-control-allow-origin"), ["*"]);

    let strict = Page {
        headers: vec![("Access-Control-Allow-Origin".into(), "http://a.test".into())],
        ..Page::default()
    };
    site.put("endpoint.localhost", "/strict", strict);
    let reply = ask(
        &site,
        Method::OPTIONS,
        "endpoint.localhost",
        "/strict",
        &preflight,
        "",
    )
    .await;
    assert_eq!(reply.all("access-control-allow-origin"), ["http://a.test"]);
}

#[tokio::test]
async fn a_delayed_page_comes_late_and_whole() {
    let site = start(None).await;
    let delay = Duration::from_millis(300);
    let page = Page {
        delay: Some(delay),
        ..Page::html("late")
    };
    site.put(WWW, "/late", page);
    let begun = std::time::Instant::now();
    assert_eq!(get(&site, WWW, "/late").await.body, "late");
    assert!(begun.elapsed() >= delay);
}

#[tokio::test]
async fn a_hanging_page_arrives_but_never_answers_until_the_site_ends() {
    let site = start(None).await;
    let page = Page {
        hang: true,
        ..Page::default()
    };
    site.put(TRACKER, "/slow.js", page);
    let request = tokio::spawn({
        let request = request(&site, Method::GET, TRACKER, "/slow.js");
        async move { request.send().await.map(|_| ()) }
    });
    while site.arrivals(TRACKER).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Another request on another connection is not held up.
    assert_eq!(get(&site, TRACKER, "/tag.js").await.status, 200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!request.is_finished());

    let port = site.port();
    drop(site);
    let _ = request.await.unwrap();
    while tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .is_ok()
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let site = start(None).await;
    let second = demo::Site::start(demo::Options {
        listen: ([127, 0, 0, 1], site.port()).into(),
        dist: "dist".into(),
        endpoint: None,
    });
    let error = second.await.err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
