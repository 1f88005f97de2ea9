//! The page can be installed like a program, and previews of its link have a picture.

use serde_json::{Value, json};

use crate::visit::Visit;

#[test]
fn it_can_be_installed() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.wait_for(60, "#offline[data-state=whole]").await;
        let manifest = page.tab.command("Page.getAppManifest", json!({})).await;
        assert_eq!(manifest["errors"], json!([]), "{manifest}");
        let text: Value = serde_json::from_str(manifest["data"].as_str().expect("a manifest")).expect("JSON");
        // Every address is relative: the page is served under any path.
        let icons = text["icons"].as_array().expect("icons");
        let pictures = icons.iter().chain(text["screenshots"].as_array().expect("screenshots"));
        for picture in pictures {
            let path = picture["src"].as_str().expect("an address");
            assert!(!path.contains(':') && !path.starts_with('/'), "{path}");
            let got = page.script(
                "return fetch(arguments[0]).then((answer) => [answer.status, answer.headers.get('content-type')])",
                vec![path.into()],
            );
            assert_eq!(got.await, json!([200, picture["type"]]), "{path}");
        }
        let errors = page.tab.command("Page.getInstallabilityErrors", json!({})).await;
        let errors = errors["installabilityErrors"].as_array().expect("a list").clone();
        // The tests' windows are private ones, which install nothing.
        let errors: Vec<_> = errors.iter().filter(|error| error["errorId"] != "in-incognito").collect();
        assert!(errors.is_empty(), "{errors:?}");
        println!("{} icons, no error", icons.len());
    });
}

#[test]
fn its_link_has_a_picture() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let of = |property: &str| {
            format!("document.querySelector('meta[property=\"og:{property}\"], meta[name=\"{property}\"]').content")
        };
        let picture = page.text(&of("image")).await;
        let size = "const picture = new Image(); picture.src = arguments[0];
            return picture.decode().then(() => [picture.naturalWidth, picture.naturalHeight].map(String))";
        let size = page.script(size, vec![picture.into()]).await;
        let stated = [page.text(&of("image:width")).await, page.text(&of("image:height")).await];
        assert_eq!(size, json!(stated));
        assert!(page.text(&of("description")).await.len() > 80);
    });
}
