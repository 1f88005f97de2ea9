//! What the load of a network does for this repository's page: it brings the network to its device while its file arrives, and keeps the
//! file's hash.

use std::rc::Rc;

use super::Loading;
use super::find::Found;
use crate::Error;
use crate::classifier::{DeviceOf, Model};
use crate::cpu::CpuError;
use crate::gpu::GpuError;
use crate::protocol::{Choice, Event, LoadFailure, LoadStatus, Setting};
use crate::session::host::Host;
use crate::session::pass::load_step;

/// A classifier, and what it was built for.
pub(super) struct Built<H: Host> {
    classifier: Rc<H::Classifier>,
    setting: Setting,
}

impl<H: Host> Loading<H> {
    /// Brings the network to its device while its file arrives. `None` where there is no device for it: then the page only
    /// draws it.
    pub(super) async fn build(&self, model: &Model, found: &Found) -> Result<Option<Built<H>>, LoadFailure> {
        let session = &self.session;
        let index = found.index.unwrap_or_else(|| session.networks.len());
        let Some(choice) = session.choice.borrow().clone() else { return Ok(None) };
        // This choice counts, whatever is chosen while it loads. Every network begins with f32 weights.
        let weight_dtype = Default::default();
        let choice = Choice { network: index, config: model.config().clone(), weight_dtype, ..choice };
        let progress = |progress| {
            // While it is downloaded, the progress of the download is shown.
            if found.download.is_none() {
                self.tell(LoadStatus::Building(load_step(progress)));
            }
        };
        loop {
            let setting = session.device.setting(&choice);
            let device = session.device_for(setting.backend).await;
            // Meanwhile it may be known that there is no GPU, or only an emulated one.
            if setting != session.device.setting(&choice) {
                continue;
            }
            let Ok(device) = device else { return Ok(None) };
            // A GPU's first run takes longer than the others. On the CPU it is the answer's time again.
            let warm_up = matches!(device, DeviceOf::Gpu(_));
            match session.host.load(&device, model, &setting, warm_up, &progress).await {
                Ok(classifier) => return Ok(Some(Built { classifier: Rc::new(classifier), setting })),
                // It is brought to the device that comes next, or to the CPU.
                Err(Error::Gpu(error)) if error.is_lost() => {
                    if let DeviceOf::Gpu(gpu) = &device
                        && session.device.gpu().is_some_and(|now| Rc::ptr_eq(&now, gpu))
                    {
                        session.device_lost(matches!(error, GpuError::Hung { .. }));
                    }
                }
                Err(Error::Cpu(CpuError::Cores(why))) => session.cores_failed(why),
                Err(error) if session.make_room(&setting, &error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The file with its SHA-256.
    pub(super) async fn hashed(&self, mut found: Found) -> Found {
        found.weights.sha256 = match found.download.as_ref().and_then(|download| download.sha256()) {
            None => self.session.host.sha256(&*found.source).await,
            known => known,
        };
        found
    }

    /// Offers what was built to the pass that follows.
    pub(super) fn offer(&self, built: Option<Built<H>>) {
        let Some(Built { classifier, setting }) = built else { return };
        let bytes = self.session.host.bytes(&classifier);
        self.session.emit(Event::Memory { setting: setting.clone(), bytes });
        self.session.pass.offer(setting, classifier);
    }
}
