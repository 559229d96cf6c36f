//! A browser that is killed as a whole, and comes back with what it had on its disk.

use std::time::Duration;

use e2e::{Launch, World};

/// The browser writes localStorage to disk some seconds after the page did. What is killed before
/// that loses the choice, and then all of it; later, nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_browser_keeps_a_choice_and_its_report_or_neither() {
    let mut world = World::without_collector(Launch::default()).await;
    world.page("/", &world.markup());
    let mut expected = Vec::new();
    // Not waits for anything: the points at which it is killed.
    for (kill, milliseconds) in [0, 700, 2_000, 10_500].into_iter().enumerate() {
        world.open("/").await;
        let purpose = ["sale", "sharing", "targeted_advertising", "profiling"][kill];
        let choose = format!("nosale.optOut(['{purpose}']).id");
        let id = world.browser.js(choose).await;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        world.browser.kill().await;

        world.start_collector().await;
        world.browser.start_again().await;
        world.open("/").await;
        let status = world.status().await;
        let kept = status["record"]["choices"][purpose] == "out";
        assert!(
            kept || milliseconds < 10_000,
            "lost after {milliseconds} ms: {status}"
        );
        if kept {
            expected.push(id);
        }
        world
            .browser
            .until("nosale.status().reports.pending === 0")
            .await;
        world.settle().await;
        let rows = world.collector.rows();
        let stored: Vec<_> = rows.iter().map(|row| &row.event["id"]).collect();
        let expected: Vec<_> = expected.iter().collect();
        assert_eq!(stored, expected, "after {milliseconds} ms");
        world.collector.stop().await;
    }
}
