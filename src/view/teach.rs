//! Teaching, in words: what is missing before anything can be learned, and how well it was learned.

use crate::protocol::Learned;
use crate::teach::SUGGESTED_PICTURES;
use crate::view::number;

/// What a frame that was given to a class is called.
pub const FRAME: &str = "frame";

/// A file that is given to a class and is no picture.
pub const NO_PICTURE: &str = "this is no picture";

/// A browser that cannot keep what is taught.
pub const NO_ROOM: &str = "This browser has no room to keep your pictures. They stay until the page is closed.";

/// The picture on the page, where the browser does not give its pixels.
pub const NO_COPY: &str = "this browser does not give a copy of it; choose its file";

/// The dial was turned away from the network that has learned.
pub const TURNED: &str = "Turn the dial back to what has learned: at this stop the network knows nothing.";

/// The most pictures that are learned from: learning takes time with the square of their number.
pub const MOST_PICTURES: usize = 500;

/// More pictures than are learned from.
pub fn too_many() -> String {
    format!("Only {MOST_PICTURES} pictures are learned from. Remove some before you add more.")
}

/// A picture that a class has already.
pub fn twice(class: &str) -> String {
    format!("it is in {class} already")
}

/// A class's name, and how many pictures it has.
pub type Counted = (String, usize);

/// Why a name cannot be a class's; `others` are the names of the other classes.
pub fn name_trouble<'a>(name: &str, mut others: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    match name.trim() {
        "" => Some("Give this class a name."),
        name if others.any(|other| other.trim() == name) => Some("Another class has this name."),
        _ => None,
    }
}

/// Why nothing can be learned yet, as a sentence; `None` where it can.
pub fn obstacle(classes: &[Counted]) -> Option<String> {
    let taught = || classes.iter().filter(|(_, pictures)| *pictures > 0).map(|(name, _)| name.trim());
    let twice = taught().enumerate().find(|(place, name)| taught().take(*place).any(|before| before == *name));
    if taught().any(str::is_empty) {
        Some("A class has no name. Give it one, and it is learned.".into())
    } else if let Some((_, name)) = twice {
        Some(format!("Two classes are called {name}. Give one of them another name, and they are learned."))
    } else if taught().nth(1).is_none() {
        Some("Give two classes some pictures, and the network learns to tell them apart.".into())
    } else {
        None
    }
}

/// Names the classes that have too few pictures: `owl has 2 pictures, fox none. 5 or more for each class are better.`
pub fn small(classes: &[Counted]) -> Option<String> {
    let few = classes.iter().filter(|(_, pictures)| *pictures < SUGGESTED_PICTURES);
    let few: Vec<String> = few.map(|(name, pictures)| format!("{} {}", name.trim(), has(*pictures))).collect();
    (!few.is_empty()).then(|| format!("{}. {SUGGESTED_PICTURES} or more for each class are better.", few.join(", ")))
}

fn has(pictures: usize) -> String {
    match pictures {
        0 => "has no picture".into(),
        pictures => format!("has {}", pictures_of(pictures)),
    }
}

/// `1 picture`, `12 pictures`
pub fn pictures_of(count: usize) -> String {
    format!("{count} picture{}", if count == 1 { "" } else { "s" })
}

/// How many pictures it would recognise that it had not learned from.
pub fn outcome(learned: &Learned) -> String {
    let (all, right) = (learned.left_out.len(), learned.left_out.iter().filter(|picture| picture.is_right).count());
    let counted = if right == all { format!("All {all}") } else { format!("{right} of {all}") };
    format!("{counted} of your pictures are recognised when it learns from the others.")
}

/// What it took: `1.24 s for the pictures, 419 ms to learn from them`
pub fn times(features_ms: f64, learn_ms: f64) -> String {
    let learning = number::milliseconds(learn_ms);
    match features_ms > 0.0 {
        true => format!("{} for the new pictures, {learning} to learn from all", number::milliseconds(features_ms)),
        false => format!("{learning} to learn"),
    }
}

/// What the others make of a picture in the wrong class.
pub fn wrong(name: &str, class: &str, answer: &str, share: f64) -> String {
    format!("{name}: in {class}, taken for {answer} ({})", number::percent(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::LeftOutPicture;

    fn counted(classes: &[(&str, usize)]) -> Vec<Counted> {
        classes.iter().map(|(name, pictures)| ((*name).to_owned(), *pictures)).collect()
    }

    #[test]
    fn what_is_missing_is_said() {
        let obstacle = |classes: &[(&str, usize)]| obstacle(&counted(classes)).unwrap_or_default();
        assert!(obstacle(&[]).starts_with("Give two classes some pictures"));
        assert!(obstacle(&[("cat", 3), ("dog", 0)]).starts_with("Give two classes some pictures"));
        assert!(obstacle(&[("cat", 3), (" ", 1)]).starts_with("A class has no name"));
        assert!(obstacle(&[("cat", 3), ("dog", 1), ("cat ", 1)]).starts_with("Two classes are called cat."));
        // A class without pictures is in nobody's way.
        assert_eq!(obstacle(&[("cat", 3), ("dog", 1), ("", 0), ("cat", 0)]), "");
        let mut others = ["cat", "dog"].into_iter();
        assert_eq!(name_trouble("dog ", others.by_ref()), Some("Another class has this name."));
        assert_eq!(name_trouble("  ", ["cat"].into_iter()), Some("Give this class a name."));
        assert_eq!(name_trouble("owl", ["cat"].into_iter()), None);
    }

    #[test]
    fn classes_with_few_pictures_are_named() {
        let few = small(&counted(&[("cat", 5), ("owl", 1), ("fox", 0), ("dog", 2)]));
        let expected =
            "owl has 1 picture, fox has no picture, dog has 2 pictures. 5 or more for each class are better.";
        assert_eq!(few.as_deref(), Some(expected));
        assert_eq!(small(&counted(&[("cat", 5), ("dog", 40)])), None);
    }

    #[test]
    fn how_many_it_would_recognise() {
        let left_out = |right: [bool; 3]| {
            let picture = |is_right| LeftOutPicture { picture: 1, answer: 0, probability: 0.9, is_right };
            let left_out = right.map(picture).to_vec();
            Learned { lesson: 1, network: 6, base: 0, l2: 0.1, left_out, features_ms: 1.0, learn_ms: 1.0 }
        };
        let text = outcome(&left_out([true, false, true]));
        assert_eq!(text, "2 of 3 of your pictures are recognised when it learns from the others.");
        let text = outcome(&left_out([true; 3]));
        assert_eq!(text, "All 3 of your pictures are recognised when it learns from the others.");
    }
}
