//! Workers whose code is a blob: they run behind a prelude that knows the rules in force.

use e2e::{Gpc, PARTNER, TRACKER, VIDEO, WWW, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_prelude_reads_rules_as_the_module_does() {
    let world = World::new(Gpc::On).await;
    let vendor = |name: &str, rules: serde_json::Value, mode: &str, sockets: bool| json!({ "name": name, "rules": rules, "purposes": ["sale"], "mode": mode, "sockets": sockets });
    let config = world.config_with(json!({ "vendors": [
        vendor("below", json!([TRACKER]), "block", true),
        vendor("part", json!([format!("{PARTNER}/tr"), format!("{PARTNER}/tag?id=1&x"), format!("{PARTNER}/tr/not")]), "block", false),
        vendor("but", json!([format!("{PARTNER}/tr/but"), format!("cdn.{TRACKER}")]), "allow", false),
        vendor("exact", json!([format!("={VIDEO}")]), "block", false),
    ] }));
    world.visit("/", &e2e::Markup::new().config(&config)).await;
    let addresses = json!([
        [TRACKER, "/x"],
        [format!("eu.{TRACKER}"), "/x"],
        [format!("cdn.{TRACKER}"), "/x"],
        [format!("a.cdn.{TRACKER}"), "/x"],
        [PARTNER, "/"],
        [PARTNER, "/tr"],
        [PARTNER, "/tr/"],
        [PARTNER, "/trend"],
        [PARTNER, "/tr/but"],
        [PARTNER, "/tr/but/x"],
        [PARTNER, "/tr/not"],
        [PARTNER, "/tag"],
        [PARTNER, "/tag?id=1"],
        [PARTNER, "/tag?x=2&id=1"],
        [PARTNER, "/tag?id=12&x"],
        [VIDEO, "/x"],
        [format!("a.{VIDEO}"), "/x"],
        [format!("{VIDEO}."), "/x"],
        [WWW, "/own"],
    ]);
    let told = world
        .browser
        .js(format!(
            r"(async () => {{
                const code = `onmessage = async ({{ data }}) => {{
                    const told = [];
                    for (const url of data) {{
                        // A socket's port is not the site's: refused, or not asked at all.
                        told.push(await fetch(url, {{ mode: 'no-cors' }}).then(() => true, () => false));
                    }}
                    postMessage(told);
                }}`;
                const addresses = {addresses}.map(([host, path]) => `http://${{host}}:${{location.port}}${{path}}`);
                const url = URL.createObjectURL(new Blob([code]));
                const worker = new Worker(url);
                URL.revokeObjectURL(url);
                worker.postMessage(addresses);
                const told = await new Promise(done => {{ worker.onmessage = event => done(event.data) }});
                return addresses.filter((address, place) => told[place] !== nosale.allows(address));
            }})()"
        ))
        .await;
    assert_eq!(told, json!([]));
    world.reached(PARTNER, "/tr/but/x").await;
    world.nothing_reached(VIDEO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_behind_a_prelude_is_the_pages_own() {
    let world = World::new(Gpc::On).await;
    world.put(
        WWW,
        "/own.js",
        e2e::Page::script("postMessage(location.pathname + fetch)"),
    );
    world.put(
        WWW,
        "/module.js",
        e2e::Page::script("export default 'imported'"),
    );
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const blob = text => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            const said = worker => new Promise(done => { worker.onmessage = event => done(event.data); worker.onerror = event => done(event.message) });
            const seen = {};
            seen.name = await said(new Worker(blob("postMessage(name + typeof importScripts)"), { name: "mine" }));
            seen.module = await said(new Worker(blob(`import text from "${location.origin}/module.js"; postMessage(text + typeof import.meta)`), { type: "module", name: "x" }));
            seen.error = await said(new Worker(blob("throw new Error('mine')")));
            seen.data = await said(new Worker("data:text/javascript,postMessage(self.origin)"));
            seen.encoded = await said(new Worker(`data:text/javascript;base64,${btoa("postMessage('encoded')")}`));
            seen.text = await said(new Worker(blob("postMessage('\u2603')")));
            seen.own = await said(new Worker("/own.js"));
            const shared = blob("let count = 0; onconnect = ({ ports: [port] }) => port.postMessage(++count)");
            const ports = [new SharedWorker(shared, "s").port, new SharedWorker(shared, "s").port];
            seen.shared = await Promise.all(ports.map(said));
            const stopped = `http://tracker.localhost:${location.port}/x`;
            seen.lost = await said(new Worker(blob(`fetch("${stopped}").catch(error => postMessage(error.name + error.message))`)));
            seen.script = await said(new Worker(blob(`try { importScripts("${stopped}") } catch (error) { postMessage(error.name) }`)));
            seen.extended = await said(new (class extends Worker {})(blob("postMessage('extended')")));
            return seen;
        })()"#)
        .await;
    let expected = json!({
        "name": "minefunction", "module": "importedobject", "error": "Uncaught Error: mine", "data": "null",
        "encoded": "encoded", "text": "\u{2603}", "own": "/own.jsfunction fetch() { [native code] }", "shared": [1, 2],
        "lost": "TypeErrorFailed to fetch", "script": "NetworkError", "extended": "extended",
    });
    assert_eq!(told, expected);
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_starts_under_a_policy_that_forbids_reading_blobs() {
    let world = World::new(Gpc::On).await;
    let policy =
        "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; connect-src *";
    world.visit_under(policy, "/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const address = URL.createObjectURL(new Blob([`fetch("http://tracker.localhost:${location.port}/x").catch(error => postMessage(error.name))`]));
            const worker = new Worker(address);
            return new Promise(done => { worker.onmessage = event => done(event.data); worker.onerror = event => done("failed") });
        })()"#)
        .await;
    assert_eq!(told, "TypeError");
    world.nothing_reached(TRACKER).await;
}
