//! Requests for what a browser cannot carry out: the address stands apart from the record, on the list of
//! those who are opted out, and can be erased.

use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::{Collector, answer, event, id_of};

fn request(email: &str) -> Value {
    named(
        include_str!("../../../tests/data/events/request.json"),
        email,
    )
}

fn contact(email: &str) -> Value {
    named(
        include_str!("../../../tests/data/events/contact.json"),
        email,
    )
}

fn named(example: &str, email: &str) -> Value {
    let mut event: Value = serde_json::from_str(example).unwrap();
    event["id"] = json!(Uuid::new_v4().to_string());
    event["data"]["email"] = json!(email);
    event
}

async fn store(collector: &Collector, events: &[Value]) {
    let (status, told) = collector.send(events).await;
    assert_eq!(
        (status, &told["stored"]),
        (200, &json!(events.len())),
        "{told}"
    );
}

async fn suppressed(collector: &Collector, query: &str) -> Value {
    let path = format!("/v1/suppressions/emails{query}");
    let (status, list) = answer(collector.get(&path).await).await;
    assert_eq!(status, 200);
    list
}

async fn erase(collector: &Collector, receipt: &str) -> StatusCode {
    let url = collector.url(&format!("/v1/receipts/{receipt}/email"));
    collector.client.delete(url).send().await.unwrap().status()
}

async fn export(collector: &Collector, form: &str) -> String {
    let response = collector.get(&format!("/v1/export.{form}")).await;
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_record_has_no_address_and_the_publisher_sees_it_with_the_record() {
    let collector = Collector::start(&[]).await;
    let sent = contact("=1+1@example.com");
    store(&collector, &[sent.clone(), event()]).await;
    let row = &collector.rows()[0];
    assert_eq!(row.kind, "nosale.request");
    assert!(!row.event.to_string().contains("@example.com"), "{row:?}");

    assert_eq!(collector.list("").await["events"][0]["event"], sent);
    let line = export(&collector, "jsonl").await;
    let line: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!(line["data"], sent["data"]);
    let table = export(&collector, "csv").await;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let place = head.iter().position(|column| column == name).unwrap();
        rows[row][place].to_owned()
    };
    assert_eq!(cell(0, "email"), "'=1+1@example.com");
    let contacts: Value = serde_json::from_str(&cell(0, "contacts")).unwrap();
    assert_eq!(contacts, sent["data"]["contacts"]);
    assert_eq!(cell(0, "sale_allowed"), "");
    assert_eq!(
        (cell(1, "email"), cell(1, "contacts")),
        (String::new(), String::new())
    );

    // Who holds the number is shown the request, not the address.
    let path = format!("/v1/receipts/{}", id_of(&sent));
    let (status, receipt) = answer(collector.get(&path).await).await;
    assert_eq!(status, 200);
    assert_eq!(receipt["data"]["kind"], "contact");
    assert!(!receipt.to_string().contains("@example.com"), "{receipt}");
}

