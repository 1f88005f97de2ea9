//! Saves the network of the choice as a safetensors file, with its class names and its preprocessing.

use crate::Error;
use crate::classifier::Model;
use crate::plan::GpuDtype;
use crate::protocol::{Event, Notice};
use crate::session::host::Host;
use crate::session::state::Session;
use crate::weights::{Metadata, SavedFile};

impl<H: Host> Session<H> {
    /// Writes the file of the network that is on the device; a newer request replaces one under way.
    pub(in crate::session) fn save(&self, dtype: GpuDtype) {
        let ready = self.pass.ready.borrow().clone().filter(|(of, _)| Some(of) == self.setting().as_ref());
        let Some((setting, classifier)) = ready else { return };
        let model = self.host.model(&classifier).clone();
        let network = self.networks.get(setting.network);
        let session = self.clone();
        self.begin(&self.saving, async move {
            let title = model.config().title();
            let labels = network.and_then(|network| network.labels);
            match session.saved(&model, labels, dtype).await {
                Ok(file) => session.host.emit_file(Event::Saved { name: file_name(&title, dtype) }, &file, &[]),
                Err(reason) => session.notice(Notice::NotSaved { title, reason }),
            }
        });
    }

    /// # Errors
    /// Why the weights cannot be read or written, as a sentence.
    async fn saved(&self, model: &Model, labels: Option<Vec<String>>, dtype: GpuDtype) -> Result<H::File, String> {
        let say = |error: crate::weights::WeightError| Error::from(error).to_string();
        let usual = || Metadata::usual(model.config());
        let mut metadata = model.metadata().cloned().unwrap_or_else(usual);
        // The names on the page may have come from beside the file.
        metadata.classes = labels.filter(|labels| model.is_trained() && labels.len() == model.config().num_answers());
        let mut saved = SavedFile::new(model.config(), &metadata, dtype == GpuDtype::F16).map_err(say)?;
        let mut parts = vec![self.host.file(saved.header())?];
        while let Some(bytes) = saved.next_part(model).await.map_err(say)? {
            parts.push(self.host.file(&bytes)?);
            self.host.turn().await;
        }
        self.host.join(&parts)
    }
}

/// `ResNeXt-50 32×4d` in f16 is `resnext-50_32x4d_f16.safetensors`.
pub(crate) fn file_name(title: &str, dtype: GpuDtype) -> String {
    let character = |character: char| match character {
        '×' => 'x',
        character if character.is_ascii_alphanumeric() || character == '-' => character.to_ascii_lowercase(),
        _ => '_',
    };
    format!("{}_{dtype}.safetensors", title.chars().map(character).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_their_network() {
        assert_eq!(file_name("ResNeXt-50 32×4d", GpuDtype::F16), "resnext-50_32x4d_f16.safetensors");
    }
}
