//! Exact counts, dispatch lists, and buffers that are not overwritten while their tensor is needed. Needs no GPU.

use std::collections::HashSet;

use cardinal::model::{
    BlockForm, ConfigError, Graph, GraphError, Op, PAPER_FAMILY, PRESETS, ResNextConfig, Stem, WidthRule,
    equal_cost_family,
};
use cardinal::plan::{BufferRef, GpuDtype, Plan, PlanError, PlanKind, PlanOptions, Task};
use cardinal::weights::Untrained;

fn graph(name: &str) -> Graph {
    let config = ResNextConfig::preset(name).unwrap();
    let side = config.stem.default_input_size();
    Graph::build(&config, 1, (side, side), BlockForm::C).unwrap()
}

/// Parameters and multiply-adds, from torchvision's and the paper's tables.
const COUNTS: [(&str, u64, u64); 12] = [
    ("resnext50_32x4d", 25_028_904, 4_230_479_872),
    ("resnext101_32x8d", 88_791_336, 16_414_015_488),
    ("resnext101_64x4d", 83_455_272, 15_460_270_080),
    ("resnext101_32x4d", 44_177_704, 7_969_996_800),
    ("resnext50_1x64d", 25_557_032, 4_089_184_256),
    ("resnext50_2x40d", 25_425_000, 4_124_508_160),
    ("resnext50_4x24d", 25_292_968, 4_159_832_064),
    ("resnext50_8x14d", 25_603_016, 4_267_409_408),
    ("resnext29_8x64d", 34_426_698, 5_387_266_048),
    ("resnext29_16x64d", 68_155_210, 10_688_866_304),
    ("resnext50_biased", 14_620_008, 2_297_298_944),
    ("resnext101_biased", 23_924_584, 4_105_641_984),
];

#[test]
fn parameters_and_multiply_adds_to_the_unit() {
    for (name, parameters, macs) in COUNTS {
        let graph = graph(name);
        assert_eq!(graph.parameters(), parameters, "{name}");
        assert_eq!(graph.macs(), macs, "{name}");
    }
}

#[test]
fn every_preset_is_a_network() {
    for name in PRESETS {
        for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
            let config = ResNextConfig::preset(name).unwrap();
            let side = config.stem.default_input_size();
            let built = Graph::build(&config, 1, (side, side), form).unwrap();
            assert_eq!(built.parameters(), graph(name).parameters(), "{name} {form:?}");
            assert_eq!(built.macs(), graph(name).macs(), "{name} {form:?}: the three forms cost the same");
        }
    }
    assert_eq!(graph("resnext26_32x4d_grey").input_shape().c, 1);
    assert!(ResNextConfig::preset("resnet50").is_err());
    assert!(ResNextConfig::preset("resnext51_32x4d").is_err());
}

#[test]
fn widths_are_written_as_the_paper_has_them() {
    let widths = |name: &str, block: &str| {
        let graph = graph(name);
        graph.blocks.iter().find(|b| b.name == block).unwrap().widths()
    };
    assert_eq!(widths("resnext50_32x4d", "layer1.0"), "64→128→256, 32×4");
    assert_eq!(widths("resnext101_32x8d", "layer1.0"), "64→256→256, 32×8");
    assert_eq!(widths("resnext50_8x14d", "layer1.1"), "256→112→256, 8×14");
    assert_eq!(widths("resnext50_32x4d", "layer4.2"), "2048→1024→2048, 32×32");
    assert_eq!(widths("resnext50_biased", "layer1.0"), "64→64→256, 32×2");
}

#[test]
fn configurations_without_a_network_are_typed_errors() {
    let config = ResNextConfig::preset("resnext50_32x4d").unwrap();
    let error = |config: ResNextConfig| match Graph::build(&config, 1, (224, 224), BlockForm::C) {
        Err(GraphError::Config(error)) => error,
        other => panic!("{other:?}"),
    };
    let narrow = ResNextConfig { out_channels: vec![32, 64, 128, 256], base_width: 4, ..config.clone() };
    assert_eq!(error(narrow), ConfigError::ZeroWidth { stage: 1, planes: 8, base_width: 4 });
    let odd = ResNextConfig { width_rule: WidthRule::QuarterOut, cardinality: 24, ..config.clone() };
    assert_eq!(error(odd), ConfigError::CardinalityDoesNotDivide { stage: 1, width: 64, cardinality: 24 });
    assert!(matches!(error(ResNextConfig { cardinality: 0, ..config.clone() }), ConfigError::Zero { .. }));
    assert!(matches!(error(ResNextConfig { blocks: vec![3, 4], ..config.clone() }), ConfigError::Stages { .. }));
    assert!(matches!(error(ResNextConfig { in_channels: 2, ..config.clone() }), ConfigError::InChannels(2)));
    assert!(matches!(error(ResNextConfig { base_width: usize::MAX, ..config.clone() }), ConfigError::TooLarge { .. }));
    // A picture of one pixel is accepted.
    let tiny = ResNextConfig { stem: Stem::Imagenet, ..config };
    assert!(Graph::build(&tiny, 1, (1, 1), BlockForm::C).is_ok(), "padding makes room even for one pixel");
}

