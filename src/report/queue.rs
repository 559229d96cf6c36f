//! The queue of reports: its order, its bounds, and what goes together in one request.

use super::EventType;

/// The most events that wait.
pub const MAX_EVENTS: usize = 50;
/// The most bytes of events that wait.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most events in one request.
pub const MAX_BATCH_EVENTS: usize = 10;
/// The most bytes in one request, unless a single event is longer.
pub const MAX_BATCH_BYTES: usize = 32 * 1024;

/// An event that waits: its JSON text, under a name of its own, so that two tabs never write over
/// each other's events.
///
/// ```text
/// name = time "." number "." kind "." id
/// time = 13 digits, milliseconds since the Unix epoch
/// number = 4 digits, which orders the events of one millisecond
/// kind = "c" choice | "l" link | "s" signal
/// id = the event's
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// Names sort in the order in which the events happened.
    pub name: String,
    /// The event as JSON.
    pub text: String,
}

impl Waiting {
    /// The name of an event that happened at `milliseconds`, as the page's `number`th.
    pub fn name(kind: EventType, milliseconds: u64, number: u32, id: &str) -> String {
        let mut name = String::new();
        push_digits(&mut name, milliseconds, 13);
        name.push('.');
        push_digits(&mut name, number.into(), 4);
        name.push_str(match kind {
            EventType::Choice => ".c.",
            EventType::Link => ".l.",
            // A request never waits here: it may hold an address.
            EventType::Signal | EventType::Request => ".s.",
        });
        name.push_str(id);
        name
    }

    /// What is dropped first: signals, which show again; then links; choices last.
    fn worth(&self) -> u8 {
        match self.name.split('.').nth(2) {
            Some("c") => 2,
            Some("l") => 1,
            _ => 0,
        }
    }
}

/// The last digits of a number, with zeros before it.
fn push_digits(text: &mut String, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10u64.pow(place) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

/// The places of the events that must go so that the queue keeps its bounds: the oldest of those
/// that are worth least. One event always stays, however long it is.
pub fn surplus(queue: &[Waiting]) -> Vec<usize> {
    let mut gone = Vec::new();
    let mut bytes: usize = queue.iter().map(|event| event.text.len()).sum();
    while queue.len() - gone.len() > 1
        && (queue.len() - gone.len() > MAX_EVENTS || bytes > MAX_BYTES)
    {
        let left = (0..queue.len()).filter(|place| !gone.contains(place));
        let Some(first) = left.min_by_key(|place| queue[*place].worth()) else {
            break;
        };
        bytes -= queue[first].text.len();
        gone.push(first);
    }
    gone
}

/// How many of the oldest events go together, of `most` at most: never none, so that an event that
/// is longer than a request should be does not hold up those behind it.
pub fn batch(queue: &[Waiting], most: usize) -> usize {
    let mut bytes = 1;
    let fits = |event: &&Waiting| {
        bytes += event.text.len() + 1;
        bytes <= MAX_BATCH_BYTES
    };
    let most = most.clamp(1, MAX_BATCH_EVENTS);
    let fitting = queue.iter().take(most).take_while(fits).count();
    fitting.max(1).min(queue.len())
}

/// The body of a request: a CloudEvents batch.
pub fn body(events: &[Waiting]) -> String {
    let mut body = String::from("[");
    for event in events {
        if body.len() > 1 {
            body.push(',');
        }
        body.push_str(&event.text);
    }
    body.push(']');
    body
}
