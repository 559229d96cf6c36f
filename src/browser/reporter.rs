//! The reporter: keeps events until the endpoint has said that it has them.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON, Math, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use super::json::to_js;
use super::page::{Page, member, set_member};
use super::store::local_storage;
use super::{console, events};
use crate::config::Endpoint;
use crate::report::Event;
use crate::status::ReportsStatus;

#[wasm_bindgen(module = "/www/gate.js")]
extern "C" {
    fn send(url: &str, options: &JsValue) -> Promise;
}

const QUEUE: &str = "nosale.queue";
const PARKED: &str = "nosale.parked";

const MAX_EVENTS: u32 = 50;
const MAX_QUEUE_BYTES: u32 = 64 * 1024;
const MAX_BATCH_EVENTS: u32 = 10;
const MAX_BATCH_BYTES: u32 = 32 * 1024;

/// An endpoint that has not answered by then is asked again later.
const PATIENCE_MS: i32 = 30_000;
const FIRST_PAUSE_MS: f64 = 1_000.0;
const LONGEST_PAUSE_MS: f64 = 3_600_000.0;

/// The queue of reports and its way to the endpoint.
pub struct Reporter {
    page: Page,
    endpoint: Option<Endpoint>,
    /// The queues where localStorage is blocked or full.
    memory: RefCell<Array>,
    memory_parked: RefCell<Array>,
    /// Whether the page is far enough for requests of ours.
    started: Cell<bool>,
    /// A send is asked for: it waits for the lock, or for the endpoint.
    sending: Cell<bool>,
    /// A request is under way.
    in_flight: Cell<bool>,
    /// How often the endpoint has failed since it last answered.
    failures: Cell<u32>,
    /// Events go alone after a batch was refused.
    alone: Cell<bool>,
    pause: RefCell<Option<Timeout>>,
    dropped: Cell<u32>,
    last_error: RefCell<Option<String>>,
}

impl Reporter {
    /// A reporter; without an endpoint it keeps nothing.
    pub fn new(page: Page, endpoint: Option<Endpoint>) -> Reporter {
        Reporter {
            page,
            endpoint,
            memory: RefCell::new(Array::new()),
            memory_parked: RefCell::new(Array::new()),
            started: Cell::new(false),
            sending: Cell::new(false),
            in_flight: Cell::new(false),
            failures: Cell::new(0),
            alone: Cell::new(false),
            pause: RefCell::new(None),
            dropped: Cell::new(0),
            last_error: RefCell::new(None),
        }
    }

    /// Whether anything can be reported.
    pub fn has_endpoint(&self) -> bool {
        self.endpoint.is_some()
    }