#[test]
fn the_family_has_equal_cost() {
    let resnext50 = ResNextConfig::preset("resnext50_32x4d").unwrap();
    let settings: Vec<_> =
        equal_cost_family(&resnext50).unwrap().iter().map(|c| (c.cardinality, c.base_width)).collect();
    assert_eq!(settings, PAPER_FAMILY);

    let cifar = ResNextConfig { strides: vec![2, 2, 2], ..ResNextConfig::preset("resnext20_8x8d").unwrap() };
    let family = equal_cost_family(&cifar).unwrap();
    assert_eq!(family.iter().map(|c| c.cardinality).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32]);
    assert!(family.contains(&cifar));
    let macs = |config: &ResNextConfig| Graph::build(config, 1, (32, 32), BlockForm::C).unwrap().macs() as f64;
    for member in &family {
        let ratio = macs(member) / macs(&cifar);
        assert!((0.9..1.1).contains(&ratio), "{}: {ratio}", member.title());
    }
}

#[test]
fn the_fused_plan_is_one_dispatch_per_convolution() {
    let plan = Plan::new(graph("resnext50_32x4d"), PlanKind::Fused).unwrap();
    // 53 convolutions, max-pool, average, linear, softmax.
    assert_eq!(plan.steps.len(), 57);
    let kernels = |name: &str| plan.steps.iter().filter(|s| s.dispatch.kernel.shader.name == name).count();
    // The stem uses the kernel of the 3×3 convolutions, and the linear layer that of the 1×1 convolutions.
    assert_eq!(kernels("conv2d_grouped"), 16 + 1);
    assert_eq!(kernels("conv2d_pointwise"), 36 + 1);
    assert_eq!(kernels("conv2d_direct"), 0);
    assert_eq!(kernels("batch_norm_relu") + kernels("residual_add"), 0);
    // There are few pipelines, since compiling them delays the first run.
    let pipelines: HashSet<String> = plan.steps.iter().map(|s| s.dispatch.kernel.name()).collect();
    assert_eq!(pipelines.len(), 9);
    // A shortcut's convolution is computed last and adds the residual in its epilogue.
    let step = |label: &str| plan.steps.iter().find(|s| s.label == label).unwrap();
    let epilogue = |label: &str| match step(label).task {
        Task::Convolution(launch, _) => (launch.epilogue.relu, launch.epilogue.residual),
        other => panic!("{label}: {other:?}"),
    };
    assert_eq!(epilogue("layer1.0.downsample.0"), (true, true));
    assert_eq!(epilogue("layer1.0.conv3"), (false, false));
    assert_eq!(epilogue("layer1.1.conv3"), (true, true));
    assert_eq!(epilogue("layer2.0.conv2"), (true, false));
}

#[test]
fn the_plain_plan_is_one_dispatch_per_layer() {
    let graph = graph("resnext50_32x4d");
    let layers = graph.layers.len();
    let plan = Plan::new(graph, PlanKind::Plain).unwrap();
    // 53 convolutions, 53 batch norms, 16 adds, and the four others.
    assert_eq!((layers, plan.steps.len()), (126, 126));
}

/// Replays a plan on names instead of values: every step must read the tensors that the graph says it reads.
#[test]
fn no_buffer_is_overwritten_while_it_is_needed() {
    for name in ["resnext50_32x4d", "resnext29_8x64d", "resnext26_32x4d_grey", "resnext50_biased"] {
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                let config = ResNextConfig::preset(name).unwrap();
                let graph = Graph::build(&config, 2, (64, 48), form).unwrap();
                replay(&Plan::with_outputs(graph, kind, &["layer1.0", "layer2.1"]).unwrap());
            }
        }
    }
}

fn replay(plan: &Plan) {
    let graph = &plan.graph;
    let mut holds: Vec<Option<usize>> = vec![None; plan.slots.len()];
    holds[plan.input_slot] = Some(graph.input);
    for step in &plan.steps {
        let slots: Vec<usize> = step
            .buffers
            .iter()
            .filter_map(|buffer| match buffer {
                BufferRef::Slot(slot) => Some(*slot),
                BufferRef::Weight(_) => None,
            })
            .collect();
        let (&output_slot, input_slots) = slots.split_last().unwrap();
        assert!(!input_slots.contains(&output_slot), "{} reads what it writes", step.label);
        let own: Vec<usize> = step.layers.iter().map(|&layer| graph.layers[layer].output).collect();
        let last = *own.last().unwrap();
        let reads = step.layers.iter().flat_map(|&layer| &graph.layers[layer].inputs);
        let outside: Vec<usize> = reads.copied().filter(|tensor| !own.contains(tensor)).collect();
        for slot in input_slots {
            let held = holds[*slot].unwrap_or_else(|| panic!("{} reads an empty buffer", step.label));
            assert!(outside.contains(&held), "{} reads {}", step.label, graph.tensors[held].name);
        }
        assert!(graph.tensors[last].shape.bytes() <= plan.slots[output_slot], "{} does not fit", step.label);
        if graph.layers[step.layers[0]].op != Op::Concat {
            assert_eq!(outside.len(), input_slots.len(), "{}", step.label);
        }
        holds[output_slot] = Some(last);
    }
    for output in &plan.outputs {
        let held = holds[output.slot].map(|tensor| graph.tensors[tensor].shape);
        assert_eq!(held, Some(output.shape), "{}", output.name);
    }
}

