//! The browser's name, from what it calls itself.

/// The first of these in a user agent is the browser: others name Chrome and Safari too.
const NAMES: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "headless Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// `Firefox 145, Linux`, of a user agent; empty where it names nothing known.
pub fn browser(agent: &str) -> String {
    let name = NAMES.iter().find_map(|(mark, name)| {
        let version = agent.split_once(mark)?.1.split(['.', ' ']).next()?;
        Some(format!("{name} {version}"))
    });
    let system = SYSTEMS.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned());
    [name, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_told_apart() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome 142, Windows");
        assert_eq!(browser(&format!("{chrome} Edg/142.0.0.0")), "Edge 142, Windows");
        assert_eq!(browser(&chrome.replace("Chrome", "HeadlessChrome")), "headless Chrome 142, Windows");
        assert_eq!(
            browser("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
            "Firefox 145, Linux"
        );
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(safari), "Safari 18, iOS");
        assert_eq!(browser("curl"), "");
    }
}
