//! What a network got right and wrong of the test pictures: counts, how sure a share of so few is, and the sentences.

use super::number;
use crate::protocol::Evaluation;
use crate::zoo::test_set::{CLASSES, PICTURES};

/// Test pictures by what they show and by what they were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// By truth, then by answer.
    pub counts: [[usize; CLASSES.len()]; CLASSES.len()],
}

impl Confusion {
    /// From the class and the answer of each picture.
    pub fn new(pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut confusion = Self::default();
        for (truth, answer) in pairs {
            // An answer that is none of the classes is for the caller to refuse; here it is left out.
            if let Some(count) = confusion.counts.get_mut(truth).and_then(|row| row.get_mut(answer)) {
                *count += 1;
            }
        }
        confusion
    }

    /// From the answers so far.
    pub fn of_evaluation(evaluation: &Evaluation) -> Self {
        Self::new(evaluation.answers.iter().map(|(item, answer)| (item.class, *answer)))
    }

    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    pub fn right(&self) -> usize {
        (0..CLASSES.len()).map(|class| self.counts[class][class]).sum()
    }

    /// Pictures of a class.
    pub fn of(&self, truth: usize) -> usize {
        self.counts[truth].iter().sum()
    }

    /// The matrix as a table. Text for the browser's own parser: a hundred cells are cheaper so, and none of it is a
    /// stranger's.
    pub fn html(&self) -> String {
        let mut html = "<table id=confusion><caption>Each row is what pictures show, each column what they were named\
                        <thead><tr><td>"
            .to_owned();
        for class in CLASSES {
            html += &format!("<th scope=col><span>{class}</span>");
        }
        html += "<tbody>";
        for (truth, row) in self.counts.iter().enumerate() {
            html += &format!("<tr><th scope=row>{}", CLASSES[truth]);
            for (answer, &count) in row.iter().enumerate() {
                let words = if count == 0 { String::new() } else { count.to_string() };
                html += &format!("<td class='{}'>{words}", shade(count, self.of(truth), answer == truth));
            }
        }
        html + "</table>"
    }

    pub fn score(&self) -> Score {
        Score { right: self.right(), total: self.total() }
    }
}

/// The class of a cell of the matrix: errors dark, so that they stand out; the diagonal pale, and paler where more of its
/// row went wrong. `of` is the number of pictures in the row.
pub fn shade(count: usize, of: usize, right: bool) -> &'static str {
    match (count, right) {
        (0, _) => "",
        (_, true) if 10 * count >= 9 * of => "good most",
        (_, true) if 10 * count >= 7 * of => "good many",
        (_, true) => "good",
        (1, _) => "bad",
        (2, _) => "bad many",
        _ => "bad most",
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    pub right: usize,
    pub total: usize,
}

impl Score {
    /// The share that is right, and its standard error; nothing of no pictures.
    pub fn share(self) -> Option<(f64, f64)> {
        let total = self.total as f64;
        let share = self.right as f64 / total;
        (self.total > 0).then(|| (share, (share * (1.0 - share) / total).sqrt()))
    }

    /// `183 of 200 right`; before the first, how many there will be.
    pub fn counted(self) -> String {
        match self.total {
            0 => format!("– of {PICTURES} right"),
            total => format!("{} of {total} right", self.right),
        }
    }

    /// `91.5 % (±2.0 % at this sample size)`. Where all or none are right the formula gives no error, so none is told.
    pub fn percent(self) -> String {
        match self.share() {
            None => String::new(),
            Some((share, error)) if error > 0.0 => {
                format!("{} (±{} at this sample size)", number::percent(share), number::percent(error))
            }
            Some((share, _)) => number::percent(share),
        }
    }

    /// What the network's file states of the whole test set, and whether this sample speaks against it.
    pub fn beside(self, stated: Option<f64>) -> String {
        let Some(stated) = stated else { return "Its file states no accuracy.".into() };
        let words = format!("Its file states {} for the whole test set", number::accuracy(stated));
        match self.share() {
            Some((share, error)) if (share - stated).abs() <= 2.0 * error => {
                format!("{words}: so small a sample cannot tell the two apart.")
            }
            Some((_, error)) if error > 0.0 => {
                format!("{words}: more than chance alone puts between them.")
            }
            _ => format!("{words}."),
        }
    }
}

