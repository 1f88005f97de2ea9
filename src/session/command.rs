//! What each command of this repository's page does.

use super::host::Host;
use super::state::Session;
use crate::protocol::Command;
use crate::zoo;

impl<H: Host> Session<H> {
    /// Does what a command asks; `file` and `frame` are what its message carried. Returns at once: what takes time reports by events.
    pub fn command(&self, command: Command, file: Option<H::File>, frame: Option<H::Frame>) {
        match command {
            Command::Start(start) => {
                // At the indices that they have on the page.
                let networks = zoo::offers().into_iter().chain(start.brought.iter().cloned()).collect();
                self.start(start, networks);
                self.list_files();
            }
            Command::Drawn => self.page_drawn(),
            Command::Choose(choice) => self.choose(choice),
            Command::Picture(request) => self.take_picture(request, file),
            Command::Live(is_on) => self.turn_live(is_on),
            Command::Frame(request) => self.take_frame(request, frame),
            Command::Load(origin) => self.begin_load(origin, file),
            Command::Describe(description) => self.describe(description),
            Command::CancelLoad => self.cancel_load(),
            Command::RetryLoad => self.retry_load(),
            Command::ListFiles => self.list_files(),
            Command::RemoveFile { network, url } => self.remove_file(network, url),
            Command::Evaluate(true) => self.evaluate(),
            Command::Evaluate(false) => self.stop_evaluating(),
            Command::Look(looks) => self.look_at(looks),
            Command::Tune => self.tune_again(),
            Command::SelfCheck => self.check_again(),
            Command::Time(settings) => self.time_too(settings),
            Command::Measure(laboratory) => self.measure(laboratory),
            Command::StopMeasuring => self.end_measuring(),
            Command::Hidden(is_hidden) => self.page_hidden(is_hidden),
            Command::TeachPicture(id) => self.take_teach_picture(id, file),
            Command::Teach(lesson) => self.take_lesson(lesson),
            Command::Save(dtype) => self.save(dtype),
            Command::FindGpu => self.find_gpu(),
            Command::TryAgain => self.try_again(),
        }
    }
}
