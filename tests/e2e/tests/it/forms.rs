//! The dialog's forms, for what a browser cannot carry out: they are reported at once, say how that
//! ended, and leave nothing in the browser.

use std::future::Future;

use e2e::{Dialog, Gpc, Keys, Problems, WWW, World, wait};
use serde_json::{Value, json};

use crate::dialog::tree;
use crate::faults::before;
use crate::faults::endpoint::Fault;

const ADDRESS: &str = "visitor@example.com";

fn config(world: &World, changes: Value) -> Value {
    let mut config = world.config_with(changes);
    config["notice"] = json!({ "offlineForm": true, "contacts": ["email", "phone"] });
    config
}

/// The page with its forms, in the open dialog.
async fn visit(world: &World, changes: Value) -> Dialog<'_> {
    let markup = world.markup().config(&config(world, changes));
    world.visit("/", &markup).await;
    let dialog = world.dialog().open().await;
    dialog.unfold().await;
    dialog
}

/// Writes into the field of a form as a visitor does.
async fn write(world: &World, form: &str, text: &str) {
    let field = world.dialog().find(&format!("#{form}-email"));
    let begin = format!("{field}.focus(); {field}.select()");
    world.browser.exec(begin).await;
    let insert = json!({ "text": text });
    world.browser.cdp("Input.insertText", insert).await;
}

async fn field(world: &World, form: &str) -> Value {
    let field = world.dialog().find(&format!("#{form}-email"));
    world.browser.js(format!("{field}.value")).await
}

/// Waits until a form says something that begins so.
fn says<'a>(world: &'a World, form: &str, text: &'a str) -> impl Future<Output = Value> + 'a {
    let place = world.dialog().find(&format!("#{form}-answer"));
    world.browser.until(format!(
        "{place}.textContent.startsWith({}) && {place}.textContent",
        json!(text)
    ))
}

/// Statements that empty an element or a field.
fn clear(dialog: Dialog<'_>, css: &str) -> String {
    let place = dialog.find(css);
    format!("Object.assign({place}, {{ value: '', textContent: '' }})")
}

/// What the browser keeps: everything a page can write to and read again later.
const KEPT: &str = r"(async () => {
    const kept = [location.href, document.title, window.name, document.cookie, history.state, { ...localStorage }, { ...sessionStorage }];
    for (const { name, version } of await indexedDB.databases()) kept.push(name, version);
    if (globalThis.caches) kept.push(await caches.keys());
    return JSON.stringify(kept);
})()";

