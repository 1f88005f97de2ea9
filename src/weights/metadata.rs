//! What does not follow from shapes: strides, class names, preprocessing, origin. They are read from `config`, a JSON string
//! in the file's metadata, or from a `config.json` beside the file.

use super::WeightError;
use super::config_reader::ConfigReader;
use super::infer::{Inferred, StatedRule};
use crate::image::{Interpolation, Preprocess};
use crate::model::{ResNextConfig, Stem, WidthRule};

/// PyTorch's default for `torch.nn.BatchNorm2d`.
pub const BN_EPS: f64 = 1e-5;

/// The largest input side that is accepted, in pixels; it keeps sizes of activations within 32 bits on wasm.
const MAX_INPUT_SIZE: usize = 2048;

/// What the network was trained on and how its pictures are prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// One name per class, in the order of the logits; of a network of one logit, the names of its two answers, the one for a
    /// sigmoid near 0 first.
    pub classes: Option<Vec<String>>,
    /// Side of the square input, in pixels.
    pub input_size: usize,
    /// Shorter side to which a picture is resized before the centre crop to `input_size`, in pixels.
    pub resize: usize,
    /// The filter of that resize.
    pub interpolation: Interpolation,
    /// Subtracted from each channel of a picture scaled to 0..1; one entry per input channel.
    pub mean: Vec<f32>,
    /// The divisor of each channel after that; one entry per input channel.
    pub std: Vec<f32>,
    /// Added to the running variance under batch norm's square root (`torch.nn.BatchNorm2d.eps`).
    pub bn_eps: f64,
    /// Name of the dataset that the network was trained on.
    pub dataset: Option<String>,
    /// Top-1 accuracy on the test set, 0 to 1.
    pub test_accuracy: Option<f64>,
    /// The licence of the weights.
    pub licence: Option<String>,
    /// Where the weights were first published.
    pub origin: Option<String>,
    /// How they were trained: `epochs 30, batch 128, …`.
    pub recipe: Option<String>,
    /// The date of the training, as the file writes it.
    pub date: Option<String>,
}

impl Metadata {
    /// The usual values of ImageNet (224 pixels out of 256) or CIFAR (32), by the stem.
    ///
    /// Grey networks get the mean over the three channels: there is no usual value for them.
    pub fn usual(config: &ResNextConfig) -> Self {
        Self::usual_for(config.stem, config.in_channels)
    }

    fn usual_for(stem: Stem, in_channels: usize) -> Self {
        let input_size = stem.default_input_size();
        let usual = match stem {
            Stem::Imagenet => Preprocess::imagenet(),
            Stem::Cifar => Preprocess::cifar10(),
        };
        let channels = |values: Vec<f32>| match in_channels {
            3 => values,
            n => vec![values.iter().sum::<f32>() / 3.0; n],
        };
        Self {
            classes: None,
            input_size,
            resize: usual_resize(stem, input_size),
            interpolation: usual.interpolation,
            mean: channels(usual.mean),
            std: channels(usual.std),
            bn_eps: BN_EPS,
            dataset: None,
            test_accuracy: None,
            licence: None,
            origin: None,
            recipe: None,
            date: None,
        }
    }
}

/// ImageNet's networks read the middle 7/8 of a picture's shorter side (224 of 256), CIFAR's all of it.
fn usual_resize(stem: Stem, input_size: usize) -> usize {
    match stem {
        Stem::Imagenet => input_size * 8 / 7,
        Stem::Cifar => input_size,
    }
}

/// The configuration and the metadata of a file: from the shapes first, then from its `config`, then the usual values.
pub(super) fn complete(inferred: &Inferred, fields: &ConfigReader) -> Result<(ResNextConfig, Metadata), WeightError> {
    // Tensors that do not make a network are reported before any error in the metadata.
    inferred.config(inferred.usual_strides(), None, None)?;
    refuse_contradictions(inferred, fields)?;
    let config = stated_config(inferred, fields)?;
    let metadata = stated_metadata(fields, &config)?;
    Ok((config, metadata))
}

