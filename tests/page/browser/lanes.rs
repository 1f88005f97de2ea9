//! Two browsers, so that two visits run at a time. A visit that measures runs by itself.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::chromium::Chromium;

const NAMES: [&str; 2] = ["first", "second"];

/// One of the two browsers, running if an earlier visit has started it.
struct Lane {
    name: &'static str,
    chromium: Option<Chromium>,
}

struct Free {
    lanes: Vec<Lane>,
    /// Number of visits that wait for all lanes; the others let them go first.
    alone: usize,
}

static FREE: Mutex<Option<Free>> = Mutex::new(None);
static FREED: Condvar = Condvar::new();

/// Lanes that a visit has until it drops them.
pub struct Lanes(Vec<Lane>);

/// Waits for a lane, or for all of them.
pub fn take(alone: bool) -> Lanes {
    let mut guard = lock();
    if alone {
        initialised(&mut guard).alone += 1;
    }
    loop {
        let free = initialised(&mut guard);
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
        guard = FREED.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock() -> MutexGuard<'static, Option<Free>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn initialised(free: &mut Option<Free>) -> &mut Free {
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
        initialised(&mut lock()).lanes.append(&mut self.0);
        FREED.notify_all();
    }
}
