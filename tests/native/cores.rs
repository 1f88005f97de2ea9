//! A network that several cores share is the network.

use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
use cardinal::cpu::cores::{Action, Cores, Program, Threads};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind, Shares};

use crate::common::compare::{compare, demand};
use crate::common::fixture::{SMALL, golden, small};
use crate::common::{network, values};

/// The cores of tests: with three, groups are not shared evenly, and with five there are more cores than some networks have groups.
const COUNTS: [usize; 4] = [1, 2, 3, 5];

/// So many cores, each a thread.
fn device(count: usize) -> Device {
    Device::Cores(Rc::new(Cores { host: Rc::new(Threads), count }))
}

#[test]
fn networks_agree_with_pytorch_on_any_number_of_cores() {
    pollster::block_on(async {
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                for count in COUNTS {
                    outcomes.extend(network::check_small(device(count), &weights, &io, kind, BlockForm::C).await);
                }
            }
        }
        let bytes = golden("full/resnext50_32x4d.safetensors");
        outcomes.extend(network::check_full(device(2), &bytes, PlanKind::Fused).await);
        outcomes.extend(network::check_full(device(3), &bytes, PlanKind::Plain).await);
        demand(outcomes);
    });
}

/// Every cardinality, also one group, whose 3×3 has no branches; batches; every block's output.
#[test]
fn any_cardinality_and_batch_is_shared() {
    pollster::block_on(async {
        for cardinality in [1, 2, 3, 8, 32] {
            let config = ResNextConfig { cardinality, ..ResNextConfig::preset("resnext29_8x64d").unwrap() };
            let config = ResNextConfig { base_width: 96 / cardinality, ..config };
            let model = Model::untrained(config);
            for batch in [1, 3] {
                let options = || LoadOptions { batch, ..LoadOptions::default().with_features() };
                let whole = Classifier::load(&Device::Cpu, &model, options(), |_| {}).await.unwrap();
                let names: Vec<String> = whole.graph().blocks.iter().map(|block| block.name.clone()).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).rev().collect();
                let input = values("pictures", whole.graph().input_shape().len());
                let expected = whole.read(&input, &names).await.unwrap();
                for count in [2, 4] {
                    let shared = Classifier::load(&device(count), &model, options(), |_| {}).await.unwrap();
                    let seen = shared.read(&input, &names).await.unwrap();
                    let answer = shared.classify_batch(&input).await.unwrap();
                    let again = shared.classify_batch(&input).await.unwrap();
                    let of_whole = whole.classify_batch(&input).await.unwrap();
                    let outcomes = names.iter().map(|name| {
                        let expected: Vec<f64> = expected.values(name).iter().copied().map(f64::from).collect();
                        let what = format!("{cardinality} groups, {batch} pictures, {count} cores: {name}");
                        compare(&what, seen.values(name), &expected, 1e-5)
                    });
                    demand(outcomes);
                    for ((answer, again), whole) in answer.iter().zip(&again).zip(&of_whole) {
                        assert_eq!(answer.logits, again.logits, "the same bits for the same number of cores");
                        let expected: Vec<f64> = whole.logits.iter().copied().map(f64::from).collect();
                        demand(vec![compare("logits", &answer.logits, &expected, 1e-5)]);
                    }
                    assert_eq!(shared.profile(&input).await.unwrap().len(), shared.plan().steps.len());
                }
            }
        }
    });
}

fn programs(name: &str, count: usize) -> Vec<Program> {
    let config = ResNextConfig::preset(name).unwrap();
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C).unwrap();
    Shares::of(&Plan::new(graph, PlanKind::Fused).unwrap(), count).unwrap().programs
}

/// From a block's input to the sums nobody waits for anybody: a block has one exchange of sums and one of the result. Beside these
/// there are those of the stem, the features and the logits.
#[test]
fn a_block_waits_once_for_its_sums_and_once_for_the_whole() {
    for (name, blocks) in [("resnext50_32x4d", 16), ("resnext101_64x4d", 33)] {
        let alone = programs(name, 1);
        assert!(!alone[0].actions.iter().any(Action::is_exchange), "one core talks to nobody");
        for count in [2, 4] {
            let programs = programs(name, count);
            assert_eq!(programs.len(), count);
            let exchanges = |program: &Program| program.actions.iter().filter(|action| action.is_exchange()).count();
            // The last block's result is averaged in parts.
            assert_eq!(programs.iter().map(exchanges).collect::<Vec<_>>(), vec![2 * blocks + 2; count], "{name}");
        }
    }
}
