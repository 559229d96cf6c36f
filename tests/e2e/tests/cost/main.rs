//! What the gate costs a page on which something is denied, against the same page without nosale.
//! Processor time of the page's main thread, the lower quartile of several rounds in turns. What else
//! the machine does still counts, through its caches: so these tests are a program of their own, which
//! runs while no other does, and one at a time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: failing loudly is its job"
)]

use e2e::{Gpc, Markup, PARTNER, Page, World};
use serde_json::{Value, json};
use tokio::sync::Mutex;

static ALONE: Mutex<()> = Mutex::const_new(());

/// At most this much of what a page takes without nosale.
const LIMIT: f64 = 1.15;
const ROUNDS: usize = 4;
/// A noisy machine gets this many times as many rounds before the test fails.
const TRIES: usize = 4;

const WORK: &str = r"<script>
    const partner = `http://partner.localhost:${location.port}`;
    window.insert = async () => {
      const main = document.body.appendChild(document.createElement('main'));
      const loading = [];
      for (let place = 0; place < 10000; place++) {
        let made;
        if (place % 10 === 0) {
          made = document.createElement('img');
          made.width = made.height = 4;
          loading.push(new Promise(done => { made.onload = made.onerror = done }));
          made.src = `${partner}/image.svg?${place}`;
        } else {
          made = document.createElement('div');
          made.setAttribute('data-row', place);
          made.textContent = `row ${place}`;
        }
        made.setAttribute('class', 'row');
        main.appendChild(made);
      }
      main.getBoundingClientRect();
      await Promise.all(loading);
    };
    // In ten parts, because a script that a test waits for may take so long only.
    window.request = async part => {
      for (let done = 0; done < 1000; done += 100) {
        const some = Array.from({ length: 100 }, (_, place) => fetch(`${partner}/text?${part}-${done + place}`));
        for (const response of await Promise.all(some)) if (!response.ok) throw new Error('not there');
      }
    };
</script>";

/// Seconds of processor time that the page's main thread has taken.
async fn taken(world: &World) -> f64 {
    let metrics = world.browser.cdp("Performance.getMetrics", json!({})).await;
    let metric = metrics["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|metric| metric["name"] == "TaskDuration")
        .unwrap();
    metric["value"].as_f64().unwrap()
}

async fn one(world: &World, path: &str, calls: &[String]) -> f64 {
    world.open(path).await;
    world
        .browser
        .until("document.readyState === 'complete'")
        .await;
    let before = taken(world).await;
    for call in calls {
        world.browser.js(call).await;
    }
    taken(world).await - before
}

async fn check(what: &str, calls: &[String]) {
    let _alone = ALONE.lock().await;
    let world = World::new(Gpc::On).await;
    let threads = json!({ "timeDomain": "threadTicks" });
    world.browser.cdp("Performance.enable", threads).await;
    let image = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>";
    let open = |content_type: &str, text: &str| Page {
        headers: vec![
            ("Content-Type".to_owned(), content_type.to_owned()),
            ("Access-Control-Allow-Origin".to_owned(), "*".to_owned()),
            ("Cache-Control".to_owned(), "max-age=600".to_owned()),
        ],
        ..Page::html(text.to_owned())
    };
    world.put(PARTNER, "/image.svg", open("image/svg+xml", image));
    world.put(PARTNER, "/text", open("text/plain", "x"));
    world.page("/plain", &Markup::new().tag("").head(WORK));
    world.page("/gated", &world.markup().head(WORK));

    // So that every round finds what it loads in the cache.
    one(&world, "/plain", calls).await;
    let mut rounds = Vec::new();
    while rounds.len() < ROUNDS || rounds.len() < ROUNDS * TRIES && ratio(&rounds) > LIMIT {
        let mut took = [0.0; 2];
        let first = rounds.len() % 2;
        for place in [first, 1 - first] {
            took[place] = one(&world, ["/plain", "/gated"][place], calls).await;
        }
        rounds.push(took);
        let active: Value = world
            .browser
            .js("window.nosale ? nosale.status().gate.active : true")
            .await;
        assert_eq!(active, true);
    }
    let ratio = ratio(&rounds);
    println!("{what}: {ratio:.3} over {} rounds", rounds.len());
    assert!(
        ratio <= LIMIT,
        "{what} takes {ratio:.3} times as long: {rounds:?}"
    );
}

/// How many times as long the page takes with nosale, by the lower quartile of either: other work only
/// ever adds, and the least would be falsified by one moment without any.
fn ratio(rounds: &[[f64; 2]]) -> f64 {
    let quartile = |place: usize| {
        let mut took: Vec<f64> = rounds.iter().map(|round| round[place]).collect();
        took.sort_by(f64::total_cmp);
        took[took.len() / 4]
    };
    quartile(1) / quartile(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn inserting_ten_thousand_elements_costs_little() {
    check("insertion", &["insert()".to_owned()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_cost_little() {
    let calls: Vec<String> = (0..10).map(|part| format!("request({part})")).collect();
    check("requests", &calls).await;
}
