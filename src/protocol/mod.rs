//! The messages between the page and its worker: commands go in, events come out. Both are plain data that can be printed. They
//! cross between the threads as JSON; a message carries a file or a buffer beside its JSON where one is needed.
//!
//! Nothing here has a version: both ends ship together.

mod choice;
mod command;
mod cores;
mod event;
mod forms;
mod group;
mod laboratory;
mod live;
mod look;
#[cfg(feature = "package")]
mod package;
mod race;
mod result;
mod self_check;
mod teach;
mod work;

pub use choice::{Adapter, Backend, Choice, GpuState, MissingGpu, Setting};
pub use command::{Command, Credit, Description, Origin, PictureRequest, PictureSource, Start};
pub use cores::CoreCounts;
pub use event::{Event, Notice};
pub use forms::{FormRuns, Forms};
pub use group::{GROUP_CHANNELS, Group, GroupLook, GroupSizes};
pub use laboratory::{Agreement, DRIFT_MS, LabStop, Laboratory, OUTLIER};
pub use live::Frame;
pub use look::{ClassActivation, Looks, OCCLUSION_SIDE, Occlusion};
#[cfg(feature = "package")]
pub use package::{Question, Reply, ReplyOutcome, Report, Request, Seen, SeenMaps};
pub use race::{
    KeptRace, OwnPicture, OwnPictures, OwnProblem, RaceCommand, RaceCourse, RaceData, RaceEvent, RaceFacts, RaceLook,
    RacePace, RaceSetup, RaceStage, RaceTest,
};
pub use result::{Answer, Evaluation, KernelTuning, Picture, Profile, StepProfile, Timed};
pub use self_check::SelfCheck;
pub use teach::{Learned, LeftOutPicture, Lesson, LessonClass, Teaching};
pub use work::{Load, LoadFailure, LoadProblem, LoadStatus, LoadStep, Work};

pub use crate::store::{CachedFile, DownloadProgress};
