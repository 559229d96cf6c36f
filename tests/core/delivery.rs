//! The rules of delivery: which reports wait, which go together, what an answer means, how long to
//! pause, whose turn it is, what a token says.

use std::collections::BTreeSet;

use nosale::report::EventType;
use nosale::report::answer::{Answer, fewer, more};
use nosale::report::lease::{LEASE_MS, Lease};
use nosale::report::pause::{Trouble, asked};
use nosale::report::queue::{
    MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_BYTES, MAX_EVENTS, Waiting, batch, body, surplus,
};
use nosale::report::token::claims;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

const HOUR: u64 = 3_600_000;
/// 6 November 1994, 08:49:37: the example of RFC 9110.
const THEN: u64 = 784_111_777_000;

fn kind() -> impl Strategy<Value = EventType> {
    prop_oneof![
        Just(EventType::Choice),
        Just(EventType::Link),
        Just(EventType::Signal)
    ]
}

fn waiting(kind: EventType, number: u32, bytes: usize) -> Waiting {
    Waiting {
        name: Waiting::name(kind, THEN, number, "id"),
        text: json!("x".repeat(bytes)).to_string(),
    }
}

fn queue() -> impl Strategy<Value = Vec<Waiting>> {
    let length = prop_oneof![8 => 500..3_000usize, 1 => 20_000..80_000usize];
    vec((kind(), length), 1..80).prop_map(|events| {
        let events = events.into_iter().zip(0..);
        events
            .map(|((kind, bytes), number)| waiting(kind, number, bytes))
            .collect()
    })
}

fn worth(event: &Waiting) -> usize {
    [".s.", ".l.", ".c."]
        .iter()
        .position(|kind| event.name.contains(kind))
        .unwrap()
}

fn bytes(queue: &[Waiting]) -> usize {
    queue.iter().map(|event| event.text.len()).sum()
}

proptest! {
    #[test]
    fn a_queue_keeps_its_bounds_and_drops_what_is_worth_least(queue in queue()) {
        let gone = surplus(&queue);
        let places: BTreeSet<usize> = gone.iter().copied().collect();
        prop_assert_eq!(places.len(), gone.len(), "each once");
        let left: Vec<Waiting> = (0..queue.len())
            .filter(|place| !places.contains(place))
            .map(|place| queue[place].clone())
            .collect();
        prop_assert!(!left.is_empty());
        prop_assert!(left.len() <= MAX_EVENTS);
        prop_assert!(left.len() == 1 || bytes(&left) <= MAX_BYTES);
        // Nothing goes while something worth less stays, nor while an older one of its kind does.
        for place in &gone {
            for kept in (0..queue.len()).filter(|place| !places.contains(place)) {
                let (one, other) = (&queue[*place], &queue[kept]);
                prop_assert!((worth(one), *place) < (worth(other), kept));
            }
        }
        // No more goes than must: with the last one back, a bound is broken.
        if let Some(last) = gone.last() {
            let mut one_more = left.clone();
            one_more.push(queue[*last].clone());
            prop_assert!(one_more.len() > MAX_EVENTS || bytes(&one_more) > MAX_BYTES);
        }
    }

    #[test]
    fn a_batch_is_the_oldest_events_within_its_bounds(queue in queue(), most in 0..20usize) {
        let together = batch(&queue, most);
        prop_assert!((1..=MAX_BATCH_EVENTS.min(queue.len())).contains(&together));
        prop_assert!(together <= most.max(1));
        let text = body(&queue[..together]);
        prop_assert!(together == 1 || text.len() <= MAX_BATCH_BYTES, "{}", text.len());
        let events: Vec<Value> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(events.len(), together);
        // As many as fit.
        if together < queue.len().min(most).min(MAX_BATCH_EVENTS) {
            prop_assert!(body(&queue[..=together]).len() > MAX_BATCH_BYTES);
        }
    }

    #[test]
    fn every_good_event_is_delivered_and_every_bad_one_parked_alone(
        bad in vec(prop::bool::weighted(0.2), 1..60),
    ) {
        let mut queue: Vec<usize> = (0..bad.len()).collect();
        let (mut most, mut requests) = (MAX_BATCH_EVENTS, 0);
        let (mut delivered, mut parked) = (Vec::new(), Vec::new());
        while !queue.is_empty() {
            requests += 1;
            prop_assert!(requests <= bad.len() * 5, "it comes to an end");
            let together = most.min(queue.len());
            let refused = queue[..together].iter().any(|event| bad[*event]);
            if !refused {
                delivered.extend(queue.drain(..together));
                most = more(most);
            } else if together == 1 {
                parked.push(queue.remove(0));
            } else {
                most = fewer(together);
            }
        }
        prop_assert!(delivered.iter().all(|event| !bad[*event]));
        prop_assert!(parked.iter().all(|event| bad[*event]));
        prop_assert_eq!(delivered.len() + parked.len(), bad.len());
    }

    #[test]
    fn a_pause_is_from_a_second_to_an_hour_and_grows(failures in 0..100u32, random in 0.0..=1.0) {
        let mut trouble = Trouble { failures, until: 0 };
        let pause = u64::from(trouble.failed(THEN, random, None));
        prop_assert!((1_000..=HOUR).contains(&pause));
        let later = u64::from(trouble.failed(THEN, random, None));
        prop_assert!(later >= pause);
        prop_assert_eq!(trouble.wait(THEN), 0, "a new page may try at once");
    }

    #[test]
    fn any_text_is_read_as_trouble_and_never_stops_reports_for_long(text in ".{0,40}", failures: u32, until: u64) {
        for text in [text, format!("{failures} {until}")] {
            let trouble = Trouble::parse(&text, THEN);
            prop_assert!(u64::from(trouble.wait(THEN)) <= 24 * HOUR);
            let mut trouble = trouble;
            prop_assert!(u64::from(trouble.failed(THEN, 1.0, None)) <= HOUR);
        }
    }

    #[test]
    fn any_retry_after_is_read(text in ".{0,40}", numbers in "[0-9]{1,30}", date: f64) {
        for text in [text, numbers] {
            let mut trouble = Trouble::default();
            let pause = trouble.failed(THEN, 0.0, asked(&text, THEN, |_| date));
            prop_assert!((1_000..=24 * HOUR).contains(&u64::from(pause)));
        }
    }

    #[test]
    fn any_token_is_read(text in ".{0,60}", parts in "[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,20}") {
        let _ = claims(&text);
        let _ = claims(&parts);
    }
}

