//! One block by itself in the forms A, B and C (Xie et al. 2017, Fig. 3): equal parameters, equal multiply-adds, equal outputs, for
//! every block and every cardinality of the dial.

use std::borrow::Cow;

use cardinal::classifier::{BlockForms, Device, Engine, UNTRAINED_SEED, largest_difference};
use cardinal::model::{BlockForm, Graph, GraphError, ResNextConfig};
use cardinal::plan::{Plan, PlanKind, PlanOptions};
use cardinal::weights::{TensorSource, Untrained, WeightError};
use cardinal::zoo::{self, Location};

use crate::common::prng::{self, Generated};

/// The largest difference of one form to another, of the peak.
const TOLERANCE: f64 = 1e-5;

/// Every network that the dial offers for the one that the page opens with, for ResNeXt-50, and for its variant with biases.
fn dials() -> Vec<ResNextConfig> {
    let bundled = zoo::offers().remove(0);
    let mut dials = zoo::cardinality_options(&bundled.config, &bundled.trained);
    for name in ["resnext50_32x4d", "resnext50_biased"] {
        dials.extend(zoo::cardinality_options(&ResNextConfig::preset(name).unwrap(), &[]));
    }
    dials
}

fn graph(config: &ResNextConfig, side: usize) -> Graph {
    Graph::build(config, 1, (side, side), BlockForm::C).unwrap()
}

#[test]
fn every_block_costs_the_same_in_all_forms() {
    let mut blocks = 0;
    for config in dials() {
        let network = graph(&config, config.stem.default_input_size());
        for block in &network.blocks {
            let own = &network.layers[block.layers.clone()];
            let parameters: u64 = own.iter().map(|layer| network.layer_parameters(layer)).sum();
            let macs: u64 = own.iter().map(|layer| network.layer_macs(layer)).sum();
            for form in BlockForm::ALL {
                let alone = network.block(&block.name, form).unwrap();
                let what = format!("{} {} {form:?}", config.title(), block.name);
                assert_eq!((alone.parameters(), alone.macs()), (parameters, macs), "{what}");
                assert_eq!((alone.input_shape(), alone.blocks[0].output), (block.input, block.output), "{what}");
                assert_eq!(alone.outputs.len(), 1);
                assert_eq!(alone.tensors[alone.outputs[0].1].shape, block.output, "{what}");
                blocks += 1;
            }
        }
    }
    // Six stops of six blocks, five of 16, and six of 16.
    assert_eq!(blocks, 3 * (6 * 6 + 5 * 16 + 6 * 16));
}

#[test]
fn a_block_that_is_not_there_is_named() {
    let network = graph(&ResNextConfig::preset("resnext20_8x8d").unwrap(), 32);
    assert_eq!(network.block("layer9.0", BlockForm::A), Err(GraphError::UnknownBlock("layer9.0".into())));
    assert_eq!(network.block_input("layer9.0"), None);
    let input = |name| network.tensors[network.block_input(name).unwrap()].name.clone();
    assert_eq!([input("layer1.0"), input("layer2.0")], ["bn1", "layer1.1.add"]);
}

#[test]
fn dispatches_of_a_block_are_counted() {
    let network = graph(&ResNextConfig::preset("resnext50_32x4d").unwrap(), 224);
    let steps = |block, form, kind| Plan::new(network.block(block, form).unwrap(), kind).unwrap().steps.len();
    let all = |block, kind| BlockForm::ALL.map(|form| steps(block, form, kind));
    // A: three per branch and the shortcut's sum; the sum of the branches and its batch norm are in the convolutions. B: two per
    // branch, one to copy each to its place, conv3, and the shortcut where it is a convolution.
    assert_eq!(all("layer1.0", PlanKind::Fused), [3 * 32 + 1, 3 * 32 + 2, 4]);
    assert_eq!(all("layer1.1", PlanKind::Fused), [3 * 32 + 1, 3 * 32 + 1, 3]);
    // Every batch norm and every sum by itself: five per branch, 31 sums, bn3, the shortcut's sum.
    assert_eq!(all("layer1.1", PlanKind::Plain), [5 * 32 + 31 + 2, 5 * 32 + 3, 7]);
}