#[tokio::test]
async fn the_list_has_each_address_that_opted_out_once() {
    let collector = Collector::start(&[]).await;
    let first = request("b@example.com");
    store(&collector, std::slice::from_ref(&first)).await;
    let others = [
        request("b@example.com"),
        request("a@example.com"),
        contact("c@example.com"),
        request("d@example.com"),
    ];
    store(&collector, &others).await;
    // Repeated, it is still one.
    let (_, told) = collector.send(std::slice::from_ref(&first)).await;
    assert_eq!(told["repeated"], 1);
    let list = suppressed(&collector, "").await;
    let emails: Vec<_> = list["suppressions"].as_array().unwrap().iter().collect();
    let told: Vec<_> = emails
        .iter()
        .map(|one| one["email"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["a@example.com", "b@example.com", "d@example.com"]);
    assert_eq!(emails[1]["receipt"], first["id"], "the first request");
    assert_eq!(emails[1]["since"], json!(collector.rows()[0].received_at));
    assert_eq!(list["last"], "d@example.com");

    let page = suppressed(&collector, "?after=a%40example.com&limit=1").await;
    assert_eq!(page["suppressions"][0]["email"], "b@example.com");
    let end = suppressed(&collector, "?after=d%40example.com").await;
    assert_eq!(end, json!({ "suppressions": [] }));
    for wrong in ["?limit=0", "?after=a&after=b", "?purpose=sale"] {
        let response = collector
            .get(&format!("/v1/suppressions/emails{wrong}"))
            .await;
        assert_eq!(response.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn an_erased_address_is_nowhere_and_its_record_stays() {
    let collector = Collector::start(&[]).await;
    let events = [
        request("a@example.com"),
        contact("a@example.com"),
        request("b@example.com"),
    ];
    store(&collector, &events).await;
    for nothing in ["x", &id_of(&event())] {
        assert_eq!(erase(&collector, nothing).await, 404, "{nothing}");
    }
    let number = id_of(&events[0]).to_uppercase();
    assert_eq!(erase(&collector, &number).await, 204);
    assert_eq!(
        erase(&collector, &number).await,
        404,
        "it is erased already"
    );
    let list = suppressed(&collector, "").await.to_string();
    assert!(
        !list.contains("a@example.com") && list.contains("b@example.com"),
        "{list}"
    );
    for form in ["jsonl", "csv"] {
        let text = export(&collector, form).await;
        assert!(
            !text.contains("a@example.com") && text.contains("b@example.com"),
            "{text}"
        );
        assert!(text.contains(&id_of(&events[1])), "the record stays");
    }

    // Also from the file itself, once its log is written back.
    let store = collector.store();
    let (ended, directory) = collector.stop();
    ended.await.unwrap();
    let bytes = std::fs::read(&store).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(!holds("a@example.com") && holds("b@example.com"));
    drop(directory);
}

#[tokio::test]
async fn an_address_is_the_publishers_to_read_and_to_erase() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let sent = request("a@example.com");
    store(&collector, std::slice::from_ref(&sent)).await;
    let url = collector.url(&format!("/v1/receipts/{}/email", id_of(&sent)));
    let erase = collector.client.delete(url).header("host", "example.com");
    assert_eq!(erase.send().await.unwrap().status(), 401);
    let url = collector.url("/v1/suppressions/emails");
    let list = collector.client.get(url).header("host", "example.com");
    assert_eq!(list.send().await.unwrap().status(), 401);
    assert_eq!(suppressed(&collector, "").await["last"], "a@example.com");
}

#[tokio::test]
async fn requests_are_counted_apart_and_change_no_account() {
    let collector = Collector::start(&[]).await;
    let mut of_account = request("a@example.com");
    of_account["data"]["account"] = json!("a-17");
    of_account["data"]["purposes"] = event()["data"]["purposes"].clone();
    store(
        &collector,
        &[of_account, contact("b@example.com"), request("c@d")],
    )
    .await;
    let year = &collector.rows()[0].received_at[..4];
    let (_, counts) = answer(collector.get(&format!("/v1/counts?year={year}")).await).await;
    assert_eq!(
        counts["handedOn"],
        json!({ "optOutElsewhere": 2, "contact": 1 })
    );
    assert_eq!(counts["requests"]["received"], 0);
    let (_, account) = answer(collector.get("/v1/accounts/a-17").await).await;
    assert_eq!(account["optOut"], json!([]));
}

#[tokio::test]
async fn a_store_of_an_earlier_version_takes_requests() {
    let collector = Collector::start(&[]).await;
    store(&collector, &[event()]).await;
    let path = collector.store();
    let (ended, directory) = collector.stop();
    ended.await.unwrap();
    let earlier = Connection::open(&path).unwrap();
    earlier
        .execute_batch("DROP TABLE addresses; PRAGMA user_version = 4")
        .unwrap();
    drop(earlier);
    let collector = Collector::start_in(directory, &[]).await;
    store(&collector, &[request("a@example.com")]).await;
    assert_eq!(suppressed(&collector, "").await["last"], "a@example.com");
    assert_eq!(collector.rows().len(), 2);
}
