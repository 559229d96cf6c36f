//! What the gate costs a page on which something is denied, against the same page without nosale.
//! Processor time of the page's main thread, the least of several rounds in turns. What else the
//! machine does still counts, through its caches: so these tests are a program of their own, which
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

    let mut least = [f64::INFINITY; 2];
    for round in 0..ROUNDS * TRIES {
        for place in [round % 2, 1 - round % 2] {
            let path = ["/plain", "/gated"][place];
            least[place] = least[place].min(one(&world, path, calls).await);
        }
        let active: Value = world
            .browser
            .js("window.nosale ? nosale.status().gate.active : true")
            .await;
        assert_eq!(active, true);
        if round + 1 >= ROUNDS && least[1] <= least[0] * LIMIT {
            break;
        }
    }
    let ratio = least[1] / least[0];
    println!(
        "{what}: {ratio:.3} ({:.1} ms, without nosale {:.1} ms)",
        least[1] * 1e3,
        least[0] * 1e3
    );
    assert!(
        ratio <= LIMIT,
        "{what} takes {ratio:.3} times as long: {least:?}"
    );
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