/// The network's real input of each block, and its output, from one run over a picture of noise.
fn inside(network: &Graph, source: &dyn TensorSource, kind: PlanKind) -> Vec<(String, Vec<f32>, Vec<f32>)> {
    let input = |name: &str| network.tensors[network.block_input(name).unwrap()].name.clone();
    let names: Vec<_> = network.blocks.iter().map(|block| (block.name.clone(), input(&block.name))).collect();
    let asked: Vec<&str> = names.iter().flat_map(|(block, input)| [block.as_str(), input.as_str()]).collect();
    let plan = Plan::with_outputs(network.clone(), kind, &asked).unwrap();
    let engine = pollster::block_on(Engine::build(&Device::Cpu, plan, &source, &|_| {})).unwrap();
    let picture = prng::normal(5, "input", network.input_shape().len(), 1.0);
    let outputs = pollster::block_on(engine.run(&picture)).unwrap().outputs;
    let of = |(block, input): &(String, String)| {
        (block.clone(), outputs.values(input).to_vec(), outputs.values(block).to_vec())
    };
    names.iter().map(of).collect()
}

/// The largest differences of A and B to C over all blocks; C must be what the whole network computes, to the bit.
fn differences(network: &Graph, source: &dyn TensorSource, kind: PlanKind) -> [f64; 2] {
    let mut worst = [0.0; 2];
    for (name, input, output) in inside(network, source, kind) {
        let load = BlockForms::load(&Device::Cpu, &source, (network, &name), kind.into(), input);
        let forms = pollster::block_on(load).unwrap();
        let run = |form| pollster::block_on(forms.run(form)).unwrap().outputs.values(&name).to_vec();
        let [a, b, c] = BlockForm::ALL.map(run);
        let title = network.config.title();
        assert!(c.iter().any(|&value| value > 0.0), "{title} {name}: nothing to compare");
        assert!(c == output, "{title} {name} {kind}: form C by itself is not what the network computes");
        for (worst, (form, values)) in worst.iter_mut().zip([("A", &a), ("B", &b)]) {
            let difference = largest_difference(values, &c);
            let what = format!("{title} {name} {kind}: {form} differs from C by {difference:.1e} of the peak");
            assert!(difference <= TOLERANCE, "{what}");
            *worst = difference.max(*worst);
        }
    }
    worst
}

#[test]
fn every_block_gives_the_same_in_all_forms() {
    for config in dials() {
        // Blocks of a smaller picture have the same channels; the page's own network has its own size.
        let side = config.stem.default_input_size().min(64);
        for kind in [PlanKind::Fused, PlanKind::Plain] {
            let [a, b] = differences(&graph(&config, side), &Generated { seed: 3 }, kind);
            println!("{} {kind}: A {a:.1e}, B {b:.1e} of the peak", config.title());
        }
    }
}

#[test]
fn trained_blocks_give_the_same_in_all_forms() {
    let bundled = zoo::offers().remove(0);
    for weights in &bundled.trained {
        let Location::Bundled(path) = &weights.location else { panic!("{:?} does not ship", weights.location) };
        let bytes = std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let checkpoint = cardinal::weights::Checkpoint::parse(bytes).unwrap();
        let [a, b] = differences(&graph(&weights.config, 32), &checkpoint, PlanKind::Fused);
        println!("{}: A {a:.1e}, B {b:.1e} of the peak", weights.config.title());
    }
}

/// Random weights whose file states another `eps` than PyTorch's.
struct OtherEps;

impl TensorSource for OtherEps {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        Untrained { seed: UNTRAINED_SEED }.tensor(name, shape).map(|values| values.into_owned().into())
    }

    fn bn_eps(&self) -> f64 {
        0.1
    }
}

#[test]
fn the_facade_runs_each_form_on_the_same_input() {
    let config = zoo::offers().remove(0).config;
    let network = graph(&config, 32);
    let (name, input, output) = inside(&network, &OtherEps, PlanKind::Fused).remove(2);
    let (of, options) = ((&network, name.as_str()), PlanOptions::default());
    let load = |input| pollster::block_on(BlockForms::load(&Device::Cpu, &OtherEps, of, options, input));
    let forms = load(input).unwrap();
    for form in BlockForm::ALL {
        let run = pollster::block_on(forms.run(form)).unwrap();
        assert!(largest_difference(run.outputs.values(&name), &output) <= TOLERANCE, "{form:?}");
        assert_eq!(forms.plan(form).graph, network.block(&name, form).unwrap());
    }
    let wrong = load(vec![0.0; 7]).unwrap();
    assert!(pollster::block_on(wrong.run(BlockForm::B)).is_err(), "an input of another length is refused");
}