/// Refuses a file whose `config` contradicts the shapes.
fn refuse_contradictions(inferred: &Inferred, fields: &ConfigReader) -> Result<(), WeightError> {
    if let Some(architecture) = fields.string("architecture")?
        && !architecture.to_ascii_lowercase().contains("resne")
    {
        return Err(fields.wrong("architecture", "resnext or a name of its family"));
    }
    refuse_architectures(fields)?;
    fields.agree("blocks", fields.sizes("blocks")?, &inferred.blocks)?;
    fields.agree("out_channels", fields.sizes("out_channels")?, &inferred.out_channels)?;
    match inferred.planes() {
        Some(planes) => fields.agree("planes", fields.sizes("planes")?, &planes)?,
        None if fields.sizes("planes")?.is_some() => {
            let outputs = format!("{:?} output channels, which are not four times any planes", inferred.out_channels);
            return Err(fields.contradiction("planes", outputs));
        }
        None => {}
    }
    fields.agree("widths", fields.sizes("widths")?, &inferred.widths)?;
    cardinality_agrees(inferred, fields)?;
    // A description often is that of the whole network, where the file has only the part that computes features.
    if inferred.num_classes > 0 {
        fields.agree("num_classes", fields.size("num_classes")?, &inferred.num_classes)?;
    }
    fields.agree("in_channels", fields.size("in_channels")?, &inferred.in_channels)?;
    fields.agree("stem_channels", fields.size("stem_channels")?, &inferred.stem_channels)?;
    fields.agree("conv_bias", fields.boolean("conv_bias")?, &inferred.conv_bias)?;
    let stem = fields.choice("stem", &[("imagenet", Stem::Imagenet), ("cifar", Stem::Cifar)])?;
    fields.agree("stem", stem, &inferred.stem)
}

/// The stated cardinality is one number for all stages, or one per stage.
fn cardinality_agrees(inferred: &Inferred, fields: &ConfigReader) -> Result<(), WeightError> {
    if fields.get("cardinality").is_some_and(serde_json::Value::is_array) {
        return fields.agree("cardinality", fields.sizes("cardinality")?, &inferred.groups);
    }
    match inferred.cardinality() {
        Some(cardinality) => fields.agree("cardinality", fields.size("cardinality")?, &cardinality),
        None if fields.size("cardinality")?.is_some() => {
            Err(fields.contradiction("cardinality", format!("{:?}, stage by stage", inferred.groups)))
        }
        None => Ok(()),
    }
}

/// Refuses relatives that compute something else and leave no tensor that says so.
fn refuse_architectures(fields: &ConfigReader) -> Result<(), WeightError> {
    let name = fields.string("architecture")?.unwrap_or_default().to_ascii_lowercase();
    if !["netaa", "nextaa", "blur", "antialias", "lpf"].iter().any(|part| name.contains(part)) {
        return Ok(());
    }
    Err(WeightError::Unsupported {
        what: "an anti-aliased network",
        tensor: format!("`architecture` is {name}"),
        reason: "it blurs before it takes every other pixel, a step that Cardinal does not have and that leaves no tensor",
    })
}

/// The configuration with the strides, base width and width rule the file states.
fn stated_config(inferred: &Inferred, fields: &ConfigReader) -> Result<ResNextConfig, WeightError> {
    let rules = [
        ("base_width", StatedRule::BaseWidth),
        ("quarter_out", StatedRule::QuarterOut),
        ("per_stage", StatedRule::PerStage),
    ];
    let rule = fields.choice("width_rule", &rules)?;
    let base_width = fields.size("base_width")?;
    let strides = match fields.sizes("strides")? {
        None => inferred.usual_strides(),
        Some(strides) => {
            inferred.check_strides(&strides).map_err(|error| match error {
                WeightError::Strides { expected, .. } => fields.wrong("strides", &expected),
                other => other,
            })?;
            strides
        }
    };
    let shapes = || format!("widths of {:?} for outputs of {:?}", inferred.widths, inferred.out_channels);
    let Some(mut config) = inferred.config(strides, base_width, rule)? else {
        return Err(fields.contradiction("width_rule", shapes()));
    };
    if let (WidthRule::PerStage { .. }, Some(_)) = (&config.width_rule, base_width) {
        return Err(fields.contradiction("base_width", shapes()));
    }
    fields.agree("base_width", base_width, &config.base_width)?;
    config.stride_in_1x1 = fields.boolean("stride_in_1x1")?.unwrap_or_default();
    Ok(config)
}