    /// Whether reports name the page's path.
    pub fn names_path(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|endpoint| endpoint.path)
    }

    /// Puts an event into the queue. Over its bounds the oldest signal goes first, then the oldest.
    pub fn keep(&self, event: &Event) {
        if !self.has_endpoint() {
            return;
        }
        let mut queue = self.queue(QUEUE);
        queue.push(&to_js(event));
        while queue.length() > 1
            && (queue.length() > MAX_EVENTS || length(&queue) > MAX_QUEUE_BYTES)
        {
            let oldest_signal = queue.iter().position(|event| is_signal(&event));
            queue = without(&queue, oldest_signal.unwrap_or(0));
            self.dropped.set(self.dropped.get() + 1);
        }
        self.save(QUEUE, &queue);
    }

    /// Starts to send; also whenever the network comes back, and before the page goes.
    pub fn start(&'static self) {
        if !self.has_endpoint() {
            return;
        }
        self.started.set(true);
        events::listen(&self.page.window, "online", |_| self.wake());
        events::listen(&self.page.window, "pagehide", |_| {
            // Locks answer later than a page that goes away can wait. Another tab may send the same
            // events, which the endpoint knows by their ids.
            let paused = self.pause.borrow().is_some();
            if !paused && !self.in_flight.get() && !self.page.is_prerendering() {
                let _ = self.send_batch();
            }
        });
        self.flush();
    }

    /// Sends what waits, unless that is under way or paused, or the page is still on its way.
    pub fn flush(&'static self) {
        if !self.started.get()
            || self.sending.get()
            || self.pause.borrow().is_some()
            || self.page.is_prerendering()
        {
            return;
        }
        if self.queue(QUEUE).length() == 0 {
            return;
        }
        self.sending.set(true);
        self.in_one_tab();
    }

    /// What `status()` tells of reports.
    pub fn status(&self) -> ReportsStatus {
        if !self.has_endpoint() {
            return ReportsStatus::default();
        }
        ReportsStatus {
            pending: self.queue(QUEUE).length(),
            parked: self.queue(PARKED).length(),
            dropped: self.dropped.get(),
            last_error: self.last_error.borrow().clone(),
        }
    }

    fn wake(&'static self) {
        self.pause.replace(None);
        self.flush();
    }

    /// One tab at a time sends, where the browser has Web Locks; elsewhere two may send the same
    /// event, which the endpoint knows by its id.
    fn in_one_tab(&'static self) {
        let locks = member(self.page.window.navigator().as_ref(), "locks");
        let request: Option<js_sys::Function> = member(&locks, "request").dyn_into().ok();
        let Some(request) = request else {
            let _ = self.send_batch();
            return;
        };
        let options = Object::new();
        set_member(&options, "ifAvailable", &JsValue::TRUE);
        let work = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                // Another tab is at it; what it leaves goes with this page's next event or view.
                self.sending.set(false);
                self.pause_for(FIRST_PAUSE_MS);
                return JsValue::UNDEFINED;
            }
            self.send_batch().into()
        });
        let asked = request.call3(&locks, &JsValue::from_str(QUEUE), &options, &work);
        match asked {
            // Locks refuse in documents that have no storage: send without one.
            Ok(promise) => {
                let refused = Closure::once(move |_: JsValue| {
                    if self.sending.get() {
                        let _ = self.send_batch();
                    }
                });
                let _ = Promise::from(promise).catch(&refused);
                refused.forget();
            }
            Err(_) => {
                let _ = self.send_batch();
            }
        }
    }

    /// Sends the oldest events; the promise is kept once the endpoint has answered or failed.
    fn send_batch(&'static self) -> Promise {
        let batch = self.batch();
        let Some(endpoint) = self.endpoint.as_ref().filter(|_| batch.length() > 0) else {
            self.sending.set(false);
            return Promise::resolve(&JsValue::UNDEFINED);
        };
        let content_type = if endpoint.preflight {
            "application/cloudevents-batch+json"
        } else {
            "text/plain"
        };
        let headers = Object::new();
        set_member(&headers, "content-type", &JsValue::from_str(content_type));
        let controller = web_sys::AbortController::new().ok();
        let options = Object::new();
        let credentials = if endpoint.include_credentials {
            "include"
        } else {
            "omit"
        };
        for (name, value) in [
            ("method", JsValue::from_str("POST")),
            ("keepalive", JsValue::TRUE),
            // A redirect would turn the POST into a GET that answers 200.
            ("redirect", JsValue::from_str("error")),
            ("credentials", JsValue::from_str(credentials)),
            ("cache", JsValue::from_str("no-store")),
            ("referrerPolicy", JsValue::from_str("no-referrer")),
            ("headers", headers.into()),
            ("body", stringify(&batch).into()),
            (
                "signal",
                controller
                    .as_ref()
                    .map_or(JsValue::UNDEFINED, |controller| controller.signal().into()),
            ),
        ] {
            set_member(&options, name, &value);
        }
        let patience = controller
            .map(|controller| Timeout::new(PATIENCE_MS as u32, move || controller.abort()));
        self.in_flight.set(true);
        // A path is on the page's own site, whatever its <base> says.
        let own = endpoint.url.starts_with('/').then(|| self.page.origin());
        let sent = send(
            &[own.as_deref().unwrap_or_default(), &endpoint.url].concat(),
            &options,
        );
        let done = move || {
            self.sending.set(false);
            self.in_flight.set(false);
        };
        let answered = Closure::once(move |response: JsValue| {
            drop(patience);
            done();
            self.answered(&batch, &response)
        });
        let failed = Closure::once(move |thrown: JsValue| {
            done();
            self.failed(&console::text_of(&thrown), None);
            JsValue::UNDEFINED
        });
        let (answered, failed) = (answered.into_js_value(), failed.into_js_value());
        let then: js_sys::Function = member(&sent, "then").unchecked_into();
        match then.call2(&sent, &answered, &failed) {
            Ok(promise) => promise.unchecked_into(),
            Err(_) => Promise::resolve(&JsValue::UNDEFINED),
        }
    }

    /// Takes in the endpoint's answer. Gives the promise of the next batch, if there is one, so that
    /// the lock is kept until all are sent.
    fn answered(&'static self, batch: &Array, response: &JsValue) -> JsValue {
        // By its properties: a page may have put a class of its own in place of `Response`.
        let status = member(response, "status").as_f64().unwrap_or_default() as u32;
        let retry = matches!(status, 0 | 408 | 425 | 429) || status >= 500;
        if (200..300).contains(&status) {
            self.failures.set(0);
            self.last_error.replace(None);
            self.remove(batch);
        } else if retry {
            let headers = member(response, "headers").dyn_into::<Headers>().ok();
            let after = headers.and_then(|headers| headers.get("retry-after").ok()?);
            self.failed(&["HTTP status ", &status.to_string()].concat(), after);
            return JsValue::UNDEFINED;
        } else if batch.length() > 1 {
            self.alone.set(true);
        } else {
            let text = [
                "the endpoint refused a report with HTTP status ",
                &status.to_string(),
            ]
            .concat();
            console::error(&[&text, "; it is parked in localStorage under ", PARKED].concat());
            self.last_error.replace(Some(text));
            let parked = self.queue(PARKED);
            parked.push(&batch.get(0));
            if parked.length() > MAX_EVENTS {
                parked.shift();
            }
            self.save(PARKED, &parked);
            self.remove(batch);
        }
        if self.queue(QUEUE).length() == 0 {
            self.alone.set(false);
            return JsValue::UNDEFINED;
        }
        self.sending.set(true);
        self.send_batch().into()
    }

    fn failed(&'static self, text: &str, retry_after: Option<String>) {
        self.last_error.replace(Some(text.to_owned()));
        let failures = self.failures.get();
        self.failures.set((failures + 1).min(20));
        let doubled = FIRST_PAUSE_MS * f64::from(1u32 << failures.min(12));
        // Jitter, so that the pages of many visitors do not come back all at once.
        let own = doubled.min(LONGEST_PAUSE_MS) * (0.5 + Math::random() / 2.0);
        let asked = retry_after.and_then(|text| {
            let seconds: Option<u32> = text.trim().parse().ok();
            seconds
                .map(|seconds| f64::from(seconds) * 1000.0)
                .or_else(|| {
                    let until = js_sys::Date::parse(&text) - js_sys::Date::now();
                    until.is_finite().then_some(until)
                })
        });
        self.pause_for(asked.unwrap_or(0.0).clamp(own, LONGEST_PAUSE_MS));
    }

    fn pause_for(&'static self, milliseconds: f64) {
        let pause = Timeout::new(milliseconds as u32, move || self.wake());
        self.pause.replace(Some(pause));
    }

    /// The oldest events that go together in one request.
    fn batch(&self) -> Array {
        let batch = Array::new();
        let most = if self.alone.get() {
            1
        } else {
            MAX_BATCH_EVENTS
        };
        for event in self.queue(QUEUE).iter() {
            batch.push(&event);
            if batch.length() > most || batch.length() > 1 && length(&batch) > MAX_BATCH_BYTES {
                batch.pop();
                break;
            }
        }
        batch
    }

    /// Takes delivered events out of the queue, which may have grown meanwhile.
    fn remove(&self, batch: &Array) {
        let left: Array = self
            .queue(QUEUE)
            .iter()
            .filter(|event| !holds(batch, event))
            .collect();
        self.save(QUEUE, &left);
    }

    fn queue(&self, key: &str) -> Array {
        let text = local_storage(&self.page).and_then(|storage| storage.get_item(key).ok()?);
        let kept = text
            .and_then(|text| JSON::parse(&text).ok())
            .filter(Array::is_array);
        let kept = kept.map_or_else(Array::new, |kept| Array::from(&kept));
        // What a page's script put there is no event of ours.
        let events: Array = kept.iter().filter(|event| id_of(event).is_some()).collect();
        for event in self.memory_of(key).borrow().iter() {
            if !holds(&events, &event) {
                events.push(&event);
            }
        }
        events
    }

    /// Where a queue is while localStorage is blocked or full.
    fn memory_of(&self, key: &str) -> &RefCell<Array> {
        if key == QUEUE {
            &self.memory
        } else {
            &self.memory_parked
        }
    }

    fn save(&self, key: &str, events: &Array) {
        let kept = local_storage(&self.page).is_some_and(|storage| {
            if events.length() == 0 {
                storage.remove_item(key).is_ok()
            } else {
                storage.set_item(key, &stringify(events)).is_ok()
            }
        });
        self.memory_of(key)
            .replace(if kept { Array::new() } else { events.clone() });
    }
}

fn id_of(event: &JsValue) -> Option<String> {
    member(event, "id").as_string()
}

fn holds(events: &Array, event: &JsValue) -> bool {
    events.iter().any(|known| id_of(&known) == id_of(event))
}

fn without(events: &Array, place: usize) -> Array {
    events
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != place)
        .map(|(_, event)| event)
        .collect()
}

fn stringify(events: &Array) -> String {
    JSON::stringify(events)
        .map(String::from)
        .unwrap_or_default()
}

/// The events' length as text, in UTF-16 units: near enough to bytes for a bound.
fn length(events: &Array) -> u32 {
    JSON::stringify(events).map_or(0, |text| text.length())
}

fn is_signal(event: &JsValue) -> bool {
    member(event, "type").as_string().as_deref() == Some("nosale.signal")
}
