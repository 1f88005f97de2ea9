//! What a visitor does: clicks, keys, files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::Page;
use super::ask::call;
use crate::browser::Key;

/// Where to click the element that the first argument names: its middle, scrolled into sight where it is not. What lies over
/// it would get the click.
const POINT: &str = "
    const element = document.querySelector(arguments[0]);
    if (!element) throw new Error('it is not there');
    const middle = () => {
        const box = [...element.getClientRects()].find((box) => box.width > 0 && box.height > 0);
        if (!box) throw new Error('nothing of it is to be seen');
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        return { x: (left + right) / 2, y: (top + bottom) / 2, seen: left < right && top < bottom };
    };
    if (!middle().seen) element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const { x, y } = middle();
    const hit = document.elementFromPoint(x, y);
    if (!element.contains(hit)) throw new Error(`${hit?.outerHTML.slice(0, 200)} lies over it`);
    return { x, y };
";

impl Page {
    pub async fn click(&self, css: &str) {
        let point = self.tab.evaluate(&call(POINT, &[css.into()])).await;
        let point = point.unwrap_or_else(|error| panic!("click {css}: {error}"));
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": point["x"], "y": point["y"], "button": button, "buttons": buttons, "clickCount": 1,
            });
            self.tab.command("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Closes all messages, which lie over what is below them.
    pub async fn dismiss_notices(&self) {
        self.script("document.querySelectorAll('#notices .close').forEach((button) => button.click())", vec![]).await;
    }

    /// Chooses a setting of the run, whose options are shown when the line of settings is open.
    pub async fn set(&self, css: &str) {
        if self.attribute("#change", "aria-expanded").await == "false" {
            self.click("#change").await;
        }
        self.click(css).await;
    }

    /// Presses keys one after the other, as on a keyboard.
    pub async fn keys(&self, keys: &[Key]) {
        for &key in keys {
            self.tab.press(key).await;
        }
    }

    /// Types into a field, in place of what is in it.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.script(
            "const field = document.querySelector(arguments[0]); field.focus(); field.select()",
            vec![css.into()],
        )
        .await;
        self.tab.command("Input.insertText", json!({ "text": text })).await;
    }

    /// Drags a file over the page and lets it go, as from a file manager.
    pub async fn drop_file(&self, file: &Path) {
        let data = json!({ "items": [], "files": [file.to_string_lossy()], "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": kind, "x": 195, "y": 300, "data": data });
            self.tab.command("Input.dispatchDragEvent", event).await;
        }
    }

    /// Presses what saves a file and waits for the file of this name, in a folder that is empty before.
    pub async fn saved(&self, css: &str, folder: &str, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("saved").join(folder);
        // It may be there from an earlier run.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for saved files");
        let allow = json!({ "behavior": "allow", "downloadPath": folder.to_string_lossy() });
        self.tab.command("Page.setDownloadBehavior", allow).await;
        self.click(css).await;
        let file = folder.join(name);
        for _ in 0..200 {
            if file.is_file() {
                return file;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} has not come; there is {:?}", file.display(), fs::read_dir(&folder).map(|files| files.count()));
    }

    /// Chooses a picture in the file dialog.
    pub async fn choose_file(&self, file: &Path) {
        self.choose_in("#choose", file).await;
    }

    /// Chooses a file in the dialog of an input.
    pub async fn choose_in(&self, css: &str, file: &Path) {
        self.choose_all_in(css, &[file]).await;
    }

    /// Chooses several files at once.
    pub async fn choose_all_in(&self, css: &str, files: &[&Path]) {
        let element = self.tab.element(css).await;
        let files: Value = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
        self.tab.command("DOM.setFileInputFiles", json!({ "files": files, "objectId": element })).await;
    }
}