#[test]
fn memory_is_near_its_lower_bound() {
    for name in PRESETS {
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            let plan = Plan::new(graph(name), kind).unwrap();
            let (peak, least) = (plan.activation_bytes(), plan.lower_bound);
            println!("{name} {kind}: {} buffers, {peak} bytes, at least {least}", plan.slots.len());
            assert!(peak >= least);
            // Whole buffers cannot always reach the bound: two buffers of half the size do not make a large one.
            assert!(3 * peak <= 4 * least, "{name} {kind}: {peak} bytes, {least} would do");
        }
    }
}

#[test]
fn the_reference_network_needs_no_byte_more_than_its_bound() {
    for kind in [PlanKind::Plain, PlanKind::Fused] {
        let plan = Plan::new(graph("resnext50_32x4d"), kind).unwrap();
        assert_eq!((plan.slots.len(), plan.activation_bytes()), (3, plan.lower_bound));
    }
}

#[test]
fn long_work_is_cut_into_short_submissions() {
    let plan = Plan::new(graph("resnext50_32x4d"), PlanKind::Fused).unwrap();
    assert_eq!(plan.submissions(u64::MAX).len(), 1);
    let ranges = plan.submissions(400_000_000);
    assert!((8..16).contains(&ranges.len()), "{}", ranges.len());
    assert_eq!((ranges[0].start, ranges.last().unwrap().end), (0, plan.steps.len()));
    assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
    let macs = |range: &std::ops::Range<usize>| plan.steps[range.clone()].iter().map(|s| s.macs).sum::<u64>();
    assert!(ranges.iter().all(|range| range.len() == 1 || macs(range) <= 400_000_000));
    // A step is never divided, however small the share.
    assert_eq!(plan.submissions(0).len(), plan.steps.len());
}

#[test]
fn an_unknown_output_is_named() {
    let error = Plan::with_outputs(graph("resnext50_32x4d"), PlanKind::Fused, &["layer9.0"]).unwrap_err();
    assert_eq!(error, PlanError::UnknownOutput("layer9.0".to_owned()));
}

#[test]
fn a_batch_too_large_for_webgpu_is_an_error() {
    let config = ResNextConfig::preset("resnext50_32x4d").unwrap();
    let graph = Graph::build(&config, 4096, (224, 224), BlockForm::C).unwrap();
    assert!(matches!(Plan::new(graph, PlanKind::Fused), Err(PlanError::Kernel { .. })));
}

/// A buffer is as long as the data that is uploaded to it.
#[test]
fn uploads_fill_their_buffers() {
    let config = ResNextConfig { num_classes: 7, ..ResNextConfig::preset("resnext50_8x14d").unwrap() };
    for kind in [PlanKind::Plain, PlanKind::Fused] {
        for weight_dtype in [GpuDtype::F32, GpuDtype::F16] {
            let graph = Graph::build(&config, 1, (64, 64), BlockForm::C).unwrap();
            let plan = Plan::new(graph, PlanOptions { kind, weight_dtype, tuning: None }).unwrap();
            for upload in &plan.uploads {
                let source = Untrained { seed: 1 };
                for (target, packed) in upload.targets.into_iter().zip(plan.load(upload, &source).unwrap()) {
                    assert_eq!(packed.bytes().len(), plan.weights[target].bytes(), "{}", plan.weights[target].label);
                }
            }
        }
    }
}

/// A network's memory on the GPU is its weights and little more than the two largest activations of any step.
#[test]
fn memory_on_the_gpu_is_near_what_must_be_there() {
    for name in ["resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"] {
        let plan = Plan::new(graph(name), PlanKind::Fused).unwrap();
        let of_a_layer = |layer: &cardinal::model::Layer| {
            let tensors = layer.inputs.iter().chain([&layer.output]);
            let mut bytes: Vec<usize> = tensors.map(|&tensor| plan.graph.tensors[tensor].shape.bytes()).collect();
            bytes.sort_unstable_by(|a, b| b.cmp(a));
            bytes.iter().take(2).sum::<usize>()
        };
        let live = plan.graph.layers.iter().map(of_a_layer).max().unwrap();
        let parameters = 4 * plan.graph.parameters() as usize;
        let share = plan.gpu_bytes() as f64 / (parameters + live) as f64;
        println!("{name}: {} bytes, {share:.3} of parameters and the two largest activations", plan.gpu_bytes());
        assert!(share <= 1.15, "{name}: {share}");
    }
}
