//! The training plan as data: what it contains, that no buffer is overwritten while it is needed, its memory.

use std::hash::{DefaultHasher, Hash, Hasher};

use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{PlanError, State, TrainingBuffer, TrainingOptions, TrainingPlan, TrainingTask};
use cardinal::weights::tensor_shapes;

fn graph(config: &ResNextConfig, n: usize) -> Graph {
    let side = config.stem.default_input_size();
    Graph::build(config, n, (side, side), BlockForm::C).unwrap()
}

fn planned(name: &str, n: usize, keep_gradients: bool) -> TrainingPlan {
    let config = ResNextConfig::preset(name).unwrap();
    let options = TrainingOptions { keep_gradients, ..TrainingOptions::default() };
    TrainingPlan::new(graph(&config, n), options).unwrap()
}

/// What each parameter learns, as a number that stands for all that it was computed from: a step's output is a hash of its task
/// and of what its inputs' buffers hold at that moment.
fn learned(plan: &TrainingPlan) -> Vec<u64> {
    let mut slots = vec![None; plan.slots.len()];
    slots[plan.input_slot] = Some(hash(&"input"));
    let mut learned = vec![0; plan.parameters.len()];
    for step in &plan.steps {
        let read = |buffer: &TrainingBuffer| match *buffer {
            TrainingBuffer::Slot(slot) => {
                assert_ne!(step.output, *buffer, "{}: reads what it writes", step.label);
                slots[slot].unwrap_or_else(|| panic!("{}: reads what nobody has written", step.label))
            }
            TrainingBuffer::Parameter(at) => {
                assert_eq!(learned[at], 0, "{}: reads a parameter that has learned already", step.label);
                hash(buffer)
            }
            _ => hash(buffer),
        };
        let value = hash(&(format!("{:?}", step.task), step.reads.iter().map(read).collect::<Vec<u64>>()));
        match step.output {
            TrainingBuffer::Slot(slot) => slots[slot] = Some(value),
            TrainingBuffer::Parameter(at) => learned[at] = value,
            _ => {}
        }
    }
    learned
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Gradients that are kept lead to other places for everything, but to the same values.
#[test]
fn nothing_is_overwritten_while_it_is_needed() {
    for name in ["resnext20_8x8d", "resnext50_32x4d", "resnext50_biased", "resnext26_32x4d_grey"] {
        let plan = planned(name, 4, false);
        let expected = learned(&plan);
        assert!(expected.iter().all(|&value| value != 0), "{name}: everything learns");
        assert_eq!(expected, learned(&planned(name, 4, true)), "{name}");
        // The pictures are needed to the end, for the gradient of the stem: a plan that writes over them must not pass.
        let mut broken = plan.clone();
        let other = TrainingBuffer::Slot((plan.input_slot + 1) % plan.slots.len());
        for buffer in broken.steps.iter_mut().flat_map(|step| step.reads.iter_mut().chain([&mut step.output])) {
            if *buffer == other {
                *buffer = TrainingBuffer::Slot(plan.input_slot);
            }
        }
        let seen = std::panic::catch_unwind(|| learned(&broken) != expected);
        assert!(seen.unwrap_or(true), "{name}: the check sees a buffer that is overwritten");
    }
}

/// The layers' own tensors: parameters and running statistics, each once, with PyTorch's keys and shapes.
#[test]
fn every_tensor_of_the_network_has_a_place() {
    for name in ["resnext20_8x8d", "resnext50_biased"] {
        let plan = planned(name, 2, false);
        let mut placed: Vec<_> =
            plan.parameters.iter().chain(&plan.running).flat_map(|state| state.tensors.clone()).collect();
        let mut expected = tensor_shapes(&plan.graph.config).unwrap();
        placed.sort();
        expected.sort();
        assert_eq!(placed, expected, "{name}");
        let learned: usize = plan.parameters.iter().map(State::len).sum();
        assert_eq!(learned as u64, plan.graph.parameters(), "{name}");
        let optimised = plan.steps.iter().filter_map(|step| match step.task {
            TrainingTask::Sgd { len, .. } => Some(len as u64),
            _ => None,
        });
        assert_eq!(optimised.sum::<u64>(), plan.graph.parameters(), "{name}: each is learned once");
    }
}

/// Three times the forward pass, but for the gradient of the pictures.
#[test]
fn multiply_adds_are_three_times_the_forward_pass() {
    let plan = planned("resnext20_8x8d", 64, false);
    let stem = plan.graph.layer_macs(&plan.graph.layers[0]);
    assert_eq!(plan.macs(), 3 * plan.graph.macs() - stem);
}

#[test]
fn memory_is_near_what_lives_at_once() {
    for (name, n) in [("resnext20_8x8d", 64), ("resnext50_32x4d", 8), ("resnext101_32x8d", 2)] {
        let (plan, kept) = (planned(name, n, false), planned(name, n, true));
        let (bytes, bound) = (plan.activation_bytes(), plan.lower_bound);
        println!("{name} {n}: {bytes} of at least {bound}, with gradients kept {}", kept.activation_bytes());
        assert!(bytes <= bound + bound / 8, "{name}: {bytes} bytes for {bound} that live at once");
        assert!(kept.activation_bytes() >= bytes, "{name}");
    }
}

#[test]
fn it_prints_itself() {
    let text = planned("resnext20_8x8d", 64, false).to_string();
    assert!(text.starts_with("training plan of ResNeXt-20 8×8d, input 64×3×32×32\nforward   conv1"), "{text}");
    for part in
        ["backward  layer1.0.conv2             conv2d_grad_weight", "optimiser conv1", "loss      loss", "at the peak"]
    {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let config = ResNextConfig::preset("resnext20_8x8d").unwrap();
    let refused = |graph| TrainingPlan::new(graph, TrainingOptions::default()).unwrap_err();
    for form in [BlockForm::A, BlockForm::B] {
        let error = refused(Graph::build(&config, 2, (32, 32), form).unwrap());
        assert!(matches!(error, PlanError::NotTrainable { .. }), "{error}");
        assert!(error.to_string().contains("form C"), "{error}");
    }
    for num_classes in [0, 1] {
        let error = refused(graph(&ResNextConfig { num_classes, ..config.clone() }, 2));
        assert!(error.to_string().contains("two classes"), "{error}");
    }
    let block = graph(&config, 2).block("layer2.0", BlockForm::C).unwrap();
    assert!(matches!(refused(block), PlanError::NotTrainable { .. }));
    let error = refused(Graph::build(&config, 1, (3, 3), BlockForm::C).unwrap());
    assert_eq!(
        error.to_string(),
        "layer3.0.bn2: batch norm cannot be trained on one value per channel (1×256×1×1, n×c×h×w); use larger pictures or more of \
         them"
    );
}
