//! A moving picture: the browser's stand-ins for cameras and a screen, and a video file.

use std::fs;
use std::path::PathBuf;

use crate::browser::Key;
use crate::death::{THROW, says_so};
use crate::files::{made, ours};
use crate::visit::{Page, Visit};

/// Keeps the streams that the page asks for, to see whether they run.
const STREAMS: &str = "
    window.streams = [];
    for (const name of ['getUserMedia', 'getDisplayMedia']) {
        const ask = navigator.mediaDevices?.[name].bind(navigator.mediaDevices);
        if (ask) navigator.mediaDevices[name] = async (wanted) => {
            const stream = await ask(wanted);
            streams.push(stream);
            return stream;
        };
    }
";

/// Counts the frames that the worker answers, by the pictures that the page draws of what the network sees.
const FRAMES: &str = "
    window.frames_seen = 0;
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...all) {
        if (this.canvas.closest('#saw')) window.frames_seen += 1;
        return put.apply(this, all);
    };
";

fn visit() -> Visit {
    Visit::new("?backend=cpu&runs=3").answers_only().script(STREAMS).script(FRAMES)
}

/// Waits for this many frames more, and for an answer that is up to date.
async fn frames(page: &Page, count: usize) {
    let before = page.number("window.frames_seen").await;
    page.wait(20, format_args!("window.frames_seen >= {before} + {count}")).await;
    page.wait_for(10, "#answer[data-state=fresh]").await;
}

async fn caption(page: &Page) -> String {
    page.text("document.getElementById('picture-caption').innerText").await
}

/// The numbers of running cameras.
async fn running(page: &Page) -> f64 {
    page.number("streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length")
        .await
}

#[test]
fn a_camera_is_answered_continuously_until_it_is_stopped() {
    visit().run(async |page| {
        page.tab.grant(&["videoCapture"]).await;
        page.ready().await;
        page.click("#camera").await;
        page.wait_for(20, ".frame video.on").await;
        frames(page, 5).await;
        let name = caption(page).await;
        assert!(name.starts_with("Camera: fake_device_0"), "{name}");
        page.wait(10, "/^[0-9.]+ pictures.s .* total/.test(document.getElementById('timing').innerText)").await;
        println!("{}", page.text("document.getElementById('timing').innerText").await);
        // Nothing is measured meanwhile, and the dial turns under the frames.
        assert_eq!(page.attribute("#page", "data-state").await, "ready");
        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(30, "#page[data-cardinality=\"32\"]").await;
        frames(page, 5).await;
        assert_eq!(running(page).await, 1.0);
        // The maps of the class lie over the moving picture, and change with it.
        page.click("#top li:first-child .guess").await;
        page.wait_for(10, "#map[data-kind=activation][data-complete=true]").await;
        let before = page.attribute("#map", "data-values").await;
        frames(page, 5).await;
        assert_ne!(page.attribute("#map", "data-values").await, before);
        assert_eq!(page.text("String(document.querySelector('#map-kind'))").await, "null", "occlusion takes many runs");
        page.keys(&[Key::Escape]).await;
        page.wait(10, "!document.querySelector('#map')").await;
        // The other camera.
        page.click("#camera-turn").await;
        page.wait(10, "document.getElementById('picture-caption').innerText.startsWith('Camera: fake_device_1')").await;
        frames(page, 3).await;
        assert_eq!(running(page).await, 1.0, "the first has been let go");
        // Stopped, the last frame is a picture like any other.
        page.click("#live-stop").await;
        page.wait(20, "!document.querySelector('.frame video')").await;
        page.wait_for(20, "#answer[data-state=fresh]").await;
        assert_eq!(running(page).await, 0.0);
        assert!(caption(page).await.starts_with("Camera: fake_device_1"), "{}", caption(page).await);
        page.wait_for(10, ".frame img[src^=blob]").await;
        assert!(page.notices().await.is_empty(), "{:?}", page.notices().await);
        let size = page.number("document.querySelector('.frame img').naturalWidth").await;
        assert_eq!(size, 640.0);
    });
}

#[test]
fn a_hidden_page_lets_go_of_the_camera_and_says_so() {
    visit().run(async |page| {
        page.tab.grant(&["videoCapture"]).await;
        page.ready().await;
        page.click("#camera").await;
        frames(page, 3).await;
        let hide = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
            document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";
        page.script(hide, vec![]).await;
        assert_eq!(running(page).await, 0.0, "at once");
        page.script("delete document.hidden", vec![]).await;
        page.wait(10, "!document.querySelector('.frame video')").await;
        page.wait_for(20, "#answer[data-state=fresh]").await;
        let notices = page.notices().await;
        assert!(notices.len() == 1 && notices[0].contains("while the page was hidden"), "{notices:?}");
        // It comes again when it is asked for again.
        page.click("#camera").await;
        frames(page, 3).await;
        // Its own end, as when it is unplugged.
        page.script("const track = streams.at(-1).getTracks()[0]; track.stop(); document.querySelector('video').dispatchEvent(new Event('ended'))", vec![]).await;
        page.wait(10, "!document.querySelector('.frame video')").await;
        page.wait(10, "document.getElementById('notices').innerText.includes('was disconnected')").await;
    });
}

