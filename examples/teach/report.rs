//! What was learned, as text and as JSON.

use std::fmt;
use std::path::PathBuf;

use cardinal::teach::{LeftOut, SUGGESTED_PICTURES};
use serde_json::{Value, json};

use super::pictures::Picture;

/// What was learned.
pub struct Report {
    pub classes: Vec<String>,
    pub pictures: Vec<Picture>,
    /// What each picture is taken for by a head that has learned from all others.
    pub left_out: Vec<LeftOut>,
    /// Classes with few pictures, with how many they have.
    pub small: Vec<(usize, usize)>,
    pub l2: f64,
    /// What learning took: the choice of the L2, the head, and all pictures left out in turn.
    pub ms: f64,
    /// What the network took before that.
    pub features_ms: f64,
    pub backend: &'static str,
    pub adapter: Value,
    pub out: PathBuf,
}

impl Report {
    /// The report for programs.
    pub fn json(&self) -> Value {
        let wrong: Vec<Value> = self
            .wrong()
            .map(|(picture, left_out)| {
                json!({
                    "picture": picture.path,
                    "class": self.classes[picture.class],
                    "taken_for": self.classes[left_out.answer],
                    "probability": left_out.probability,
                })
            })
            .collect();
        let small: Vec<&String> = self.small.iter().map(|&(class, _)| &self.classes[class]).collect();
        json!({
            "classes": self.classes,
            "pictures": self.counts(),
            "leave_one_out": self.right() as f64 / self.pictures.len() as f64,
            "l2": self.l2,
            "ms": self.ms,
            "features_ms": self.features_ms,
            "wrong": wrong,
            "few_pictures": small,
            "backend": self.backend,
            "adapter": self.adapter,
        })
    }

    /// How the head was made, for the file.
    pub fn recipe(&self) -> String {
        format!(
            "fc by multinomial logistic regression on {} pictures of {} classes, L2 {:.2e}, leave-one-out {} of {}",
            self.pictures.len(),
            self.classes.len(),
            self.l2,
            self.right(),
            self.pictures.len()
        )
    }

    /// Pictures of each class.
    fn counts(&self) -> Vec<usize> {
        let of = |class: usize| self.pictures.iter().filter(|picture| picture.class == class).count();
        (0..self.classes.len()).map(of).collect()
    }

    fn right(&self) -> usize {
        self.left_out.iter().filter(|left_out| left_out.is_right).count()
    }

    fn wrong(&self) -> impl Iterator<Item = (&Picture, &LeftOut)> {
        self.pictures.iter().zip(&self.left_out).filter(|(_, left_out)| !left_out.is_right)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, count) in self.classes.iter().zip(self.counts()) {
            writeln!(f, "{class}: {count} pictures")?;
        }
        for &(class, count) in &self.small {
            let class = &self.classes[class];
            writeln!(f, "{class} has few pictures ({count}): {SUGGESTED_PICTURES} or more are better")?;
        }
        let (right, all) = (self.right(), self.pictures.len());
        let share = 100.0 * right as f64 / all as f64;
        writeln!(f, "leave-one-out: {right} of {all} right ({share:.1} %), with L2 {:.2e}", self.l2)?;
        for (picture, left_out) in self.wrong() {
            let (class, answer) = (&self.classes[picture.class], &self.classes[left_out.answer]);
            let share = 100.0 * left_out.probability;
            writeln!(f, "  {}: {class}, taken for {answer} ({share:.0} %)", picture.path.display())?;
        }
        writeln!(f, "{:.0} ms for the features, {:.0} ms to learn", self.features_ms, self.ms)?;
        write!(f, "{}: the network with its new fc", self.out.display())
    }
}