#[test]
fn pauses_double_and_differ() {
    let pauses = |random| -> Vec<u32> {
        let mut trouble = Trouble::default();
        (0..14)
            .map(|_| trouble.failed(THEN, random, None))
            .collect()
    };
    let (shortest, longest) = (pauses(0.0), pauses(1.0));
    assert_eq!(shortest[..5], [1_000, 2_000, 4_000, 8_000, 16_000]);
    assert_eq!(longest[..5], [2_000, 4_000, 8_000, 16_000, 32_000]);
    assert_eq!((shortest[13], longest[13]), (1_800_000, 3_600_000));
}

#[test]
fn retry_after_is_honoured_in_both_forms() {
    // The shell reads dates as the browser does.
    let date = |text: &str| match text {
        "Sun, 06 Nov 1994 08:54:37 GMT" => (THEN + 300_000) as f64,
        "Sun, 06 Nov 1994 08:40:00 GMT" => (THEN - 577_000) as f64,
        "Fri, 31 Dec 9999 23:59:59 GMT" => 253_402_300_799_000.0,
        _ => f64::NAN,
    };
    for text in ["300", " 300 ", " Sun, 06 Nov 1994 08:54:37 GMT"] {
        let mut trouble = Trouble::default();
        let pause = trouble.failed(THEN, 1.0, asked(text, THEN, date));
        assert_eq!(pause, 300_000, "{text}");
        assert_eq!(trouble.wait(THEN + 100_000), 200_000, "{text}");
        // It outlives the page.
        let read = Trouble::parse(&trouble.to_text(), THEN + 100_000);
        assert_eq!(read, trouble, "{text}");
    }
    // The past, nonsense, and what asks for nothing.
    for text in [
        "",
        "0",
        "-5",
        "1.5",
        "soon",
        "Sun, 06 Nov 1994 08:40:00 GMT",
    ] {
        let mut trouble = Trouble::default();
        let pause = trouble.failed(THEN, 0.0, asked(text, THEN, date));
        assert_eq!(pause, 1_000, "{text}");
        assert_eq!(trouble.wait(THEN), 0, "{text}");
    }
    // Shorter than nosale's own pause: a new page need not wait for that.
    let mut trouble = Trouble::default();
    assert_eq!(trouble.failed(THEN, 1.0, asked("1", THEN, date)), 2_000);
    assert_eq!(trouble.wait(THEN), 1_000);
    let longer = [
        "86401",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ];
    for text in longer {
        let mut trouble = Trouble::default();
        let pause = trouble.failed(THEN, 0.0, asked(text, THEN, date));
        assert_eq!(u64::from(pause), 24 * HOUR, "{text}");
    }
}

