//! One group of a convolution at work: the arithmetic that the page writes down must give the number that the network has computed.

use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
use cardinal::image::decode;
use cardinal::plan::{GpuDtype, PlanKind};
use cardinal::protocol::GROUP_CHANNELS;
use cardinal::session::group_message;
use cardinal::view::group::{Equation, GroupValues, Scale};

/// What was seen of all pixels together.
#[derive(Debug, Default, PartialEq)]
pub struct Seen {
    pub pixels: usize,
    /// Those whose equation has fewer digits than the map's peak allows: they lie just between two numbers.
    pub fewer: usize,
    pub positive: usize,
}

fn asset(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/assets/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A network that ships with the page, and the tensor of a sample.
pub async fn shipped(cardinality: &str) -> (Model, Vec<f32>) {
    let file = asset(&format!("models/resnext20_{cardinality}_cifar10_f16.safetensors"));
    let model = Model::open("shipped", Rc::new(file), None).await.unwrap();
    let tensor = model.preprocess().apply(&decode(&asset("samples/kitten.jpg")).unwrap()).unwrap().tensor;
    (model, tensor)
}

/// Every pixel of every output channel of a few groups of every block, and of the stem.
pub async fn check(device: &Device, model: &Model, tensor: &[f32], plan: PlanKind, weight_dtype: GpuDtype) -> Seen {
    let options = LoadOptions { plan, weight_dtype, warm_up: false, ..LoadOptions::default() };
    let classifier = Classifier::load(device, model, options, |_| {}).await.unwrap();
    let mut seen = Seen::default();
    let blocks: Vec<(String, usize)> =
        classifier.graph().blocks.iter().map(|block| (format!("{}.conv2", block.name), block.groups)).collect();
    for (layer, groups) in blocks.into_iter().chain([("conv1".to_owned(), 1)]) {
        for group in [0, groups / 2, groups - 1] {
            for first in [0, GROUP_CHANNELS] {
                check_group(&classifier, tensor, &layer, group, first, &mut seen).await;
            }
            if groups == 1 {
                break;
            }
        }
        assert!(
            classifier.group(tensor, &layer, groups, 0..16).await.unwrap().is_none(),
            "{layer} has {groups} groups"
        );
    }
    seen
}

async fn check_group(
    classifier: &Classifier,
    tensor: &[f32],
    layer: &str,
    group: usize,
    first: usize,
    seen: &mut Seen,
) {
    let channels = first..first + GROUP_CHANNELS;
    let Some(found) = classifier.group(tensor, layer, group, channels).await.unwrap() else {
        assert!(first > 0, "{layer} has no group {group}");
        return;
    };
    let (sizes, bytes) = group_message(&found);
    assert_eq!(sizes.shown, (sizes.out_channels - first).min(GROUP_CHANNELS));
    let values = GroupValues::new(sizes, &bytes).unwrap();

    // The maps are those of the run.
    let (input, output) = match layer.strip_suffix(".conv2") {
        Some(block) => (Some(format!("{block}.bn1")), format!("{block}.bn2")),
        None => (None, "bn1".to_owned()),
    };
    let part = |all: &[f32], map: usize, first: usize, len: usize| all[first * map..(first + len) * map].to_vec();
    let read = classifier.read(tensor, &[&output]).await.unwrap();
    let map = sizes.output.0 * sizes.output.1;
    let outputs = part(read.values(&output), map, group * sizes.out_channels + first, sizes.shown);
    assert!(values.outputs() == outputs, "{layer} group {group} from {first}");
    let inputs = match &input {
        Some(input) => {
            let read = classifier.read(tensor, &[input]).await.unwrap();
            let map = sizes.input.0 * sizes.input.1;
            part(read.values(input), map, group * sizes.in_channels, sizes.in_channels)
        }
        None => tensor.to_vec(),
    };
    assert!(values.inputs() == inputs, "{layer} group {group} from {first}");
    assert_eq!(sizes.filters > 0, input.is_none());

    // And every number of them is the sum that is written down.
    let peak = f64::from(Scale::of(values.outputs()).high);
    for channel in 0..sizes.shown {
        for pixel in (0..map).map(|pixel| (pixel / sizes.output.1, pixel % sizes.output.1)) {
            let sum = values.sum(channel, pixel);
            let equation = Equation::new(&sum, 0..GROUP_CHANNELS, peak);
            let what = || format!("{layer} group {group} channel {} at {pixel:?}: {equation:?}", first + channel);
            assert!(equation.agrees && equation.after == equation.value, "{}", what());
            let most = Equation::new(&sum, 0..0, peak).decimals.max(equation.decimals);
            assert!(equation.decimals + 1 >= most, "{}", what());
            seen.pixels += 1;
            seen.fewer += usize::from(equation.decimals < most);
            seen.positive += usize::from(sum.value > 0.0);
        }
    }
}
