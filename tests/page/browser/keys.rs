//! Keys as a keyboard sends them.

use serde_json::{Value, json};

use super::Tab;

#[derive(Clone, Copy, Debug)]
pub enum Key {
    Tab,
    Escape,
    Left,
    Up,
    Right,
    Down,
    /// `V` with `Ctrl` held.
    Paste,
}

impl Key {
    /// Its name, and the number that browsers know it by.
    fn description(self) -> (&'static str, u32) {
        match self {
            Self::Tab => ("Tab", 9),
            Self::Escape => ("Escape", 27),
            Self::Left => ("ArrowLeft", 37),
            Self::Up => ("ArrowUp", 38),
            Self::Right => ("ArrowRight", 39),
            Self::Down => ("ArrowDown", 40),
            Self::Paste => ("v", 86),
        }
    }
}

impl Tab {
    pub async fn press(&self, key: Key) {
        const CTRL: u32 = 2;
        let (name, number) = key.description();
        let (code, held) = if let Key::Paste = key { ("KeyV", CTRL) } else { (name, 0) };
        let event = |kind: &str| -> Value {
            json!({ "type": kind, "key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": held })
        };
        for kind in ["rawKeyDown", "keyUp"] {
            self.command("Input.dispatchKeyEvent", event(kind)).await;
        }
    }
}
