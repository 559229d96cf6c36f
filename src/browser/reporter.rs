//! The reporter: keeps events until the endpoint has said that it has them. The rules are those of
//! [`crate::report`]; this carries them out.

mod request;
mod shelf;
mod tokens;
mod turn;

use std::cell::{Cell, OnceCell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Date, JSON, Math, Promise};
use wasm_bindgen::JsValue;

use self::request::Outcome;
use self::shelf::Shelf;
use self::turn::{Turn, Work};
use super::json::to_js;
use super::page::{Page, member};
use super::store::local_storage;
use super::{console, events};
use crate::config::Endpoint;
use crate::report::Event;
use crate::report::answer::{Answer, fewer, more};
use crate::report::pause::{Trouble, asked};
use crate::report::queue::{MAX_BATCH_EVENTS, MAX_EVENTS, Waiting, batch, body, surplus};
use crate::status::ReportsStatus;
use crate::text::digits;

/// Events that wait for the endpoint.
const QUEUE: &str = "nosale.queue.";
/// Events that the endpoint refused.
const PARKED: &str = "nosale.parked.";
/// How many events were left out and not told of yet.
const DROPPED: &str = "nosale.dropped";
/// What is known of an endpoint that has failed.
const TROUBLE: &str = "nosale.retry";

/// What a page does once the endpoint has taken something.
type Taken = Box<dyn Fn()>;
/// What a page does when the token of the event with that id was refused.
type Refused = Box<dyn Fn(&str)>;

/// The queue of reports and its way to the endpoint.
pub struct Reporter {
    page: Page,
    endpoint: Option<Endpoint>,
    queue: Shelf,
    parked: Shelf,
    turn: Turn,
    /// The endpoint may set the record's cookie; done after each of its answers.
    persists: OnceCell<Taken>,
    refuses: OnceCell<Refused>,
    /// Whether the page is far enough for requests of ours.
    started: Cell<bool>,
    /// A send is asked for: it waits for its turn, or for the endpoint.
    sending: Cell<bool>,
    /// A request is under way.
    in_flight: Cell<bool>,
    /// How many events go together: fewer after a batch was refused.
    most: Cell<usize>,
    /// The page's copy, where localStorage is blocked.
    trouble: Cell<Trouble>,
    pause: RefCell<Option<Timeout>>,
    /// The events of this page, which orders those of one millisecond.
    count: Cell<u32>,
    dropped: Cell<u32>,
    tokens_refused: Cell<u32>,
    last_error: RefCell<Option<String>>,
}

impl Reporter {
    /// A reporter; without an endpoint it keeps nothing.
    pub fn new(page: Page, endpoint: Option<Endpoint>) -> Reporter {
        Reporter {
            endpoint,
            queue: Shelf::new(page.clone(), QUEUE),
            parked: Shelf::new(page.clone(), PARKED),
            turn: Turn::new(page.clone()),
            persists: OnceCell::new(),
            refuses: OnceCell::new(),
            started: Cell::new(false),
            sending: Cell::new(false),
            in_flight: Cell::new(false),
            most: Cell::new(MAX_BATCH_EVENTS),
            trouble: Cell::default(),
            pause: RefCell::new(None),
            count: Cell::new(0),
            dropped: Cell::new(0),
            tokens_refused: Cell::new(0),
            last_error: RefCell::new(None),
            page,
        }
    }