#[test]
fn trouble_ahead_of_any_clock_is_none() {
    let ahead = format!("3 {}", THEN + 25 * HOUR);
    assert_eq!(
        Trouble::parse(&ahead, THEN),
        Trouble {
            failures: 3,
            until: 0
        }
    );
    for broken in ["", "3", "x 1", "1 x", "1 2 3", "-1 0"] {
        assert_eq!(Trouble::parse(broken, THEN), Trouble::default(), "{broken}");
    }
}

#[test]
fn answers_mean_what_the_readme_says() {
    for status in 0..700 {
        let expected = match status {
            200..=299 => Answer::Taken,
            408 | 425 | 429 => Answer::Later,
            400..=499 => Answer::Refused,
            _ => Answer::Later,
        };
        assert_eq!(Answer::of_status(status), expected, "{status}");
    }
}

#[test]
fn names_sort_by_time_and_number() {
    let name = |time, number| Waiting::name(EventType::Choice, time, number, "f00");
    assert_eq!(name(THEN, 7), "0784111777000.0007.c.f00");
    let in_order = [
        name(999_999_999_999, 9_999),
        name(1_000_000_000_000, 0),
        name(1_000_000_000_000, 9),
        name(1_000_000_000_000, 10),
        name(1_795_291_200_000, 0),
    ];
    assert!(in_order.is_sorted());
}

#[test]
fn a_long_event_goes_alone_and_holds_up_nobody() {
    let long = waiting(EventType::Choice, 0, 100_000);
    let queue = [
        long,
        waiting(EventType::Choice, 1, 100),
        waiting(EventType::Choice, 2, 100),
    ];
    assert_eq!(batch(&queue, 10), 1);
    assert_eq!(batch(&queue[1..], 10), 2);
    // One that is longer than the whole queue may be stays while it is alone.
    assert_eq!(surplus(&queue[..1]), Vec::<usize>::new());
    assert_eq!(surplus(&queue), [0]);
}

#[test]
fn a_lease_binds_others_until_it_ends() {
    let text = Lease::text("one", THEN);
    let lease = Lease::parse(&text).unwrap();
    assert_eq!(lease.wait("one", THEN), None);
    assert_eq!(lease.wait("other", THEN), Some(LEASE_MS));
    assert_eq!(lease.wait("other", THEN + LEASE_MS - 1), Some(1));
    assert_eq!(lease.wait("other", THEN + LEASE_MS), None);
    assert_eq!(
        lease.wait("other", THEN - 1),
        None,
        "the clock was set back"
    );
    for broken in ["", "one", "one ", "one x", "one -1"] {
        assert_eq!(Lease::parse(broken), None, "{broken}");
    }
}

#[test]
fn the_claims_of_a_token() {
    // The example of RFC 7519, section 3.1, and one with letters beyond ASCII.
    let example = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let claims_of = |token| serde_json::from_str::<Value>(&claims(token).unwrap()).unwrap();
    assert_eq!(claims_of(example)["iss"], "joe");
    assert_eq!(
        claims_of("e30.eyJzdWIiOiLDvMOfIn0.x"),
        json!({ "sub": "üß" })
    );
    for broken in [
        "",
        "a.b",
        "e30.e30.e30.e30",
        "e30.e30=.x",
        "e30.e3 0.x",
        "e30.a.x",
        "e30.e31.x",
        "e30._w.x",
    ] {
        assert_eq!(claims(broken), None, "{broken}");
    }
    assert_eq!(claims(&format!("e30.e30.{}", "x".repeat(4096))), None);
}
