//! What each command does.

use super::host::Host;
use super::state::Session;
use crate::protocol::{Backend, Choice, Command, Start};

impl<H: Host> Session<H> {
    /// Does what a command asks; `file` and `frame` are what its message carried. Returns at once: what takes time reports by events.
    pub fn command(&self, command: Command, file: Option<H::File>, frame: Option<H::Frame>) {
        match command {
            Command::Start(start) => self.start(start),
            Command::Drawn => self.page_drawn(),
            Command::Choose(choice) => self.choose(choice),
            Command::Picture(request) => self.take_picture(request, file),
            Command::Live(is_on) => self.turn_live(is_on),
            Command::Frame(request) => self.take_frame(request, frame),
            #[cfg(feature = "package")]
            Command::Ask(question) => self.take_question(question, file, frame),
            Command::Load(origin) => self.begin_load(origin, file),
            Command::Describe(description) => self.describe(description),
            Command::CancelLoad => self.cancel_load(),
            Command::RetryLoad => self.retry_load(),
            #[cfg(feature = "page")]
            Command::ListFiles => self.list_files(),
            #[cfg(feature = "page")]
            Command::RemoveFile { network, url } => self.remove_file(network, url),
            #[cfg(feature = "page")]
            Command::Evaluate(true) => self.evaluate(),
            #[cfg(feature = "page")]
            Command::Evaluate(false) => self.stop_evaluating(),
            Command::Look(looks) => self.look_at(looks),
            #[cfg(feature = "page")]
            Command::Tune => self.tune_again(),
            Command::SelfCheck => self.check_again(),
            #[cfg(feature = "page")]
            Command::Time(settings) => self.time_too(settings),
            #[cfg(feature = "page")]
            Command::Measure(laboratory) => self.measure(laboratory),
            #[cfg(feature = "page")]
            Command::StopMeasuring => self.end_measuring(),
            #[cfg(feature = "page")]
            Command::Hidden(is_hidden) => self.page_hidden(is_hidden),
            Command::TeachPicture(id) => self.take_teach_picture(id, file),
            Command::Teach(lesson) => self.take_lesson(lesson),
            #[cfg(feature = "page")]
            Command::Save(dtype) => self.save(dtype),
            Command::FindGpu => self.find_gpu(),
            Command::TryAgain => self.try_again(),
        }
    }

    fn start(&self, start: Start) {
        #[cfg(feature = "page")]
        self.networks.begin(&start.brought);
        #[cfg(not(feature = "page"))]
        self.networks.begin(&[]);
        *self.start.borrow_mut() = start;
        self.find_gpu();
        #[cfg(feature = "page")]
        self.list_files();
    }

    fn page_drawn(&self) {
        self.is_drawn.set(true);
        self.begin_compiling();
    }

    fn choose(&self, choice: Choice) {
        // The page has the same list: an index outside of it is a mistake, and no reason to stop what runs.
        if self.networks.get(choice.network).is_none() {
            return;
        }
        *self.choice.borrow_mut() = Some(choice);
        self.begin_pass();
    }

    /// Tries again after a failure, with a new device where there is none.
    fn try_again(&self) {
        let on_cpu = self.setting().is_some_and(|setting| setting.backend == Backend::Cpu);
        if on_cpu || self.device.gpu().is_some() { self.begin_pass() } else { self.find_gpu() }
    }
}