fn stated_metadata(fields: &ConfigReader, config: &ResNextConfig) -> Result<Metadata, WeightError> {
    let usual = Metadata::usual(config);
    let input_size = fields.size("input_size")?.unwrap_or(usual.input_size);
    if !(1..=MAX_INPUT_SIZE).contains(&input_size) {
        return Err(fields.wrong("input_size", &format!("1 to {MAX_INPUT_SIZE} pixels")));
    }
    let resize = fields.size("resize")?.unwrap_or_else(|| usual_resize(config.stem, input_size));
    if !(input_size..=2 * MAX_INPUT_SIZE).contains(&resize) {
        return Err(fields.wrong("resize", &format!("{input_size} (the input_size) to {} pixels", 2 * MAX_INPUT_SIZE)));
    }
    let classes = stated_classes(fields, config)?;
    let interpolations = [Interpolation::Bilinear, Interpolation::Bicubic].map(|each| (each.name(), each));
    let mean = channel_values(fields, "mean", config.in_channels, |value| (0.0..=1.0).contains(&value))?;
    let std = channel_values(fields, "std", config.in_channels, |value| value > 0.0 && value <= 1.0)?;
    Ok(Metadata {
        classes,
        input_size,
        resize,
        interpolation: fields.choice("interpolation", &interpolations)?.unwrap_or(usual.interpolation),
        mean: mean.unwrap_or(usual.mean),
        std: std.unwrap_or(usual.std),
        bn_eps: number_within(fields, "bn_eps", "a number from 0 to 1", 0.0, 1.0)?.unwrap_or(BN_EPS),
        dataset: fields.string("dataset")?,
        test_accuracy: number_within(fields, "test_accuracy", "a share from 0 to 1", 0.0, 1.0)?,
        licence: fields.string("licence")?,
        origin: fields.string("origin")?,
        recipe: fields.listed("recipe")?,
        date: fields.string("date")?,
    })
}

/// One name per answer. A network of one logit may name its two answers, the one for a sigmoid near 0 first, or only that for a
/// sigmoid near 1.
fn stated_classes(fields: &ConfigReader, config: &ResNextConfig) -> Result<Option<Vec<String>>, WeightError> {
    // A network without a head has none, whatever the description says of the whole network.
    let Some(names) = fields.strings("classes")?.filter(|_| config.num_classes > 0) else { return Ok(None) };
    match (config.num_classes, names.as_slice()) {
        (1, [name]) => Ok(Some(vec![format!("not “{name}”"), name.clone()])),
        (1, [_, _]) => Ok(Some(names)),
        (1, _) => Err(fields.wrong("classes", "1 or 2 names, as fc has one row,")),
        (classes, _) if names.len() != classes => {
            Err(fields.wrong("classes", &format!("{classes} names, as fc has rows,")))
        }
        _ => Ok(Some(names)),
    }
}

fn number_within(
    fields: &ConfigReader,
    field: &'static str,
    expected: &str,
    low: f64,
    high: f64,
) -> Result<Option<f64>, WeightError> {
    match fields.number(field)? {
        Some(value) if !(low..=high).contains(&value) => Err(fields.wrong(field, expected)),
        value => Ok(value),
    }
}

fn channel_values(
    fields: &ConfigReader,
    field: &'static str,
    channels: usize,
    fits: impl Fn(f32) -> bool,
) -> Result<Option<Vec<f32>>, WeightError> {
    let Some(values) = fields.numbers(field)? else { return Ok(None) };
    let values: Vec<f32> = values.into_iter().map(|value| value as f32).collect();
    if values.len() != channels || !values.iter().all(|&value| fits(value)) {
        let above_zero = if field == "std" { "above 0" } else { "from 0" };
        let expected = format!("{channels} numbers {above_zero} to 1, of pixels scaled to 0..1,");
        return Err(fields.wrong(field, &expected));
    }
    Ok(Some(values))
}
