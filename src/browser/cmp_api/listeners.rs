//! Who listens to `__gpp`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::asker::{Asker, Frame};

/// Numbers of listeners begin here, as the IAB's library does it; those of a stub are below.
const FIRST_ID: f64 = 1000.0;

/// More listeners than any frame has reason to add. A frame that loads anew and anew still has the
/// listeners of its former documents, so that its oldest goes, rather than its newest.
const MAX_OF_FRAME: usize = 100;

/// All listeners, in the order in which they came.
pub struct Listeners {
    list: RefCell<Vec<Listener>>,
    next_id: Cell<f64>,
}

/// One of them.
#[derive(Clone)]
pub struct Listener {
    /// Its number.
    pub id: f64,
    /// Who it is.
    pub asker: Asker,
    /// What it was told last: whether the strings can be used.
    pub ready: Rc<Cell<bool>>,
}

impl Default for Listeners {
    fn default() -> Listeners {
        Listeners {
            list: RefCell::default(),
            next_id: Cell::new(FIRST_ID),
        }
    }
}

impl Listeners {
    /// Adds one that a stub has numbered.
    pub fn keep(&self, id: f64, asker: Asker) {
        self.next_id.set(self.next_id.get().max(id + 1.0));
        self.push(id, asker, false);
    }

    /// Adds one; gives its number.
    pub fn add(&self, asker: Asker, ready: bool) -> f64 {
        if let Some(frame) = asker.frame() {
            let listeners = self.present();
            let mut of_frame = listeners.iter().filter(|one| one.belongs_to(frame));
            if of_frame.clone().count() >= MAX_OF_FRAME
                && let Some(oldest) = of_frame.next()
            {
                self.list.borrow_mut().retain(|one| one.id != oldest.id);
            }
        }
        let id = self.next_id.get();
        self.next_id.set(id + 1.0);
        self.push(id, asker, ready);
        id
    }

    /// Removes one, if there is one of that number that `asker` may remove: a frame only its own,
    /// since numbers are easy to guess.
    pub fn remove(&self, id: f64, asker: &Asker) -> bool {
        let mut list = self.list.borrow_mut();
        let count = list.len();
        list.retain(|one| {
            let allowed = asker.frame().is_none_or(|frame| one.belongs_to(frame));
            one.id != id || !allowed
        });
        list.len() < count
    }

    /// Whether one of that number is there.
    pub fn has(&self, id: f64) -> bool {
        self.list.borrow().iter().any(|one| one.id == id)
    }

    /// All of them, without those whose frames have left the page.
    pub fn present(&self) -> Vec<Listener> {
        let mut present = self.list.borrow().clone();
        // To look at a frame may run a script of the page: nothing is borrowed meanwhile.
        let gone: Vec<f64> = present
            .iter()
            .filter(|one| one.asker.frame().is_some_and(Frame::is_gone))
            .map(|one| one.id)
            .collect();
        if !gone.is_empty() {
            present.retain(|one| !gone.contains(&one.id));
            self.list.borrow_mut().retain(|one| !gone.contains(&one.id));
        }
        present
    }

    fn push(&self, id: f64, asker: Asker, ready: bool) {
        self.list.borrow_mut().push(Listener {
            id,
            asker,
            ready: Rc::new(Cell::new(ready)),
        });
    }
}

impl Listener {
    fn belongs_to(&self, frame: &Frame) -> bool {
        self.asker
            .frame()
            .is_some_and(|own| own.window == frame.window)
    }
}
