//! Nothing jumps: how far the page's parts move while it is used, as the browser counts it (layout shift).

use crate::files::ours;
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The bar of each thing that a visit does, by the browser's layout shift score. What follows a click within half a second counts
/// too, though browsers forgive that; without it, this is the bar of the whole visit, as browsers define it.
const BAR: f64 = 0.02;

/// Keeps every shift, with what moved.
const WATCH: &str = "
    window.shifts = [];
    // As browsers define the score of a visit: the largest sum in 5 s without a pause of 1 s.
    window.unasked = 0;
    let [sum, first, last] = [0, 0, 0];
    new PerformanceObserver((list) => {
        for (const { value, sources, startTime, hadRecentInput } of list.getEntries()) {
            if (!hadRecentInput) {
                if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
                [sum, last] = [sum + value, startTime];
                unasked = Math.max(unasked, sum);
            }
            // Where nothing has another place, a text has changed; browsers count that too.
            const far = ({ previousRect: a, currentRect: b }) => Math.hypot(a.x - b.x, a.y - b.y) >= 1;
            if (!sources.some(far)) continue;
            const moved = sources.map(({ node, previousRect: a, currentRect: b }) => {
                const name = node?.id || node?.parentElement?.id || node?.nodeName;
                return `${name} ${a.x},${a.y} ${a.width}x${a.height} to ${b.x},${b.y} ${b.width}x${b.height}`;
            });
            shifts.push({ value, moved });
        }
    }).observe({ type: 'layout-shift', buffered: true });
";

/// Checks the score since the last call.
async fn check(page: &Page, what: &str) {
    let list = "shifts.splice(0), ({ value, moved }) => `${value.toFixed(4)}: ${moved.join('; ')}`";
    let shifts = page.list(list).await;
    let score: f64 = shifts.iter().filter_map(|line| line.split_once(':')?.0.parse::<f64>().ok()).sum();
    println!("{what}: {score:.4} (bar {BAR})");
    for shift in shifts {
        println!("    {shift}");
    }
    assert!(score <= BAR, "{what}: {score:.4}, over the bar of {BAR}");
}

async fn measures_accuracy(page: &Page) {
    page.script("document.getElementById('measure').scrollIntoView({ block: 'center' })", vec![]).await;
    page.click("#measure").await;
    page.wait_for(60, "#measuring[data-state=done]").await;
    check(page, "accuracy").await;
}

async fn use_everything(page: &Page) {
    page.ready().await;
    check(page, "to the first answer").await;
    for cardinality in [1, 2, 4, 16, 32, 8] {
        page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
        page.wait_for(30, &format!("#page[data-state=ready][data-cardinality=\"{cardinality}\"]")).await;
    }
    check(page, "every stop").await;
    let names = page.list("document.querySelectorAll('[data-sample]'), (one) => one.dataset.sample").await;
    let photographs = names.iter().filter(|name| !name.contains('/')).take(10);
    for photograph in photographs {
        let file = ours(&format!("assets/samples/{photograph}"));
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        page.drop_file(&file).await;
        page.answer_to(&name).await;
    }
    check(page, "ten pictures").await;
    measures_accuracy(page).await;
    page.take("imagenet").await;
    page.wait_for(60, "#page[data-state=ready][data-model=imagenet]").await;
    check(page, "another network").await;
    page.take("cifar10").await;
    page.wait_for(60, "#page[data-state=ready][data-model=cifar10]").await;
    check(page, "the first network").await;
}