    /// Where reports go, if anywhere.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.endpoint.as_ref()
    }

    /// Lets the endpoint set the record's cookie: it gets cookies, and `taken` is called after each
    /// answer.
    pub fn persist(&self, taken: impl Fn() + 'static) {
        let _ = self.persists.set(Box::new(taken));
    }

    /// Calls `refused` with the id of each event whose account token the endpoint does not take.
    pub fn watch_tokens(&self, refused: impl Fn(&str) + 'static) {
        let _ = self.refuses.set(Box::new(refused));
    }

    /// Puts an event into the queue. What has no room is counted, and the next event tells of it.
    pub fn keep(&self, event: &Event) {
        if self.endpoint.is_none() {
            return;
        }
        let number = self.count.replace(self.count.get() + 1);
        let name = Waiting::name(event.kind, now(), number, &event.id);
        let text = stringify(&to_js(event));
        let mut queue = self.queue.all();
        queue.push(Waiting { name, text });
        let last = queue.len() - 1;
        let surplus = surplus(&queue);
        let mut dropped = 0;
        for place in &surplus {
            self.dropped.set(self.dropped.get() + 1);
            dropped += 1 + dropped_in(&queue[*place].text);
            if *place != last {
                self.queue.remove(&queue[*place].name);
            }
        }
        let before = self.read(DROPPED).and_then(|text| text.parse::<u64>().ok());
        dropped += before.unwrap_or(0) as u32;
        if surplus.contains(&last) {
            self.write(DROPPED, Some(&digits(dropped.into())));
            return;
        }
        let Some(mut waiting) = queue.pop() else {
            return;
        };
        if dropped > 0 {
            let told = Event {
                dropped: Some(dropped),
                ..event.clone()
            };
            waiting.text = stringify(&to_js(&told));
            self.write(DROPPED, None);
        }
        self.queue.put(waiting);
    }

    /// Starts to send; also whenever the network comes back, and before the page goes.
    pub fn start(&'static self) {
        if self.endpoint.is_none() {
            return;
        }
        self.started.set(true);
        events::listen(&self.page.window, "online", |_| self.wake());
        events::listen(&self.page.window, "pagehide", |_| {
            // A turn comes later than a page that goes away can wait. Another tab may send the same
            // events, which the endpoint knows by their ids.
            let paused = self.pause.borrow().is_some() || self.asked_to_wait() > 0;
            if !paused && !self.in_flight.get() && !self.page.is_prerendering() {
                let _ = self.send_batch();
            }
            self.turn.end();
        });
        self.flush();
    }

    /// Sends what waits, unless that is under way or paused, or the page is still on its way.
    pub fn flush(&'static self) {
        if !self.started.get()
            || self.sending.get()
            || self.pause.borrow().is_some()
            || self.page.is_prerendering()
            || self.queue.all().is_empty()
        {
            return;
        }
        match self.asked_to_wait() {
            0 => {
                self.sending.set(true);
                self.turn.take(self);
            }
            wait => self.pause_for(wait),
        }
    }

    /// What `status()` tells of reports.
    pub fn status(&self) -> ReportsStatus {
        if self.endpoint.is_none() {
            return ReportsStatus::default();
        }
        ReportsStatus {
            pending: self.queue.all().len() as u32,
            parked: self.parked.all().len() as u32,
            dropped: self.dropped.get(),
            tokens_refused: self.tokens_refused.get(),
            last_error: self.last_error.borrow().clone(),
        }
    }

    fn wake(&'static self) {
        self.pause.replace(None);
        self.flush();
    }

    fn pause_for(&'static self, milliseconds: u32) {
        let pause = Timeout::new(milliseconds, move || self.wake());
        self.pause.replace(Some(pause));
    }

    /// Sends the oldest events; the promise is kept once the endpoint has answered or failed.
    fn send_batch(&'static self) -> Promise {
        let mut events = self.queue.all();
        events.truncate(batch(&events, self.most.get()));
        let Some(endpoint) = self.endpoint.as_ref().filter(|_| !events.is_empty()) else {
            self.end();
            return Promise::resolve(&JsValue::UNDEFINED);
        };
        self.turn.renew();
        self.in_flight.set(true);
        let credentials = endpoint.include_credentials || self.persists.get().is_some();
        let text = body(&events);
        let done = move |outcome| {
            self.in_flight.set(false);
            match outcome {
                Outcome::Status {
                    status,
                    retry_after,
                    response,
                } => {
                    let next = self.answered(&events, status, retry_after);
                    if events.iter().any(|event| tokens::is_in(&event.text)) {
                        request::read_json(&response, |answer| self.read_tokens(&answer));
                    }
                    next
                }
                Outcome::Failed(text) => {
                    self.failed(text, None);
                    JsValue::UNDEFINED
                }
            }
        };
        request::post(&self.page, endpoint, credentials, &text, Box::new(done))
    }

    /// Sends an event's text now or never: what holds an address is not to wait on the visitor's
    /// disk. Tells `done` whether the endpoint has it.
    pub fn send_now(&self, text: &str, done: impl FnOnce(bool) + 'static) {
        let Some(endpoint) = &self.endpoint else {
            return done(false);
        };
        let done = move |outcome| {
            let status = match outcome {
                Outcome::Status { status, .. } => status,
                Outcome::Failed(_) => 0,
            };
            done(Answer::of_status(status) == Answer::Taken);
            JsValue::UNDEFINED
        };
        let text = ["[", text, "]"].concat();
        let credentials = endpoint.include_credentials;
        let _ = request::post(&self.page, endpoint, credentials, &text, Box::new(done));
    }

    /// Takes in the endpoint's answer. Gives the promise of the next batch, if there is one, so that
    /// the turn is kept until all are sent.
    fn answered(
        &'static self,
        events: &[Waiting],
        status: u32,
        retry_after: Option<String>,
    ) -> JsValue {
        match Answer::of_status(status) {
            Answer::Later => {
                let text = ["HTTP status ", &digits(status.into())].concat();
                self.failed(text, retry_after);
                return JsValue::UNDEFINED;
            }
            Answer::Taken => {
                self.last_error.replace(None);
                self.most.set(more(self.most.get()));
                for event in events {
                    self.queue.remove(&event.name);
                }
                if self.queue.all().first() == events.first() {
                    // It would be sent without end.
                    self.failed("storage keeps what was delivered".to_owned(), None);
                    return JsValue::UNDEFINED;
                }
                if let Some(taken) = self.persists.get() {
                    taken();
                }
            }
            Answer::Refused => match events {
                [event] => self.park(event, status),
                _ => self.most.set(fewer(events.len())),
            },
        }
        self.set_trouble(None);
        self.send_batch().into()
    }

    /// Says which tokens changed nothing at their accounts. The events are stored all the same.
    fn read_tokens(&self, answer: &JsValue) {
        for (id, because) in tokens::refused(answer) {
            console::error(
                &[
                    "an account token changed nothing: ",
                    &because,
                    " (report ",
                    &id,
                    ")",
                ]
                .concat(),
            );
            self.tokens_refused.set(self.tokens_refused.get() + 1);
            if let Some(refuses) = self.refuses.get() {
                refuses(&id);
            }
        }
    }

    fn failed(&'static self, text: String, retry_after: Option<String>) {
        self.last_error.replace(Some(text));
        let now = now();
        let mut trouble = self.trouble(now);
        let asked = retry_after.and_then(|text| asked(&text, now, Date::parse));
        let pause = trouble.failed(now, Math::random(), asked);
        self.set_trouble(Some(trouble));
        self.end();
        self.pause_for(pause);
    }

    /// The turn is over.
    fn end(&self) {
        self.sending.set(false);
        self.turn.end();
    }

    /// Puts an event aside that the endpoint does not take, for the publisher to look at.
    fn park(&self, event: &Waiting, status: u32) {
        let text = [
            "a report was refused with HTTP status ",
            &digits(status.into()),
        ]
        .concat();
        console::error(&[&text, "; it is in localStorage: ", PARKED, &event.name].concat());
        self.last_error.replace(Some(text));
        self.queue.remove(&event.name);
        let parked = self.parked.all();
        if let (true, Some(oldest)) = (parked.len() >= MAX_EVENTS, parked.first()) {
            self.parked.remove(&oldest.name);
        }
        self.parked.put(Waiting {
            name: event.name.clone(),
            text: tokens::without(&event.text),
        });
    }

    /// How long the endpoint has asked to be left alone, in milliseconds.
    fn asked_to_wait(&self) -> u32 {
        let now = now();
        self.trouble(now).wait(now)
    }

    fn trouble(&self, now: u64) -> Trouble {
        let text = self.read(TROUBLE);
        text.map_or(self.trouble.get(), |text| Trouble::parse(&text, now))
    }

    fn set_trouble(&self, trouble: Option<Trouble>) {
        self.trouble.set(trouble.unwrap_or_default());
        self.write(TROUBLE, trouble.map(Trouble::to_text).as_deref());
    }

    fn read(&self, key: &str) -> Option<String> {
        local_storage(&self.page)?.get_item(key).ok()?
    }

    fn write(&self, key: &str, text: Option<&str>) {
        if let Some(storage) = local_storage(&self.page) {
            let _ = match text {
                Some(text) => storage.set_item(key, text),
                None => storage.remove_item(key),
            };
        }
    }
}

impl Work for Reporter {
    fn work(&'static self) -> Promise {
        self.send_batch()
    }

    fn busy(&'static self, milliseconds: u32) {
        // What the other tab leaves goes then.
        self.sending.set(false);
        self.pause_for(milliseconds);
    }
}

fn now() -> u64 {
    Date::now() as u64
}

fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).unwrap_or_default()
}

/// How many events an event tells of that were left out before it.
fn dropped_in(text: &str) -> u32 {
    let event = JSON::parse(text).unwrap_or(JsValue::NULL);
    member(&event, "dropped").as_f64().unwrap_or_default() as u32
}
