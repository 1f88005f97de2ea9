//! What the visitor drops, pastes or chooses, and why it cannot be used, in words.

use super::notice::short_name;

/// Nothing in the clipboard can be used.
pub const NOTHING_PASTED: &str = "There is no picture in the clipboard. Copy a picture, or the address of one.";

/// Nothing that was dropped can be used.
pub const NOTHING_DROPPED: &str =
    "That is no picture, no network and no address of one. Save the picture, and drop its file here.";

/// A folder without anything for the page.
pub const EMPTY_FOLDER: &str = "There is no picture and no network in that folder.";

/// An SVG that browsers give no size.
pub const SVG: &str = "this browser cannot draw this SVG. It needs a width and a height; or save it as PNG";

/// An address that names what was taught.
pub const NOT_IN_A_LINK: &str =
    "A link cannot include what you have taught. Kept in this browser, it is in the panel “Teach it your own things”.";

/// More pictures at once than there is room for.
pub fn too_many_pictures(shown: usize, all: usize) -> String {
    format!("These are the first {shown} of {all} pictures. Drop the others on their own.")
}

/// A server that does not let pages of others read its file, or that cannot be reached: browsers do not tell which.
pub fn not_fetched(title: &str, host: &str, is_offline: bool) -> String {
    let title = short_name(title);
    match is_offline {
        true => format!("{title} could not be fetched: you are offline."),
        false => format!(
            "{title} could not be fetched: {host} does not let other pages read it, or cannot be reached. \
             Save the picture, and drop its file here."
        ),
    }
}

/// A server that has no such file.
pub fn not_there(title: &str, host: &str, status: u16) -> String {
    format!("{} could not be fetched: {host} answered {status}.", short_name(title))
}

/// A picture that the page itself could not make ready.
pub fn unusable(title: &str, reason: &str) -> String {
    format!("{}: {reason}", short_name(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_refused_is_said() {
        let text = not_fetched("cat.jpg", "example.org", false);
        assert!(text.contains("cat.jpg") && text.contains("example.org does not let other pages read it"), "{text}");
        assert!(not_fetched("cat.jpg", "example.org", true).contains("you are offline"));
        assert_eq!(not_there("cat.jpg", "example.org", 404), "cat.jpg could not be fetched: example.org answered 404.");
    }
}
