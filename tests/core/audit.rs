//! What `audit()` keeps.

use nosale::audit::{Entry, History, List, MAX_ENTRIES};
use nosale::policy::{Purpose, Purposes};
use proptest::prelude::*;

fn entry(url: &str, way: &str) -> Entry {
    Entry::new(url, "ads.example", None, way, 1.0)
}

#[test]
fn the_same_again_is_counted() {
    let mut list = List::default();
    list.add(entry("https://ads.example/a", "img"));
    list.add(entry("https://ads.example/a", "img"));
    list.add(entry("https://ads.example/a", "fetch"));
    list.add(entry("https://ads.example/b", "img"));
    let counts: Vec<u32> = list.entries.iter().map(|entry| entry.count).collect();
    assert_eq!((counts, list.more), (vec![2, 1, 1], 0));
}

#[test]
fn what_has_no_room_is_counted() {
    let mut list = List::default();
    for number in 0..MAX_ENTRIES + 7 {
        list.add(entry(&format!("https://ads.example/{number}"), "img"));
    }
    assert_eq!((list.entries.len(), list.more), (MAX_ENTRIES, 7));
    assert_eq!(list.entries[0].url, "https://ads.example/0");
}

#[test]
fn a_long_address_is_cut_between_characters() {
    let long = entry(&"é".repeat(10_000), "img");
    assert_eq!(long.url.chars().count(), 500);
}

#[test]
fn a_request_is_judged_by_what_held_when_it_left() {
    let sale = Purposes::of(&[Purpose::Sale]);
    let mut history = History::default();
    assert_eq!(history.at(5.0), Purposes::ALL);
    history.change(10.0, Purposes::ALL);
    history.change(20.0, sale);
    history.change(25.0, sale);
    history.change(30.0, Purposes::ALL);
    for (time, expected) in [
        (5.0, Purposes::ALL),
        (19.0, Purposes::ALL),
        (20.0, sale),
        (29.0, sale),
        (31.0, Purposes::ALL),
    ] {
        assert_eq!(history.at(time), expected, "{time}");
    }
    let mut denied = History::default();
    denied.change(10.0, sale);
    denied.change(20.0, Purposes::ALL);
    assert_eq!(denied.at(1.0), sale, "before nosale ran");
}

proptest! {
    /// However often a page changes its mind, it stays small, and what it forgets it forgets towards
    /// the opt-out.
    #[test]
    fn a_full_history_denies(changes in proptest::collection::vec(0_usize..4, 0..400)) {
        let sets = [Purposes::ALL, Purposes::NONE, Purposes::OF_GPC, Purposes::of(&[Purpose::Profiling])];
        let mut history = History::default();
        for (time, change) in changes.iter().enumerate() {
            history.change(time as f64, sets[*change]);
        }
        for (time, change) in changes.iter().enumerate() {
            prop_assert!(sets[*change].has_all(history.at(time as f64)));
        }
    }
}
