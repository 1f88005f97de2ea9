//! The checks of every visit can fail: requests and console lines of page and worker are seen.

use crate::visit::Visit;

#[test]
fn a_long_task_is_noticed() {
    Visit::new("?runs=3&backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        let busy = "setTimeout(() => { const end = performance.now() + 300; while (performance.now() < end); })";
        page.script(busy, vec![]).await;
        page.wait(5, "watched.tasks.some((task) => task.duration > 290)").await;
        println!("noticed: {} ms", page.longest_task().await);
    });
}

/// Of the page as well as of its worker.
#[test]
fn what_is_said_and_asked_for_is_noticed() {
    Visit::new("?runs=3&backend=cpu").answers_only().forgives("posted").run(async |page| {
        page.ready().await;
        page.requests();
        let words = |who: &str| {
            format!("console.log('{who} speaks'); return fetch('samples-of-{who}').then((answer) => answer.status)")
        };
        assert_eq!(page.script(&words("page"), vec![]).await, 404);
        assert_eq!(page.in_worker(&words("worker"), vec![]).await, 404);
        let (asked, said) = (page.requests(), page.console());
        println!("{asked:?}\n{said:?}");
        let post = "return fetch('posted', { method: 'POST', body: 'a picture' }).then((answer) => answer.status)";
        page.script(post, vec![]).await;
        page.in_worker(post, vec![]).await;
        let sent = page.sent();
        assert!(sent.len() == 2 && sent.iter().all(|url| url.ends_with("posted")), "{sent:?}");
        page.console();
        for who in ["page", "worker"] {
            assert!(asked.iter().any(|url| url.ends_with(&format!("samples-of-{who}"))), "{asked:?}");
            assert!(said.iter().any(|line| line.contains(&format!("{who} speaks"))), "{said:?}");
        }
        assert!(said.iter().any(|line| line.contains("404")), "the browser's own line: {said:?}");
    });
}
