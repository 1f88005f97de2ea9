//! Two browsers: as many visits run at a time, and one that measures has the machine for itself.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::chromium::Chromium;

const NAMES: [&str; 2] = ["first", "second"];

/// A place to run a visit in, and the browser that an earlier one has left there.
struct Lane {
    name: &'static str,
    chromium: Option<Chromium>,
}

struct Free {
    lanes: Vec<Lane>,
    /// Visits that wait for all of them: nobody overtakes these.
    alone: usize,
}

static FREE: Mutex<Option<Free>> = Mutex::new(None);
static BELL: Condvar = Condvar::new();

/// Lanes that are a visit's until it drops them.
pub struct Lanes(Vec<Lane>);

/// Waits for a lane, or for all of them.
pub fn take(alone: bool) -> Lanes {
    let mut guard = lock();
    if alone {
        known(&mut guard).alone += 1;
    }
    loop {
        let free = known(&mut guard);
        if alone && free.lanes.len() == NAMES.len() {
            free.alone -= 1;
            return Lanes(free.lanes.drain(..).collect());
        }
        if !alone
            && free.alone == 0
            && let Some(lane) = free.lanes.pop()
        {
            return Lanes(vec![lane]);
        }
        guard = BELL.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock() -> MutexGuard<'static, Option<Free>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn known(free: &mut Option<Free>) -> &mut Free {
    free.get_or_insert_with(|| {
        let lanes = NAMES.map(|name| Lane { name, chromium: None });
        Free { lanes: lanes.into(), alone: 0 }
    })
}

impl Lanes {
    /// The browser of the first lane, started where there is none yet.
    pub fn chromium(&mut self) -> &Chromium {
        let lane = &mut self.0[0];
        lane.chromium.get_or_insert_with(|| Chromium::start(lane.name))
    }

    /// Ends the browser: the next visit gets a new one.
    pub fn end(&mut self) {
        self.0[0].chromium = None;
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        known(&mut lock()).lanes.append(&mut self.0);
        BELL.notify_all();
    }
}
