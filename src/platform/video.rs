//! Cameras and shared screens, and the frames of what they show. On the page's thread only.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, ImageBitmap, MediaDevices, MediaStream, MediaStreamTrack, OffscreenCanvas};

use super::canvas::canvas;
use super::js::{call, get, set};

/// The shorter side that a camera is asked for, and that larger frames are reduced to by the browser: networks see less.
const SHORT_SIDE: f64 = 480.0;

/// The name of the error where the browser has no such thing for this page.
const NO_MEDIA: &str = "NoMedia";

fn devices() -> Option<MediaDevices> {
    get(&get(&js_sys::global(), "navigator"), "mediaDevices").dyn_into().ok()
}

/// Whether the browser can share a screen with this page.
pub fn has_screen() -> bool {
    devices().is_some_and(|devices| get(&devices, "getDisplayMedia").is_function())
}

/// Asks for a camera: the one with this id, or one that looks away from the visitor.
///
/// # Errors
/// The name of the browser's error.
pub async fn camera(id: Option<&str>) -> Result<MediaStream, String> {
    let video = Object::new();
    let wish = |key: &str, value: &JsValue| {
        let wish = Object::new();
        set(&wish, key, value);
        wish.into()
    };
    set(&video, "height", &wish("ideal", &SHORT_SIDE.into()));
    match id {
        Some(id) => set(&video, "deviceId", &wish("exact", &id.into())),
        None => set(&video, "facingMode", &wish("ideal", &"environment".into())),
    }
    stream("getUserMedia", &video).await
}

/// Asks for a screen, a window or a tab.
///
/// # Errors
/// The name of the browser's error.
pub async fn screen() -> Result<MediaStream, String> {
    stream("getDisplayMedia", &JsValue::TRUE).await
}

async fn stream(function: &str, video: &JsValue) -> Result<MediaStream, String> {
    let devices = devices().ok_or_else(|| NO_MEDIA.to_owned())?;
    let function: Function = get(&devices, function).dyn_into().map_err(|_| NO_MEDIA.to_owned())?;
    let wanted = Object::new();
    set(&wanted, "video", video);
    let name = |error: JsValue| get(&error, "name").as_string().unwrap_or_default();
    let promise = function.call1(&devices, &wanted).map_err(name)?;
    let stream = JsFuture::from(Promise::resolve(&promise)).await.map_err(name)?;
    stream.dyn_into().map_err(|_| NO_MEDIA.to_owned())
}

/// The ids of all cameras. Browsers tell them only while one is in use.
pub async fn cameras() -> Vec<String> {
    let listed = devices().and_then(|devices| devices.enumerate_devices().ok());
    let Some(listed) = listed else { return Vec::new() };
    let all: Array = JsFuture::from(listed).await.ok().and_then(|all| all.dyn_into().ok()).unwrap_or_default();
    let text = |device: &JsValue, name: &str| get(device, name).as_string().unwrap_or_default();
    let cameras = all.iter().filter(|device| text(device, "kind") == "videoinput");
    cameras.map(|camera| text(&camera, "deviceId")).filter(|id| !id.is_empty()).collect()
}

/// The first picture track of a stream.
pub fn track(stream: &MediaStream) -> Option<MediaStreamTrack> {
    stream.get_video_tracks().get(0).dyn_into().ok()
}

/// The id of the camera that a track comes from.
pub fn camera_id(track: &MediaStreamTrack) -> Option<String> {
    get(&track.get_settings(), "deviceId").as_string()
}

/// Plays a video. A failure is reported by the element's `error` event.
pub fn play(video: &HtmlVideoElement) {
    if let Ok(promise) = video.play() {
        // It is rejected too, which somebody must hear.
        wasm_bindgen_futures::spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}

/// Waits until a video shows another frame, or where the browser does not tell, until it draws the page again.
pub async fn next_frame(video: &HtmlVideoElement) {
    let Ok(request) = get(video, "requestVideoFrameCallback").dyn_into::<Function>() else {
        return super::frame().await;
    };
    let promise = Promise::new(&mut |resolve, _| {
        let _ = request.call1(video, &resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// The frame that a video shows, to be transferred to a worker.
///
/// # Errors
/// What the browser throws where there is none yet.
pub async fn frame_of(video: &HtmlVideoElement) -> Result<ImageBitmap, JsValue> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    let scale = SHORT_SIDE / width.min(height);
    let options = Object::new();
    if scale < 1.0 {
        set(&options, "resizeWidth", &(width * scale).round().into());
        set(&options, "resizeHeight", &(height * scale).round().into());
        set(&options, "resizeQuality", &"medium".into());
    }
    call("createImageBitmap", video, &options).await?.dyn_into()
}

/// The frame that a video shows, reduced as [`frame_of`] reduces it, on a canvas; `None` where there is none yet.
pub fn photo(video: &HtmlVideoElement) -> Option<OffscreenCanvas> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    let scale = (SHORT_SIDE / width.min(height)).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    let (canvas, context) = canvas(width as u32, height as u32)?;
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width, height).ok()?;
    Some(canvas)
}

/// The frame that a video shows, whole, on a canvas; `None` where there is none yet.
pub fn still(video: &HtmlVideoElement) -> Option<OffscreenCanvas> {
    let (canvas, context) = canvas(video.video_width(), video.video_height())?;
    context.draw_image_with_html_video_element(video, 0.0, 0.0).ok()?;
    Some(canvas)
}
