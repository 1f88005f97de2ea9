//! A text that a maintainer can act on: browser, adapter, kernels, what the self-check found, the last errors. It has no picture, and
//! no address or name of a file of the visitor's.

use std::fmt;

use crate::kernels::table::VERSION;
use crate::protocol::{GpuState, KernelTuning, SelfCheck, Setting};
use crate::view::words;

/// What the text is made of.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    /// What the browser calls itself.
    pub browser: String,
    /// Threads that the processor runs at a time.
    pub threads: usize,
    /// Whether there is a GPU, and which.
    pub gpu: GpuState,
    /// What runs.
    pub setting: Setting,
    /// The GPU's kernels.
    pub tuned: Option<KernelTuning>,
    /// The last self-check.
    pub checked: Option<SelfCheck>,
    /// The last errors that the page has shown, oldest first.
    pub errors: Vec<String>,
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Cardinal {}, kernels {VERSION}", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "Browser: {}", self.browser)?;
        writeln!(f, "Processor: {} threads", self.threads)?;
        writeln!(f, "GPU: {}", words::gpu(&self.gpu))?;
        match &self.gpu {
            GpuState::Ready { adapter, too_large } => {
                for (name, value) in &adapter.facts {
                    writeln!(f, "  {name}: {value}")?;
                }
                for Setting { config, plan, weight_dtype, .. } in too_large {
                    writeln!(f, "  no memory for: {}, {plan}, {weight_dtype}", config.title())?;
                }
            }
            GpuState::Missing { text, .. } => writeln!(f, "  {text}")?,
            GpuState::Asking => {}
        }
        let Setting { config, plan, weight_dtype, .. } = &self.setting;
        writeln!(
            f,
            "Network: {}, {} classes, {plan}, {weight_dtype}, on {}",
            config.title(),
            config.num_classes,
            words::runs_on(&self.setting)
        )?;
        match &self.tuned {
            Some(KernelTuning { tuning, ms: Some(ms), .. }) => {
                writeln!(f, "Kernels: {tuning} (measured in {} ms)", *ms as u64)?
            }
            Some(KernelTuning { tuning, ms: None, .. }) => {
                writeln!(f, "Kernels: {tuning} (kept from an earlier visit)")?
            }
            None => writeln!(f, "Kernels: not measured")?,
        }
        match &self.checked {
            None => writeln!(f, "Self-check: none yet")?,
            Some(check) => self_check(f, check)?,
        }
        writeln!(f, "Last errors: {}", if self.errors.is_empty() { "none" } else { "" })?;
        self.errors.iter().try_for_each(|error| writeln!(f, "  {}", without_names(error)))
    }
}

/// A line for the check, and one for each kernel with its layers.
fn self_check(f: &mut fmt::Formatter<'_>, check: &SelfCheck) -> fmt::Result {
    let verdict = if check.failed().is_none() { "passed" } else { "FAILED" };
    writeln!(f, "Self-check: {verdict}, {} kernels in {} ms", check.kernels.len(), check.ms as u64)?;
    check.kernels.iter().try_for_each(|kernel| {
        let error = kernel.error.map_or("no number".into(), words::peak_share);
        let mark = if kernel.passed() { "" } else { " WRONG" };
        writeln!(f, "  {} {error}{mark}: {}", kernel.kernel, kernel.layers.join(" "))
    })
}

/// Endings of names of files that are dropped on the page.
const ENDINGS: [&str; 24] = [
    "avif",
    "bin",
    "bmp",
    "ckpt",
    "gif",
    "heic",
    "ico",
    "jpeg",
    "jpg",
    "json",
    "jxl",
    "mov",
    "mp4",
    "npz",
    "png",
    "pt",
    "pth",
    "safetensors",
    "svg",
    "tif",
    "tiff",
    "txt",
    "webm",
    "webp",
];

/// The text with `(address)` and `(file)` in the place of addresses and names of files. A name may have spaces, so what stands
/// before its ending goes with it, as far back as a sentence, a colon or a quotation begins.
fn without_names(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let ending = bare.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if word.contains("://") || word.contains("blob:") || word.contains("data:") {
            words.push("(address)");
        } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            let begins = words.iter().rposition(|word| word.ends_with(['.', ':', ';', ')'])).map_or(0, |last| last + 1);
            let quoted = words.iter().rposition(|word| word.starts_with(['“', '`', '"'])).unwrap_or(0);
            words.truncate(begins.max(quoted));
            words.push("(file)");
        } else {
            words.push(word);
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, KernelCheck, PlanKind};
    use crate::protocol::{Adapter, Backend};

    fn diagnostics() -> Diagnostics {
        let (plan, weight_dtype) = (PlanKind::Fused, GpuDtype::F32);
        let setting = Setting {
            network: 0,
            config: ResNextConfig::cifar(2, 8, 8),
            backend: Backend::WebGpu,
            plan,
            weight_dtype,
            cores: 0,
        };
        let check = |error| KernelCheck {
            kernel: "conv2d_grouped.stride_2".into(),
            layers: vec!["layer2.0.conv2".into(), "layer3.0.conv2".into()],
            error,
            limit: 1e-4,
        };
        let kernels = vec![check(Some(3.1e-7)), check(Some(0.25)), check(None)];
        let facts = vec![("shader-f16".into(), "yes".into())];
        let (name, backend) = ("Some Adapter".into(), "WebGPU".into());
        Diagnostics {
            browser: "A browser/1.0".into(),
            threads: 8,
            gpu: GpuState::Ready {
                adapter: Adapter { name, backend, software: false, timestamps: true, facts },
                too_large: vec![],
            },
            setting: setting.clone(),
            tuned: None,
            checked: Some(SelfCheck { setting, kernels, ms: 12.3 }),
            errors: vec![
                "my cat at home.JPG: neither a picture nor weights.".into(),
                "https://example.org/a/b?c=d could not be fetched. layer1.0.conv2.weight is missing.".into(),
            ],
        }
    }

    #[test]
    fn it_says_what_a_maintainer_needs() {
        let text = diagnostics().to_string();
        for line in [
            "Browser: A browser/1.0",
            "Processor: 8 threads",
            "GPU: WebGPU · Some Adapter",
            "  shader-f16: yes",
            "Network: ResNeXt-20 8×8d, 10 classes, fused, f32, on WebGPU",
            "Kernels: not measured",
            "Self-check: FAILED, 3 kernels in 12 ms",
            "  conv2d_grouped.stride_2 3.1e-7 of the peak: layer2.0.conv2 layer3.0.conv2",
            "  conv2d_grouped.stride_2 25.000 % of the peak WRONG: layer2.0.conv2 layer3.0.conv2",
            "  conv2d_grouped.stride_2 no number WRONG: layer2.0.conv2 layer3.0.conv2",
            "  (file) neither a picture nor weights.",
            "  (address) could not be fetched. layer1.0.conv2.weight is missing.",
        ] {
            assert!(text.lines().any(|known| known == line), "`{line}` in\n{text}");
        }
        assert!(!text.contains("cat") && !text.contains("example.org"), "{text}");
    }

    #[test]
    fn names_go_and_the_rest_stays() {
        for (told, kept) in [
            ("photo.png: too large", "(file) too large"),
            ("Not read. My net v2.pth is no archive.", "Not read. (file) is no archive."),
            ("`a b.safetensors`: 3 tensors are missing", "(file) 3 tensors are missing"),
            ("conv2d_direct took 3.5 s", "conv2d_direct took 3.5 s"),
            ("blob:https://example.org/1-2 is gone", "(address) is gone"),
        ] {
            assert_eq!(without_names(told), kept);
        }
    }
}
