//! A connection: how many there may be, and how long one may refuse to take what is sent to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// What a connection is told that has no place.
pub const NO_PLACE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    retry-after: 5\r\nconnection: close\r\ncontent-type: application/json\r\n\
    content-length: 66\r\n\r\n\
    {\"error\":\"busy\",\"message\":\"too many connections; try again later\"}";

/// The places that there are for connections.
#[derive(Clone)]
pub struct Places {
    all: usize,
    of_address: Option<usize>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    addresses: HashMap<IpAddr, usize>,
}

/// A connection's place, given back when it is dropped.
pub struct Place {
    address: IpAddr,
    taken: Arc<Mutex<Taken>>,
}

impl Places {
    /// So many for all and, if that is limited, for each address.
    pub fn new(all: usize, of_address: Option<usize>) -> Self {
        Self {
            all,
            of_address,
            taken: Arc::default(),
        }
    }

    /// A place for a connection from the address, if there is one. The address of a proxy is that
    /// of many, so it may be `unlimited`.
    pub fn take(&self, address: IpAddr, unlimited: bool) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all == self.all {
            return None;
        }
        let of_address = taken.addresses.get(&address).copied().unwrap_or_default();
        if !unlimited && self.of_address.is_some_and(|limit| of_address >= limit) {
            return None;
        }
        taken.all += 1;
        taken.addresses.insert(address, of_address + 1);
        Some(Place {
            address,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Entry::Occupied(mut of_address) = taken.addresses.entry(self.address) {
            *of_address.get_mut() -= 1;
            if *of_address.get() == 0 {
                of_address.remove();
            }
        }
    }
}

/// A stream whose other side must take what is written: it fails when nothing is taken for a time.
pub struct Patient<S> {
    stream: S,
    time: Duration,
    /// Until when something must be taken; set while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub fn new(stream: S, time: Duration) -> Self {
        Self {
            stream,
            time,
            deadline: None,
        }
    }

    /// What a write came to, or a failure if it has waited too long.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + self.time)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[test]
    fn the_answer_without_a_place_is_whole() {
        let text = str::from_utf8(NO_PLACE).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())));
    }

    #[test]
    fn places_are_given_back() {
        let places = Places::new(3, Some(2));
        let one = IpAddr::from([203, 0, 113, 1]);
        let other = IpAddr::from([203, 0, 113, 2]);
        let first = places.take(one, false).unwrap();
        let second = places.take(one, false).unwrap();
        assert!(places.take(one, false).is_none(), "an address has two");
        let third = places.take(one, true).unwrap();
        assert!(places.take(other, false).is_none(), "all have three");
        drop((first, second, third));
        assert!(places.taken.lock().unwrap().addresses.is_empty());
        assert!(places.take(other, false).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up() {
        let (near, mut far) = duplex(10);
        let mut near = Patient::new(near, Duration::from_secs(5));
        near.write_all(&[0; 10]).await.unwrap();
        // Slow, but it takes something each time.
        for _ in 0..10 {
            let reading = async {
                tokio::time::sleep(Duration::from_secs(4)).await;
                far.read_exact(&mut [0; 2]).await.unwrap();
            };
            let (written, ()) = tokio::join!(near.write_all(&[0; 2]), reading);
            written.unwrap();
        }
        let written = tokio::time::timeout(Duration::from_secs(60), near.write_all(&[0; 2]));
        let error = written.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
