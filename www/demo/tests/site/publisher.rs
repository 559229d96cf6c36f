//! The newspaper, the shop and nosale's files.

use reqwest::Method;

use crate::client::{SHOP, WWW, ask, get, start};

#[tokio::test]
async fn each_publisher_host_has_its_own_front_page() {
    let site = start(None).await;
    let front = get(&site, WWW, "/").await;
    assert_eq!(front.status, 200);
    assert_eq!(
        front.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        front
            .body
            .contains("<h1 class=\"name\"><a href=\"/\">The Port Alder Courier")
    );
    let shop = get(&site, SHOP, "/").await;
    assert!(shop.body.contains("The Courier Shop</a></h1>"));
    for host in [WWW, SHOP] {
        assert_eq!(get(&site, host, "/privacy").await.status, 200);
        assert_eq!(get(&site, host, "/img/icon.svg").await.status, 200);
        assert_eq!(get(&site, host, "/no-such-page").await.status, 404);
    }
}

#[tokio::test]
async fn every_story_that_the_front_page_links_is_there() {
    let site = start(None).await;
    let front = get(&site, WWW, "/").await.body;
    let links: std::collections::BTreeSet<&str> = front
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.starts_with("/articles/"))
        .collect();
    assert_eq!(links.len(), 5);
    for link in links {
        let story = get(&site, WWW, link).await;
        assert_eq!(story.status, 200, "{link}");
        assert!(story.body.contains("class=\"byline\">By "), "{link}");
    }
}

#[tokio::test]
async fn parts_of_pages_are_no_pages() {
    let site = start(None).await;
    for path in [
        "/_base",
        "/_panel",
        "/_base.html",
        "/index.html",
        "/shop/index",
    ] {
        assert_eq!(get(&site, WWW, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_config_comes_before_the_script_and_names_the_endpoint() {
    let endpoint = "http://127.0.0.1:8081/v1/events";
    let site = start(Some(endpoint)).await;
    let page = get(&site, WWW, "/").await.body;
    let config = page.find("id=\"nosale-config\"").unwrap();
    let script = page.find("<script src=\"/nosale.js\">").unwrap();
    let next_address = page.find("href=").unwrap();
    assert!(config < script && script < next_address);

    let text = &page[config..script];
    let text = &text[text.find('{').unwrap()..=text.rfind('}').unwrap()];
    let config: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(config["endpoint"]["url"], endpoint);
    assert_eq!(config["notice"]["policyUrl"], "/privacy");
    let modes: Vec<_> = config["vendors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|vendor| {
            (
                vendor["rules"][0].as_str().unwrap(),
                vendor["mode"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        modes,
        [
            ("tracker.localhost", "block"),
            ("video.localhost", "block"),
            ("partner.localhost", "allow"),
            ("adserver.localhost/tag", "signal"),
            ("adserver.localhost/gtag", "signal"),
        ]
    );
}

#[tokio::test]
async fn without_an_endpoint_the_config_is_still_json() {
    let site = start(None).await;
    let page = get(&site, WWW, "/").await.body;
    let text = page.split("id=\"nosale-config\">").nth(1).unwrap();
    let text = text.split("</script>").next().unwrap();
    let config: serde_json::Value = serde_json::from_str(text).unwrap();
    assert!(config.get("endpoint").is_none());
}

#[tokio::test]
async fn an_endpoint_can_not_break_out_of_the_config() {
    let site = start(Some("http://x/</script><script>alert(1)</script>")).await;
    let page = get(&site, WWW, "/").await.body;
    assert!(!page.contains("<script>alert(1)"));
}

#[tokio::test]
async fn nosale_comes_from_dist_as_it_is_now() {
    let site = start(None).await;
    assert_eq!(get(&site, WWW, "/nosale.js").await.status, 404);

    std::fs::write(site.dist().join("nosale.js"), "first").unwrap();
    let script = get(&site, WWW, "/nosale.js").await;
    assert_eq!((script.status, script.body.as_str()), (200, "first"));
    assert_eq!(
        script.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(script.header("access-control-allow-origin"), Some("*"));

    std::fs::write(site.dist().join("nosale.js"), "second").unwrap();
    assert_eq!(get(&site, SHOP, "/nosale.js").await.body, "second");
    assert_eq!(
        get(&site, "cdn.localhost", "/nosale.js").await.body,
        "second"
    );
}

#[tokio::test]
async fn a_file_of_a_version_is_kept_for_ever_and_others_for_minutes() {
    let site = start(None).await;
    for (name, caching) in [
        ("nosale.js", "public, max-age=300"),
        ("nosale.dialog.js", "public, max-age=300"),
        ("nosale.0.1.0.js", "public, max-age=31536000, immutable"),
    ] {
        std::fs::write(site.dist().join(name), "file").unwrap();
        let reply = get(&site, WWW, &format!("/{name}")).await;
        assert_eq!(reply.header("cache-control"), Some(caching), "{name}");
        let policy = reply.header("cross-origin-resource-policy");
        assert_eq!(policy, Some("cross-origin"), "{name}");
    }
}

#[tokio::test]
async fn a_browser_that_takes_brotli_gets_the_compressed_file() {
    let site = start(None).await;
    std::fs::write(site.dist().join("nosale.js"), "as it is").unwrap();
    std::fs::write(site.dist().join("nosale.js.br"), "compressed").unwrap();
    for (accepted, body, encoding) in [
        ("gzip, br", "compressed", Some("br")),
        ("gzip", "as it is", None),
    ] {
        let reply = ask(
            &site,
            Method::GET,
            WWW,
            "/nosale.js",
            &[("accept-encoding", accepted)],
            "",
        )
        .await;
        assert_eq!(reply.body, body);
        assert_eq!(reply.header("content-encoding"), encoding);
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
        assert_eq!(
            reply.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let site = start(None).await;
    std::fs::write(site.dist().join("nosale.js"), "file").unwrap();
    let first = get(&site, WWW, "/nosale.js").await;
    let since = first.header("last-modified").unwrap().to_owned();
    let again = [("if-modified-since", since.as_str())];
    let again = ask(&site, Method::GET, WWW, "/nosale.js", &again, "").await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header("cache-control"), Some("public, max-age=300"));
}

#[tokio::test]
async fn nothing_outside_dist_is_served() {
    let site = start(None).await;
    std::fs::write(site.outside().join("secret.js"), "classified").unwrap();
    for path in [
        "/../secret.js",
        "/%2e%2e/secret.js",
        "/nosale/..%2f..%2fsecret.js",
    ] {
        let reply = get(&site, WWW, path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.body.contains("classified"), "{path}");
    }
}

#[tokio::test]
async fn a_host_with_a_label_publisher_is_the_publisher() {
    let site = start(None).await;
    let page = get(&site, "www.publisher.test", "/").await;
    assert!(page.body.contains("The Port Alder Courier"));
}

#[tokio::test]
async fn the_bare_address_leads_to_the_newspaper() {
    let site = start(None).await;
    let reply = get(&site, "127.0.0.1", "/").await;
    assert_eq!(reply.status, 307);
    assert_eq!(reply.header("location"), Some(site.url(WWW, "/").as_str()));
}