#[test]
fn a_camera_that_is_refused_or_missing_is_told_in_words() {
    visit().run(async |page| {
        page.ready().await;
        let before = page.top().await;
        page.tab.refuse("camera").await;
        page.click("#camera").await;
        page.wait(10, "document.getElementById('notices').innerText.includes('Allow it in the browser')").await;
        for (error, words) in
            [("NotFoundError", "No camera was found"), ("NotReadableError", "another program may be using it")]
        {
            let refuse =
                format!("navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{error}'))");
            page.script(&refuse, vec![]).await;
            page.click("#camera").await;
            page.wait(10, format_args!("document.getElementById('notices').innerText.includes('{words}')")).await;
        }
        page.script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", vec![]).await;
        page.click("#camera").await;
        page.wait(10, "document.getElementById('notices').innerText.includes('from https://')").await;
        assert_eq!(page.text("String(document.querySelector('.frame video'))").await, "null");
        assert_eq!(page.top().await, before, "nothing is lost");
    });
}

#[test]
fn a_screen_is_answered_like_a_camera() {
    visit().run(async |page| {
        page.ready().await;
        // This browser has no screen: a drawing that moves stands in.
        let stand_in = "navigator.mediaDevices.getDisplayMedia = async () => {
            const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 900 });
            const context = canvas.getContext('2d');
            setInterval(() => context.fillRect(Math.random() * 1600, Math.random() * 900, 90, 90), 40);
            streams.push(canvas.captureStream(25));
            return streams.at(-1);
        }";
        page.script(stand_in, vec![]).await;
        page.click("#screen").await;
        page.wait_for(20, ".frame video[data-kind=screen].on").await;
        frames(page, 3).await;
        // Larger frames than networks need are reduced on the way.
        assert_eq!(caption(page).await, "Shared screen · 853×480");
        // A picture takes its place.
        page.drop_file(&ours("assets/samples/horses.jpg")).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        assert_eq!(
            (running(page).await, page.text("String(document.querySelector('.frame video'))").await.as_str()),
            (0.0, "null")
        );
    });
}

/// A video of half a second that shows the horses, as this browser writes it.
async fn video_of_horses(page: &Page) -> PathBuf {
    let script = "
        const image = new Image();
        image.src = 'assets/samples/horses.jpg';
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
        const context = canvas.getContext('2d');
        const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm', videoBitsPerSecond: 4e6 });
        const pieces = [];
        recorder.ondataavailable = (event) => pieces.push(event.data);
        const stopped = new Promise((resolve) => (recorder.onstop = resolve));
        recorder.start();
        const draw = setInterval(() => context.drawImage(image, 0, 0, 320, 240), 30);
        await new Promise((resolve) => setTimeout(resolve, 600));
        recorder.stop();
        await stopped;
        clearInterval(draw);
        return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
    ";
    let bytes = page.script(&format!("return (async () => {{ {script} }})()"), vec![]).await;
    let bytes: Vec<u8> =
        bytes.as_array().expect("bytes").iter().map(|byte| byte.as_u64().expect("a byte") as u8).collect();
    made("horses.webm", &bytes)
}

#[test]
fn a_video_is_played_and_its_answer_is_that_of_its_frame() {
    visit().forgives("boom").run(async |page| {
        page.ready().await;
        let video = video_of_horses(page).await;
        println!("{} bytes", fs::metadata(&video).expect("it was made").len());
        page.drop_file(&video).await;
        page.wait_for(20, ".frame video[data-kind=video].on").await;
        frames(page, 8).await;
        let live = page.top().await;
        assert_eq!((live[0].0.as_str(), caption(page).await.as_str()), ("horse", "horses.webm · 320×240"));
        // Another worker goes on with it.
        page.in_worker(THROW, vec![]).await;
        says_so(page).await;
        frames(page, 8).await;
        assert_eq!(page.top().await[0].0, "horse");
        let live = page.top().await;
        // Once for the message, and once for the video.
        page.keys(&[Key::Escape, Key::Escape]).await;
        page.wait(20, "!document.querySelector('.frame video')").await;
        let still = page.answer_to("horses.webm").await;
        println!("live {:?}, still {:?}", live[0], still[0]);
        assert!(still[0].0 == "horse" && (live[0].1 - still[0].1).abs() < 0.05, "{live:?}, {still:?}");
        // What cannot be played loses nothing.
        page.drop_file(&made("broken.webm", b"\x1a\x45\xdf\xa3 and nothing that is a video")).await;
        page.wait(10, "document.getElementById('notices').innerText.includes('this browser cannot play it')").await;
        assert_eq!(page.answer_to("horses.webm").await, still);
        // Nor does it where another video was playing: its last frame stays.
        page.drop_file(&video).await;
        frames(page, 5).await;
        page.drop_file(&made("broken.webm", b"\x1a\x45\xdf\xa3 and nothing that is a video")).await;
        page.wait(20, "!document.querySelector('.frame video')").await;
        assert_eq!(page.answer_to("horses.webm").await[0].0, "horse");
        page.wait_for(10, ".frame img[src^=blob]").await;
        // One that comes while the last frame of another is on its way plays on.
        page.drop_file(&video).await;
        frames(page, 3).await;
        page.script("document.getElementById('live-stop').click()", vec![]).await;
        page.drop_file(&video).await;
        frames(page, 8).await;
        page.wait_for(10, ".frame video.on").await;
    });
}
