//! What hosts do to a page: the policy for its scripts, wrong media types, plain http, frames. Every visit's server has it under a
//! sub-path.

use std::fs;

use crate::browser::given;
use crate::files::ours;
use crate::hosts::server::Spoilt;
use crate::visit::{Page, Visit, has_words};

/// Tries what would run a script that is not the page's own, and counts what ran.
const INJECT: &str = "
    window.injected = 0;
    window.refused = 0;
    addEventListener('securitypolicyviolation', () => { window.refused += 1 });
    const script = (attributes, text) => {
        const element = Object.assign(document.createElement('script'), attributes);
        element.textContent = text;
        document.head.append(element);
    };
    script({}, 'window.injected += 1');
    script({ nonce: 'cardinal' }, 'window.injected += 1');
    script({ src: 'data:text/javascript,window.injected += 1' }, '');
    document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.injected += 1\">');
    // What the tests' own protocol calls may evaluate text; what a page calls may not.
    setTimeout(() => { new Function('window.injected += 1')() });
";

fn visit() -> Visit {
    Visit::new("?backend=cpu&runs=3").answers_only()
}

async fn answers(page: &Page) {
    assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    page.drop_file(&ours("assets/samples/horses.jpg")).await;
    assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
}

/// The policy of a file that every host sends alike: no nonce, which would have to change each time.
#[test]
fn the_policy_names_each_script_by_its_hash() {
    let html = fs::read_to_string(given("CARDINAL_DIST").join("index.html")).expect("a page");
    let (_, policy) = html.split_once("http-equiv=\"Content-Security-Policy\" content=\"").expect("a policy");
    let (policy, _) = policy.split_once('"').expect("its end");
    println!("{policy}");
    has_words(policy, &["default-src 'none'", "script-src 'self' 'sha256-", "base-uri 'none'", "form-action 'none'"]);
    assert!(
        !html.contains("nonce") && !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    assert_eq!(
        policy.matches("'sha256-").count(),
        html.matches("<script>").count() + html.matches("<script type=").count()
    );
}

#[test]
fn no_script_runs_but_the_pages_own() {
    visit().forgives("Content Security Policy").forgives("EvalError").run(async |page| {
        page.ready().await;
        page.script(INJECT, vec![]).await;
        page.wait(10, "window.refused >= 5").await;
        assert_eq!(page.number("window.injected").await, 0.0);
        answers(page).await;
    });
}

/// A host may send the policy as a header too, which holds in the workers as well.
#[test]
fn the_policy_may_be_a_header_of_every_file() {
    const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; \
        img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; \
        connect-src 'self' https: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    visit().run(async |page| {
        page.server.spoil(|_| true, Spoilt::Under(POLICY));
        page.open("?backend=cpu").await;
        answers(page).await;
        page.wait_for(60, "#offline[data-state=whole]").await;
    });
}

#[test]
fn wasm_of_another_media_type_runs() {
    // wasm-bindgen tells the console that it compiles what it has instead of what comes.
    visit().forgives("application/wasm").script("delete Navigator.prototype.serviceWorker;").run(async |page| {
        page.server.spoil(|path| path.ends_with(".wasm"), Spoilt::As("application/octet-stream"));
        page.open("?backend=cpu").await;
        answers(page).await;
    });
}

#[test]
fn javascript_of_another_media_type_is_told() {
    visit().forgives("").script("delete Navigator.prototype.serviceWorker;").run(async |page| {
        page.server.spoil(|path| path.ends_with(".js"), Spoilt::As("text/plain"));
        page.open("?backend=cpu").await;
        page.wait_for(10, "#start[data-kind=load]").await;
        let text = page.text("document.getElementById('start').innerText").await;
        has_words(&text, &["could not start", "its JavaScript", "the server blocks it"]);
    });
}

/// Plain http has neither WebGPU nor a cache nor a service worker, and the page runs.
#[test]
fn plain_http_runs_on_the_cpu() {
    Visit::new("?runs=3").answers_only().plain_http().run(async |page| {
        assert_eq!(page.text("isSecureContext").await, "false");
        answers(page).await;
        assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
        let where_it_runs = page.text("document.getElementById('where').innerText").await;
        has_words(&where_it_runs, &["Running on the CPU", "https"]);
    });
}

#[test]
fn a_frame_runs_the_page() {
    // Where a frame may not do these, the page says so only when they are wanted.
    for attributes in ["", "sandbox=\"allow-scripts allow-same-origin\""] {
        visit().forgives("favicon").forgives("can escape its sandboxing").run(async |page| {
            page.ready().await;
            // A page of the same host; Cardinal itself has no frames.
            page.tab.go(&format!("{}assets/samples/kitten.jpg", page.server.address)).await;
            let frame = format!(
                "document.body.innerHTML = '<iframe id=\"frame\" {attributes} width=1200 height=800 src=\"../../?backend=cpu&runs=3&after=answer\"></iframe>'"
            );
            page.script(&frame, vec![]).await;
            page.wait(30, "document.getElementById('frame').contentDocument?.querySelector('#page[data-state=ready] #answer[data-state=fresh]')")
                .await;
            // The browser looks for the icon of a picture at the root.
            page.requests();
        });
    }
}

/// A document without an origin, as in a frame with `sandbox="allow-scripts"`, can start no worker; the page says why it does not start.
#[test]
fn a_sandbox_without_an_origin_is_told() {
    visit().forgives("").script("delete Navigator.prototype.serviceWorker;").run(async |page| {
        page.server.spoil(|path| path.ends_with('/'), Spoilt::Under("sandbox allow-scripts"));
        page.open("?backend=cpu").await;
        page.wait_for(10, "#start[data-kind=load]").await;
        has_words(&page.text("document.getElementById('start').innerText").await, &["could not start"]);
    });
}