/// Why accuracy cannot be measured, or nothing where it can. `labels` are the network's names of its classes.
pub fn obstacle(trained: bool, labels: Option<&[String]>, classes: usize) -> Option<Obstacle> {
    match labels {
        // Said first: no stop of such a network helps.
        _ if classes == 1000 => Some(Obstacle::Imagenet),
        _ if !trained => Some(Obstacle::Untrained),
        Some(labels) if labels == CLASSES => None,
        Some(_) => Some(Obstacle::OtherClasses),
        None => Some(Obstacle::NoNames),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Untrained,
    Imagenet,
    OtherClasses,
    NoNames,
    /// Told by the page, which knows of devices.
    NoGpu,
}

impl Obstacle {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Untrained => {
                "This network is untrained: it names nothing, so there is nothing to count. \
                 Turn to a stop marked “trained”, of a network for CIFAR-10."
            }
            Self::Imagenet => {
                "This network names ImageNet's thousand classes, and ImageNet's pictures may not be shipped, so there is \
                 nothing here to measure it on. Networks for CIFAR-10 can be measured."
            }
            Self::OtherClasses => {
                "This network names other things than CIFAR-10's ten classes, and no others have test pictures here."
            }
            Self::NoGpu => "There is no GPU here to run the test pictures on. The CPU can.",
            Self::NoNames => {
                "This network's file does not name its classes, so its answers cannot be compared with the truth. \
                 Networks that name CIFAR-10's ten can be measured."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_truth_and_answer() {
        let confusion = Confusion::new([(3, 3), (3, 5), (3, 5), (9, 9), (3, 10), (11, 0)]);
        assert_eq!(confusion.counts[3][5], 2);
        assert_eq!((confusion.right(), confusion.total(), confusion.of(3), confusion.of(0)), (2, 4, 3, 0));
    }

    #[test]
    fn shades_tell_right_from_wrong_and_few_from_many() {
        assert_eq!([0, 5, 14, 18].map(|count| shade(count, 20, true)), ["", "good", "good many", "good most"]);
        assert_eq!([0, 1, 2, 9].map(|count| shade(count, 20, false)), ["", "bad", "bad many", "bad most"]);
    }

    #[test]
    fn the_table_has_heads_and_leaves_zeros_out() {
        let html = Confusion::new([(0, 0), (0, 9), (0, 9)]).html();
        assert_eq!((html.matches("<th scope=col>").count(), html.matches("<th scope=row>").count()), (10, 10));
        assert_eq!(html.matches("<td class=''>").count(), 98);
        assert!(html.contains("<th scope=row>airplane<td class='good'>1<td"), "{html}");
        assert!(html.contains("<td class='bad many'>2<tr>"), "{html}");
    }

    #[test]
    fn a_share_has_its_standard_error() {
        let score = Score { right: 183, total: 200 };
        let (share, error) = score.share().expect("pictures");
        assert!((share - 0.915).abs() < 1e-12 && (error - 0.019_719).abs() < 1e-6, "{error}");
        assert_eq!(score.counted(), "183 of 200 right");
        assert_eq!(score.percent(), "91.5 % (±2.0 % at this sample size)");
        assert_eq!(Score { right: 0, total: 0 }.counted(), "– of 200 right");
        assert_eq!(Score { right: 20, total: 20 }.percent(), "100.0 %");
    }

    #[test]
    fn what_the_file_states_is_compared_with_care() {
        let score = Score { right: 183, total: 200 };
        assert!(score.beside(Some(0.9105)).starts_with("Its file states 91.05 %") && score.share().is_some());
        assert!(score.beside(Some(0.9105)).ends_with("cannot tell the two apart."));
        assert!(score.beside(Some(0.86)).ends_with("more than chance alone puts between them."));
        assert!(score.beside(None).contains("no accuracy"));
        assert!(Score { right: 0, total: 0 }.beside(Some(0.9)).ends_with("for the whole test set."));
    }

    #[test]
    fn only_trained_networks_with_the_ten_names_are_measured() {
        let ten = CLASSES.map(str::to_owned);
        let mut turned = ten.clone();
        turned.swap(0, 1);
        assert_eq!(obstacle(true, Some(&ten), 10), None);
        assert_eq!(obstacle(false, Some(&ten), 10), Some(Obstacle::Untrained));
        assert_eq!(obstacle(true, Some(&turned), 10), Some(Obstacle::OtherClasses));
        assert_eq!(obstacle(true, None, 10), Some(Obstacle::NoNames));
        assert_eq!(obstacle(false, None, 1000), Some(Obstacle::Imagenet));
        assert_eq!(obstacle(true, None, 1000), Some(Obstacle::Imagenet));
        assert!(Obstacle::Imagenet.words().contains("may not be shipped"));
    }
}
