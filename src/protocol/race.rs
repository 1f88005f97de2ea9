//! The messages of a race: two networks of one family and of different cardinality that learn side by side, in a worker of their own.

use serde::{Deserialize, Serialize};

use super::Backend;
use crate::model::ResNextConfig;

/// What two networks are trained with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaceSetup {
    /// The networks. Their number of classes is that of the pictures, once these are read.
    pub networks: [ResNextConfig; 2],
    /// What they learn from.
    pub data: RaceData,
    /// How often they see every picture.
    pub epochs: usize,
    /// Chooses the weights that both begin with, and the order, crops and flips of the pictures.
    pub seed: u64,
    /// What they are trained on.
    pub backend: Backend,
    /// When it was begun, as the page's clock writes it.
    pub begun: String,
}

/// What networks learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RaceData {
    /// The 5,000 pictures of CIFAR-10 that come with the page.
    Bundled,
    /// The pictures that the visitor brought.
    Own,
}

/// One of the visitor's pictures. The files of all of them lie one after the other in the file beside the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPicture {
    /// Its class: the name of its folder.
    pub class: String,
    /// The name of its file.
    pub name: String,
    /// Bytes of its file.
    pub bytes: u64,
}

/// What the page asks of the worker that trains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RaceCommand {
    /// Whether there is a race of an earlier visit; [`RaceEvent::Kept`] answers.
    Open,
    /// Pictures of the visitor's own, in place of those that were brought before. Their files are beside the message.
    Bring(Vec<OwnPicture>),
    /// An archive of CIFAR-10, in place of those. It is beside the message.
    Archive {
        /// The name of its file.
        name: String,
    },
    /// Begins a race, in place of the one under way.
    Begin(Box<RaceSetup>),
    /// Goes on with the race of an earlier visit, on this backend.
    Resume(Backend),
    /// Forgets the race of an earlier visit.
    Discard,
    /// Rests after the step under way.
    Pause,
    /// Goes on after that.
    GoOn,
    /// Ends the race where it is. The networks stay until another race begins.
    Stop,
    /// Writes the file of a network.
    Save {
        /// Which of the two.
        network: usize,
        /// Whether it is for the page, which takes it as its network; otherwise for the visitor's disk.
        for_page: bool,
    },
}

/// What the worker that trains tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RaceEvent {
    /// The race of an earlier visit, if there is one.
    Kept(Option<Box<KeptRace>>),
    /// The visitor's own pictures, as far as they are read.
    Own(OwnPictures),
    /// What is going on.
    Stage(RaceStage),
    /// Pictures and networks are there. Beside it the example pictures, `[examples, side, side, 3]`.
    Began(Box<RaceFacts>),
    /// The course of the race from a step on, in place of what was told of it.
    Course(RaceCourse),
    /// What the networks answer now. Beside it the weights of their first convolutions, f32: those of the first network, then
    /// those of the second.
    Look(RaceLook),
    /// A network as a file, which is beside it.
    Saved {
        /// The file's name.
        name: String,
        /// Whether it is for the page.
        for_page: bool,
    },
    /// The device was lost. The race goes on from this step, on the CPU until the device is there again.
    Lost {
        /// The step that was kept last.
        step: usize,
    },
    /// The race stays on the CPU, for this reason.
    OnCpu(String),
    /// Something beside the race failed, as a sentence: a state that cannot be kept, a file that cannot be written.
    Trouble(String),
}

/// A race of an earlier visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptRace {
    /// What it was begun with.
    pub setup: RaceSetup,
    /// The step that was reached.
    pub step: usize,
    /// What was known of it.
    pub facts: RaceFacts,
}

/// The visitor's own pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPictures {
    /// The classes, with the number of pictures to train on and to test on.
    pub classes: Vec<(String, usize, usize)>,
    /// How many pictures have still to be read.
    pub left: usize,
    /// Names of files that cannot be used, and why.
    pub refused: Vec<(String, String)>,
    /// Why no race can begin with them, once all are read.
    pub problem: Option<OwnProblem>,
}

/// Why the visitor's pictures are too few.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnProblem {
    /// Less than two classes.
    Classes,
    /// A class with less pictures than are needed for one to be kept for the test.
    Few(String),
}

/// What is going on in the worker that trains.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum RaceStage {
    /// Nothing.
    #[default]
    Idle,
    /// Pictures and networks are brought.
    Preparing,
    /// It trains.
    Running,
    /// It has timed its first steps, and rests, because what is left takes long: so many seconds.
    Asking(f64),
    /// It rests.
    Paused,
    /// It was ended before its last step.
    Stopped,
    /// It has done its last step.
    Done,
    /// It cannot go on, for this reason.
    Failed(String),
}

impl RaceStage {
    /// Its name as `data-stage`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Preparing => "preparing",
            Self::Running => "running",
            Self::Asking(_) => "asking",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Done => "done",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether a race is under way that can go on.
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Asking(_) | Self::Paused)
    }
}

/// What is known of a race from its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaceFacts {
    /// The name of the pictures.
    pub data: String,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// Pictures to train on.
    pub training_pictures: usize,
    /// Pictures to test on.
    pub test_pictures: usize,
    /// Side of a picture, in pixels.
    pub side: usize,
    /// Pictures per step.
    pub batch_size: usize,
    /// How often they see every picture.
    pub epochs: usize,
    /// Steps of each network in all.
    pub steps: usize,
    /// The networks, with as many classes as the pictures have.
    pub networks: [ResNextConfig; 2],
    /// Indices of test pictures whose answers are shown, and their classes.
    pub examples: Vec<(usize, usize)>,
}

/// The course of a race from a step on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RaceCourse {
    /// The number of steps before the first loss.
    pub from: usize,
    /// The loss of each step, before its update, per network.
    pub losses: [Vec<f32>; 2],
    /// The tests since then.
    pub tests: Vec<RaceTest>,
    /// How fast it goes, once that is known.
    pub pace: Option<RacePace>,
}

/// Both networks on all test pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaceTest {
    /// Steps that each had learned.
    pub step: usize,
    /// How many pictures each names correctly.
    pub right: [usize; 2],
    /// How many pictures there are.
    pub of: usize,
}

/// How fast a race goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RacePace {
    /// Milliseconds of a step of each network: the median of the last ones.
    pub step_ms: [f64; 2],
    /// Seconds until its end, tests included.
    pub left_s: f64,
}

/// What the networks answer at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaceLook {
    /// Steps that each had learned.
    pub step: usize,
    /// Of each network and each example, the class and its probability.
    pub guesses: [Vec<(usize, f32)>; 2],
    /// Filters of each network's first convolution, and their side in pixels.
    pub filters: [(usize, usize); 2],
}