async fn assert_kept_nowhere(world: &World) {
    let kept = world.browser.js(KEPT).await;
    let kept = kept.as_str().unwrap();
    assert!(kept.contains("publisher.localhost"), "it looks: {kept}");
    assert!(!kept.contains("visitor"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_reported_and_kept_nowhere() {
    let world = World::new(Gpc::Absent).await;
    let dialog = visit(&world, json!({})).await;
    // What a visitor's storage looks like when there is something in it.
    world.browser.exec("nosale.optOut()").await;
    world.collector.stored(1).await;
    write(&world, "offline", &format!(" {ADDRESS} ")).await;
    world.browser.press(&[Keys::Enter]).await;
    let told = says(&world, "offline", "Your request is sent.").await;
    assert_kept_nowhere(&world).await;
    assert_eq!(
        field(&world, "offline").await,
        "",
        "the field forgets it, too"
    );
    assert!(dialog.is_open().await);

    let event = world.collector.stored(2).await[1].event.clone();
    let number = event["id"].as_str().unwrap();
    assert!(told.as_str().unwrap().ends_with(number), "{told}");
    let origin = format!(
        "http://{WWW}:{}",
        world
            .url("/")
            .rsplit(':')
            .next()
            .unwrap()
            .trim_end_matches('/')
    );
    let version = world.browser.js("nosale.version").await;
    let expected = json!({
        "specversion": "1.0", "id": number, "source": origin, "type": "nosale.request",
        "time": event["time"], "datacontenttype": "application/json",
        "data": { "kind": "opt_out_elsewhere", "how": "dialog", "jurisdiction": "US-CA", "revision": 1,
            "module": version, "page": origin },
    });
    assert_eq!(
        event, expected,
        "nothing of the browser's state goes with an address"
    );
    assert_eq!(
        world.collector.addresses(),
        [(number.to_owned(), ADDRESS.to_owned())]
    );

    world.browser.reload().await;
    world.dialog().open().await;
    assert_eq!(field(&world, "offline").await, "");
    assert_kept_nowhere(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_stays_in_the_field_alone() {
    let world = World::new(Gpc::Absent).await;
    let endpoint = before(&world).await;
    let changes = json!({ "endpoint": { "url": endpoint.url("127.0.0.1") } });
    let dialog = visit(&world, changes).await;
    write(&world, "offline", ADDRESS).await;
    for fault in [
        Fault::Refuses,
        Fault::Answers(500, String::new()),
        Fault::Answers(400, String::new()),
        Fault::StoresThenResets,
    ] {
        endpoint.set(fault.clone());
        dialog.press("offline").await;
        says(&world, "offline", "Your request did not arrive.").await;
        assert_eq!(field(&world, "offline").await, ADDRESS, "{fault:?}");
        assert_kept_nowhere(&world).await;
        // Said again next time.
        let clear = clear(dialog, "#offline-answer");
        world.browser.exec(clear).await;
    }
    let pending = world.status().await["reports"]["pending"].clone();
    assert_eq!(pending, 0, "it waits in no queue");
    endpoint.set(Fault::None);
    dialog.press("offline").await;
    says(&world, "offline", "Your request is sent.").await;
    assert_eq!(field(&world, "offline").await, "");
    let stored = world.collector.stored(1).await;
    assert_eq!(stored.len(), 1, "the same request, by the same number");
    assert_eq!(world.collector.addresses().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_told_where_it_is() {
    let world = World::new(Gpc::Absent).await;
    let dialog = visit(&world, json!({})).await;
    let focus = format!(
        "{}.getRootNode().activeElement.id",
        dialog.find("#offline-email")
    );
    let long = format!("a@{}", "b".repeat(300));
    for wrong in [
        "",
        "visitor",
        "@example.com",
        "visitor@",
        "a@b@c",
        "a b@c",
        &long,
    ] {
        write(&world, "offline", wrong).await;
        world.browser.exec("document.activeElement.blur()").await;
        dialog.press("offline").await;
        says(&world, "offline", "Please enter an e-mail address").await;
        assert_eq!(world.browser.js(&focus).await, "offline-email", "{wrong}");
        if wrong.is_empty() {
            let empty = clear(dialog, "#offline-email");
            world.browser.exec(empty).await;
        }
    }
    let found = Problems(&world.browser).axe().await;
    assert!(found.is_empty(), "{found:#?}");

    // What assistive tools are told of the field and of what went wrong.
    let full = world
        .browser
        .cdp("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = full["nodes"].as_array().unwrap();
    let field = nodes
        .iter()
        .find(|node| {
            node["role"]["value"] == "textbox" && node["name"]["value"] == "E-mail address"
        })
        .unwrap();
    let described = field["description"]["value"].as_str().unwrap();
    assert!(described.starts_with("Please enter an e-mail"), "{field}");
    let property = |name: &str| {
        let all = field["properties"].as_array().unwrap().iter();
        let mut found = all.filter(|one| one["name"] == name);
        found.next().map(|one| one["value"]["value"].clone())
    };
    assert_eq!(property("invalid"), Some(json!("true")));
    assert_eq!(property("required"), Some(json!(true)));
    let nodes = tree(&world).await;
    assert!(
        nodes.iter().any(|node| node.0 == "status"),
        "announced live"
    );
    let purpose = format!("{}.autocomplete", dialog.find("#offline-email"));
    assert_eq!(world.browser.js(purpose).await, "email");

    // Put right, it is right again.
    write(&world, "offline", ADDRESS).await;
    world.browser.press(&[Keys::Enter]).await;
    says(&world, "offline", "Your request is sent.").await;
    let invalid = format!("{}.ariaInvalid", dialog.find("#offline-email"));
    assert_eq!(world.browser.js(invalid).await, "false");
    assert_eq!(
        world.collector.stored(1).await.len(),
        1,
        "no mistake was sent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_wishes_are_reported() {
    let world = World::new(Gpc::Absent).await;
    let dialog = visit(&world, json!({})).await;
    let ways =
        "[...document.querySelector('[data-nosale-dialog]').shadowRoot.querySelectorAll('select')]
        .map(one => [one.labels[0].textContent, one.value, one.options.length])";
    assert_eq!(
        world.browser.js(ways).await,
        json!([["E-mail", "", 5], ["Telephone", "", 5]]),
        "those that the publisher names, and nothing is chosen before"
    );
    dialog.press("contacts").await;
    says(&world, "contacts", "Nothing was changed.").await;
    // By the keyboard: the next one is "Never".
    let select = dialog.find("#way-phone");
    world.browser.exec(format!("{select}.focus()")).await;
    world.browser.press(&[Keys::Down]).await;
    let chosen = format!("{select}.value === 'never'");
    world.browser.until(chosen).await;
    dialog.press("contacts").await;
    says(&world, "contacts", "Please enter an e-mail address").await;
    write(&world, "contacts", ADDRESS).await;
    dialog.press("contacts").await;
    says(&world, "contacts", "Your request is sent.").await;
    assert_kept_nowhere(&world).await;
    let event = &world.collector.stored(1).await[0].event;
    assert_eq!(event["data"]["kind"], "contact");
    assert_eq!(event["data"]["contacts"], json!({ "phone": "never" }));
    assert_eq!(world.collector.addresses()[0].1, ADDRESS);
    assert_eq!(field(&world, "contacts").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_account_needs_no_address_for_wishes() {
    let world = World::new(Gpc::Absent).await;
    let dialog = visit(&world, json!({ "account": { "id": "a-17" } })).await;
    let seen = format!("{}.checkVisibility()", dialog.find("#contacts-email"));
    assert_eq!(world.browser.js(seen).await, false);
    let choose = format!(
        "Object.assign({}, {{ value: 'weekly' }})",
        dialog.find("#way-email")
    );
    world.browser.exec(choose).await;
    dialog.press("contacts").await;
    says(&world, "contacts", "Your request is sent.").await;
    let event = &world.collector.stored(1).await[0].event;
    assert_eq!(event["data"]["account"], "a-17");
    assert_eq!(event["data"]["contacts"], json!({ "email": "weekly" }));
    assert!(world.collector.addresses().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_text() {
    let world = World::new(Gpc::Absent).await;
    let dialog = visit(&world, json!({})).await;
    let hostile = [
        "<img/src=x/onerror=window.hit=1>@example.com",
        "\"><script>window.hit=1</script>@example.com",
        "{date}{count}@{name}",
        "@opt_out_all",
        "javascript:window.hit=1//@example.com",
        "=cmd|'/C'!A1@example.com",
        "__proto__@constructor",
    ];
    let mut right = Vec::new();
    for text in hostile {
        write(&world, "offline", text).await;
        dialog.press("offline").await;
        if text.starts_with('@') {
            says(&world, "offline", "Please enter").await;
        } else {
            right.push(text);
            says(&world, "offline", "Your request is sent.").await;
            let clear = clear(dialog, "#offline-answer");
            world.browser.exec(clear).await;
        }
    }
    assert_eq!(world.browser.js("window.hit").await, Value::Null);
    let emails: Vec<_> = world
        .collector
        .addresses()
        .into_iter()
        .map(|one| one.1)
        .collect();
    assert_eq!(emails, right, "as they were written");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_leaves_the_page_by_itself() {
    let world = World::new(Gpc::Absent).await;
    let markup = world.markup().config(&config(&world, json!({})));
    let policy = "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    world.visit_under(policy, "/", &markup).await;
    let dialog = world.dialog().open().await;
    dialog.unfold().await;
    write(&world, "offline", ADDRESS).await;
    // What a page's script or a broken part could do: the fields have no names to be sent.
    let submit = format!("{}.form.requestSubmit()", dialog.find("#offline-email"));
    world.browser.exec(submit).await;
    assert_kept_nowhere(&world).await;
    assert_eq!(
        world
            .browser
            .js("location.pathname + location.search")
            .await,
        "/"
    );
    let dialog = world.dialog();
    if !dialog.is_open().await {
        dialog.open().await;
    }
    write(&world, "offline", ADDRESS).await;
    world.browser.press(&[Keys::Enter]).await;
    says(&world, "offline", "Your request is sent.").await;
    assert_eq!(world.collector.stored(1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nothing_is_asked() {
    let world = World::new(Gpc::Absent).await;
    let seen = async |dialog: Dialog<'_>| {
        let all =
            "['#offline', '#contacts'].map(css => document.querySelector('[data-nosale-dialog]')
            .shadowRoot.querySelector(css).checkVisibility())";
        dialog.unfold().await;
        world.browser.js(all).await
    };
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    assert_eq!(seen(dialog).await, json!([false, false]), "not switched on");

    let dialog = visit(&world, json!({ "endpoint": null })).await;
    assert_eq!(
        seen(dialog).await,
        json!([false, false]),
        "nowhere to send it"
    );
    let named = wait::until("the mistake is named", async || {
        let console = world.browser.console().await.to_string();
        console.contains("endpoint is absent").then_some(console)
    });
    let console = named.await;
    assert!(console.contains("notice.offlineForm"), "{console}");
}
