//! What each request of another page does.

use super::host::Host;
use super::state::Session;
use crate::plan::{GpuDtype, PlanKind};
use crate::protocol::{Backend, Choice, Request, Start, Work};
use crate::zoo;

impl<H: Host> Session<H> {
    /// Does what another page asks; `file` and `frame` are what its message carried. Returns at once: what takes time reports by
    /// events.
    pub fn request(&self, request: Request, file: Option<H::File>, frame: Option<H::Frame>) {
        match request {
            Request::Start { hub, labels, page_has_webgpu } => {
                self.start(Start { hub, labels, page_has_webgpu, ..Start::default() }, zoo::hosted());
                // Nothing of Cardinal's is to be drawn first.
                self.page_drawn();
            }
            Request::Load(origin) => self.begin_load(origin, file),
            Request::Use { network, backend } => self.use_network(network, backend),
            Request::Ask(question) => self.take_question(question, file, frame),
            Request::TeachPicture(id) => self.take_teach_picture(id, file),
            Request::Teach(lesson) => self.take_lesson(lesson),
            Request::StopTeaching => self.stop_teaching(),
            Request::SelfCheck => self.check_again(),
            Request::TryAgain => {
                // What fails again is told again.
                self.work.replace((Work::Starting, 0.0));
                self.try_again();
            }
        }
    }

    fn use_network(&self, network: usize, backend: Option<Backend>) {
        let Some(known) = self.networks.get(network) else { return };
        self.choose(Choice {
            network,
            config: known.config,
            backend,
            plan: PlanKind::Fused,
            weight_dtype: GpuDtype::F32,
            cores: None,
            runs: 0,
            measure: false,
            stops: Vec::new(),
        });
    }
}
