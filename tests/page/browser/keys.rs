//! Keys as a keyboard sends them.

use serde_json::{Value, json};

use super::Tab;

#[derive(Clone, Copy, Debug)]
pub enum Key {
    Tab,
    /// `Tab` with `Shift` held.
    BackTab,
    Home,
    End,
    Enter,
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
            Self::Tab | Self::BackTab => ("Tab", 9),
            Self::Enter => ("Enter", 13),
            Self::End => ("End", 35),
            Self::Home => ("Home", 36),
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
        const SHIFT: u32 = 8;
        let (name, number) = key.description();
        let (code, held) = match key {
            Key::Paste => ("KeyV", CTRL),
            Key::BackTab => (name, SHIFT),
            _ => (name, 0),
        };
        // Enter is a character too: with it a link is followed.
        let (down, text) = if matches!(key, Key::Enter) { ("keyDown", "\r") } else { ("rawKeyDown", "") };
        let event = |kind: &str| -> Value {
            json!({
                "type": kind, "key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": held, "text": text,
            })
        };
        for kind in [down, "keyUp"] {
            self.command("Input.dispatchKeyEvent", event(kind)).await;
        }
    }
}
