//! What each command does.

use super::host::Host;
use super::state::Session;
use crate::protocol::{Backend, Choice, Command, Start};

impl<H: Host> Session<H> {
    /// Does what a command asks; `file` is what came beside it. Returns at once: what takes time tells of itself by events.
    pub fn command(&self, command: Command, file: Option<H::File>) {
        match command {
            Command::Start(start) => self.start(start),
            Command::Drawn => self.page_drawn(),
            Command::Choose(choice) => self.choose(choice),
            Command::Picture(request) => self.take_picture(request, file),
            Command::Load(origin) => self.begin_load(origin, file),
            Command::CancelLoad => self.cancel_load(),
            Command::RetryLoad => self.retry_load(),
            Command::ListFiles => self.list_files(),
            Command::RemoveFile { network, url } => self.remove_file(network, url),
            Command::Evaluate(true) => self.evaluate(),
            Command::Evaluate(false) => self.stop_evaluating(),
            Command::Tune => self.tune_again(),
            Command::FindGpu => self.find_gpu(),
            Command::TryAgain => self.try_again(),
        }
    }

    fn start(&self, start: Start) {
        self.networks.begin(&start.brought);
        *self.start.borrow_mut() = start;
        self.find_gpu();
        self.list_files();
    }

    fn page_drawn(&self) {
        self.is_drawn.set(true);
        self.begin_compiling();
    }

    fn choose(&self, choice: Choice) {
        // The list is the page's too; a place that is not in it comes from nowhere.
        if self.networks.get(choice.network).is_none() {
            return;
        }
        *self.choice.borrow_mut() = Some(choice);
        self.begin_pass();
    }

    /// Another attempt after a failure, with a new device where there is none.
    fn try_again(&self) {
        let on_cpu = self.setting().is_some_and(|setting| setting.backend == Backend::Cpu);
        if on_cpu || self.device.gpu().is_some() { self.begin_pass() } else { self.find_gpu() }
    }
}