/// The walk lies over nothing and moves nothing, except what a step opens.
fn walks_still(size: (u32, u32)) {
    Visit::new("?runs=3&backend=cpu").script(WATCH).alone().run(async |page| {
        page.look(size, "light").await;
        page.open("?runs=3&backend=cpu").await;
        page.idle().await;
        check(page, "before the walk").await;
        page.click("#walk-link").await;
        page.wait_for(5, "#walk").await;
        page.idle().await;
        check(page, "the walk is opened").await;
        for number in 2..=6 {
            page.click("#walk nav > a:last-of-type").await;
            page.wait_for(5, &format!("#walk[data-step=\"{number}\"]")).await;
            page.idle().await;
            page.script("shifts.splice(0)", vec![]).await;
        }
        let height = "document.documentElement.scrollHeight - document.getElementById('walk').offsetHeight";
        let whole = page.number(height).await;
        page.click("#walk-close").await;
        page.wait(5, "!document.getElementById('walk')").await;
        check(page, "the walk is closed").await;
        assert_eq!(page.number("document.documentElement.scrollHeight").await, whole, "its room is its own");
        let unasked = page.number("unasked").await;
        println!("{size:?}: {unasked:.4} that nobody had clicked for (bar {BAR})");
        assert!(unasked <= BAR, "{unasked:.4}, over the bar of {BAR}");
    });
}

#[test]
fn the_walk_moves_nothing_on_a_desktop() {
    walks_still(DESKTOP);
}

#[test]
fn the_walk_moves_nothing_on_a_phone() {
    walks_still(PHONE);
}

fn stands_still(size: (u32, u32)) {
    Visit::new("?runs=3&backend=cpu").script(WATCH).alone().run(async |page| {
        page.look(size, "light").await;
        page.open("?runs=3&backend=cpu").await;
        use_everything(page).await;
        let unasked = page.number("unasked").await;
        println!("{size:?}: {unasked:.4} that nobody had clicked for (bar {BAR})");
        assert!(unasked <= BAR, "{unasked:.4}, over the bar of {BAR}");
    });
}

#[test]
fn nothing_jumps_on_a_desktop() {
    stands_still(DESKTOP);
}

#[test]
fn nothing_jumps_on_a_phone() {
    stands_still(PHONE);
}

/// What is said of the GPU comes when the browser has told of it, which may take a while.
#[test]
fn a_gpu_that_is_found_late_moves_nothing() {
    let late = "
        const { requestAdapter } = GPU.prototype;
        GPU.prototype.requestAdapter = async function (...wishes) {
            await new Promise((resolve) => setTimeout(resolve, 1500));
            return requestAdapter.apply(this, wishes);
        };";
    Visit::new("?runs=3&backend=cpu").script(WATCH).worker_script(late).answers_only().alone().run(async |page| {
        for size in [DESKTOP, PHONE] {
            page.look(size, "light").await;
            page.open("?runs=3&backend=cpu").await;
            page.wait_for(20, "#offer").await;
            page.ready().await;
            check(page, &format!("a late GPU, {size:?}")).await;
        }
    });
}

/// What is kept for offline visits is told late, wherever a phone has been scrolled to; and what grows has nothing of it to push.
#[test]
fn what_is_told_of_offline_visits_moves_nothing_and_stays() {
    let late = "
        const { open } = CacheStorage.prototype;
        CacheStorage.prototype.open = async function (...names) {
            await new Promise((resolve) => setTimeout(resolve, 1500));
            return open.apply(this, names);
        };";
    let metered = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
    let nothing = "CacheStorage.prototype.open = () => Promise.reject(new Error('none'));";
    for (script, state) in [("", "whole"), (metered, "used"), (nothing, "nothing")] {
        let visit = Visit::new("?runs=3&backend=cpu").script(WATCH).script(late).script(script).answers_only().alone();
        visit.run(async |page| {
            page.look(PHONE, "light").await;
            page.open("?runs=3&backend=cpu").await;
            page.ready().await;
            page.script("document.getElementById('offline').scrollIntoView({ block: 'center' })", vec![]).await;
            page.idle().await;
            page.script("shifts.splice(0)", vec![]).await;
            page.wait_for(60, &format!("#offline[data-state={state}]")).await;
            page.idle().await;
            check(page, &format!("offline: {state}")).await;
            if state == "whole" {
                measures_accuracy(page).await;
            }
        });
    }
}
