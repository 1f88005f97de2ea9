//! What a network got right and wrong among the test pictures: counts, the standard error of the accuracy, and the sentences.

use super::number;
use crate::protocol::Evaluation;
use crate::zoo::cifar10::{CLASSES, TEST};

/// Test pictures by their class and by the class that a network gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Number of pictures, by true class, then by predicted class.
    pub counts: [[usize; CLASSES.len()]; CLASSES.len()],
}

impl Confusion {
    /// From the true class and the predicted class of each picture.
    pub fn new(pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut confusion = Self::default();
        for (truth, answer) in pairs {
            // The caller refuses an answer that is none of the classes; here it is left out.
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

    /// Number of pictures that have an answer.
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Number of pictures whose answer is their class.
    pub fn right(&self) -> usize {
        (0..CLASSES.len()).map(|class| self.counts[class][class]).sum()
    }

    /// Number of pictures of a class that have an answer.
    pub fn of(&self, truth: usize) -> usize {
        self.counts[truth].iter().sum()
    }

    /// The cells of a row, by answer: the count, empty where it is zero, and its class.
    pub fn row(&self, truth: usize) -> [(String, &'static str); CLASSES.len()] {
        std::array::from_fn(|answer| {
            let count = self.counts[truth][answer];
            let text = if count == 0 { String::new() } else { count.to_string() };
            (text, shade(count, self.of(truth), answer == truth))
        })
    }

    /// The sums of the matrix: correct answers of all answers.
    pub fn score(&self) -> Score {
        Score { right: self.right(), total: self.total() }
    }
}

/// The CSS class of a cell of the matrix: errors dark, so that they stand out; the diagonal pale, and paler where more of its
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

/// How many pictures were classified correctly, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Number of correct answers.
    pub right: usize,
    /// Number of answers.
    pub total: usize,
}

impl Score {
    /// The share that is right, and its standard error, from 0 to 1; `None` without pictures.
    pub fn share(self) -> Option<(f64, f64)> {
        let total = self.total as f64;
        let share = self.right as f64 / total;
        (self.total > 0).then(|| (share, (share * (1.0 - share) / total).sqrt()))
    }

    /// `183 of 200 right`; before the first, how many there will be.
    pub fn counted(self) -> String {
        match self.total {
            0 => format!("– of {} right", TEST.pictures),
            total => format!("{} of {total} right", self.right),
        }
    }

    /// `91.5 % (±2.0 % at this sample size)`. Where all or none are right the formula gives no error, so none is shown.
    pub fn percent(self) -> String {
        match self.share() {
            None => String::new(),
            Some((share, error)) if error > 0.0 => {
                format!("{} (±{} at this sample size)", number::percent(share), number::percent(error))
            }
            Some((share, _)) => number::percent(share),
        }
    }

    /// The accuracy that the network's file states for the whole test set, and whether this sample contradicts it.
    pub fn beside(self, stated: Option<f64>) -> String {
        let Some(stated) = stated else { return "Its file states no accuracy.".into() };
        let words = format!("Its file states {} for the whole test set", number::accuracy(stated));
        match self.share() {
            Some((share, error)) if (share - stated).abs() <= 2.0 * error => {
                format!("{words}: a difference this small is within the sampling error.")
            }
            Some((_, error)) if error > 0.0 => {
                format!("{words}: the difference is larger than the sampling error explains.")
            }
            _ => format!("{words}."),
        }
    }
}

/// Why accuracy cannot be measured, or `None` where it can. `labels` are the network's names of its classes.
pub fn obstacle(trained: bool, labels: Option<&[String]>, classes: usize) -> Option<Obstacle> {
    match labels {
        // First: no other cardinality of such a network helps.
        _ if classes == 1000 => Some(Obstacle::Imagenet),
        _ if !trained => Some(Obstacle::Untrained),
        Some(labels) if labels == CLASSES => None,
        Some(_) => Some(Obstacle::OtherClasses),
        None if classes < 2 => Some(Obstacle::OtherClasses),
        None => Some(Obstacle::NoNames),
    }
}

/// Why accuracy cannot be measured on CIFAR-10's test pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The network has no trained weights.
    Untrained,
    /// The network has ImageNet's 1,000 classes.
    Imagenet,
    /// The network's classes are not CIFAR-10's ten in their order.
    OtherClasses,
    /// The network's file does not name its classes.
    NoNames,
    /// Found by the page, which knows the device.
    NoGpu,
}

impl Obstacle {
    /// The reason as sentences for the page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Untrained => {
                "This network is untrained and cannot recognise anything, so there is nothing to count. \
                 Choose a network for CIFAR-10 with trained weights."
            }
            Self::Imagenet => {
                "This network recognises ImageNet's 1,000 classes, and ImageNet's pictures may not be shipped, so there is \
                 nothing here to measure it on. Networks for CIFAR-10 can be measured."
            }
            Self::OtherClasses => {
                "This network recognises other classes than CIFAR-10's ten, and there are test pictures for those ten only."
            }
            Self::NoGpu => "There is no GPU here to run the test pictures on. The CPU can.",
            Self::NoNames => {
                "This network's file does not name its classes, so its answers cannot be compared with the true classes. \
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
    fn rows_leave_zeros_out() {
        let confusion = Confusion::new([(0, 0), (0, 9), (0, 9)]);
        let cells: Vec<_> = (0..CLASSES.len()).flat_map(|truth| confusion.row(truth)).collect();
        assert_eq!(cells.len(), 100);
        assert_eq!(cells.iter().filter(|(text, class)| text.is_empty() && class.is_empty()).count(), 98);
        assert_eq!(cells[0], ("1".to_owned(), "good"));
        assert_eq!(cells[9], ("2".to_owned(), "bad many"));
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
        assert!(score.beside(Some(0.9105)).ends_with("is within the sampling error."));
        assert!(score.beside(Some(0.86)).ends_with("larger than the sampling error explains."));
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
        assert_eq!(obstacle(true, None, 0), Some(Obstacle::OtherClasses), "without a head it has none");
        assert_eq!(obstacle(false, None, 1000), Some(Obstacle::Imagenet));
        assert_eq!(obstacle(true, None, 1000), Some(Obstacle::Imagenet));
        assert!(Obstacle::Imagenet.words().contains("may not be shipped"));
    }
}
