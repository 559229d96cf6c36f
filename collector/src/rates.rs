//! How many requests are taken: of one address, and of all. Addresses are held for a minute at
//! most, in memory, and are neither stored nor logged.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many addresses are held at most; more count only among all.
const ADDRESSES: usize = 65_536;

/// Limits on requests; what is `None` has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests a minute from one address.
    pub of_address: Option<u32>,
    /// Requests a second from all.
    pub of_all: Option<u32>,
}

/// The requests of the last time, against the limits.
pub struct Rates {
    limits: Limits,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    all: Option<Instant>,
    addresses: HashMap<IpAddr, Instant>,
    /// When addresses were last looked through for those that can be forgotten.
    pruned: Option<Instant>,
}

impl Rates {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            seen: Mutex::default(),
        }
    }

    /// Takes a request at a time, or says how long to wait before the next try.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Seen {
            all,
            addresses,
            pruned,
        } = &mut *seen;
        // The address first: who asks too much must not use up what belongs to all.
        if let Some(limit) = self.limits.of_address {
            let rate = Rate::new(limit, Duration::from_secs(60));
            let address = subscriber(address);
            if addresses.len() >= ADDRESSES && pruned.is_none_or(|at| now > at + rate.each) {
                addresses.retain(|_, full| *full > now);
                *pruned = Some(now);
            }
            let known = addresses.get(&address).copied();
            if known.is_some() || addresses.len() < ADDRESSES {
                addresses.insert(address, rate.take(known, now)?);
            }
        }
        if let Some(limit) = self.limits.of_all {
            *all = Some(Rate::new(limit, Duration::from_secs(1)).take(*all, now)?);
        }
        Ok(())
    }
}

/// Who has an IPv6 address has its /64 as well.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            Ipv6Addr::from_bits(network).into()
        }
        address => address,
    }
}

/// A bucket of as many requests as the limit, which refills evenly in the period. It is described
/// by the one time at which it will be full again.
struct Rate {
    period: Duration,
    /// The time that one request takes to be refilled.
    each: Duration,
}

impl Rate {
    fn new(limit: u32, period: Duration) -> Self {
        let each = period / limit.max(1);
        Self { period, each }
    }

    /// When the bucket will be full after this request, or how long until it has one.
    fn take(&self, full: Option<Instant>, now: Instant) -> Result<Instant, Duration> {
        let full = full.map_or(now, |full| full.max(now)) + self.each;
        let latest = now + self.period;
        if full > latest {
            return Err(full - latest);
        }
        Ok(full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn taken(rates: &Rates, from: &str, now: Instant, tries: usize) -> usize {
        (0..tries)
            .filter(|_| rates.take(address(from), now).is_ok())
            .count()
    }

    #[test]
    fn an_address_has_its_own_share_which_refills() {
        let rates = Rates::new(Limits {
            of_address: Some(60),
            of_all: None,
        });
        let start = Instant::now();
        assert_eq!(taken(&rates, "203.0.113.9", start, 100), 60);
        assert_eq!(taken(&rates, "203.0.113.8", start, 100), 60);
        let wait = rates.take(address("203.0.113.9"), start).unwrap_err();
        assert_eq!(wait, SECOND);
        assert_eq!(taken(&rates, "203.0.113.9", start + SECOND / 2, 9), 0);
        assert_eq!(taken(&rates, "203.0.113.9", start + SECOND * 3, 9), 3);
        assert_eq!(taken(&rates, "203.0.113.9", start + SECOND * 3600, 100), 60);
    }

    #[test]
    fn a_network_is_one_address() {
        let rates = Rates::new(Limits {
            of_address: Some(2),
            of_all: None,
        });
        let now = Instant::now();
        assert_eq!(taken(&rates, "2001:db8::1", now, 1), 1);
        assert_eq!(taken(&rates, "2001:db8::ffff:0:0:2", now, 5), 1);
        assert_eq!(taken(&rates, "2001:db8:0:1::1", now, 5), 2);
        assert_eq!(taken(&rates, "::ffff:203.0.113.9", now, 1), 1);
        assert_eq!(taken(&rates, "203.0.113.9", now, 5), 1);
        assert_eq!(taken(&rates, "203.0.113.8", now, 5), 2);
    }

    #[test]
    fn all_have_a_share_that_one_cannot_use_up_by_refused_requests() {
        let rates = Rates::new(Limits {
            of_address: Some(3),
            of_all: Some(5),
        });
        let now = Instant::now();
        assert_eq!(taken(&rates, "203.0.113.1", now, 1000), 3);
        assert_eq!(taken(&rates, "203.0.113.2", now, 1000), 2);
        assert_eq!(taken(&rates, "203.0.113.3", now, 1), 0);
        assert_eq!(taken(&rates, "203.0.113.3", now + SECOND, 1), 1);
    }

    #[test]
    fn without_limits_all_is_taken() {
        let rates = Rates::new(Limits::default());
        assert_eq!(taken(&rates, "203.0.113.9", Instant::now(), 10_000), 10_000);
    }

    #[test]
    fn memory_is_bounded() {
        let rates = Rates::new(Limits {
            of_address: Some(1),
            of_all: None,
        });
        let start = Instant::now();
        let number = |number: u32| IpAddr::from(number.to_be_bytes());
        let many = u32::try_from(ADDRESSES).unwrap() + 1000;
        for each in 0..many {
            assert!(rates.take(number(each), start).is_ok());
        }
        let held = || rates.seen.lock().unwrap().addresses.len();
        assert_eq!(held(), ADDRESSES);
        // Those that are held are still limited; later all can be forgotten.
        assert!(rates.take(number(0), start).is_err());
        let later = start + SECOND * 61;
        assert!(rates.take(number(many), later).is_ok());
        assert_eq!(held(), 1);
    }
}
