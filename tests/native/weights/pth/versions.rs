//! Files of two versions of PyTorch, in every way in which it stores a network (`tests/data/make_pth_fixtures.py`).

use cardinal::classifier::{Device, Engine};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{LOGITS, Plan, PlanKind, PlanOptions};
use cardinal::weights::{Checkpoint, Container, TorchError, WeightError};

use super::super::support::read;
use super::{opened, same_as};

const VERSIONS: [&str; 2] = ["1.13", "2.15"];

fn made(version: &str, name: &str) -> Vec<u8> {
    read(&format!("tests/data/pth/{version}/{name}"))
}

fn twin() -> Vec<u8> {
    read("tests/data/pth/twin.safetensors")
}

#[test]
fn every_way_to_save_gives_the_twin() {
    for version in VERSIONS {
        for name in [
            "state_dict.pth",
            "legacy.pth",
            "protocol4.pth",
            "half.pth",
            "bf16.pth",
            "double.pth",
            "shared.pth",
            "strided.pth",
            "strided_legacy.pth",
            "checkpoint.pth",
            "module.pth",
            "module_legacy.pth",
            "parameters.pth",
        ] {
            println!("{version} {name}");
            let bytes = made(version, name);
            same_as(&twin(), &bytes, |value| value);
            let reading = opened(&twin(), &bytes).reading().clone();
            let expected = if name.contains("legacy") { Container::TorchLegacy } else { Container::TorchZip };
            assert_eq!(reading.container, expected, "{version} {name}");
        }
    }
}

#[test]
fn what_is_beside_the_network_is_left_aside_and_told() {
    for version in VERSIONS {
        let reading = opened(&twin(), &made(version, "checkpoint.pth")).reading().clone();
        assert_eq!(reading.path, ["model"], "{version}");
        assert_eq!(reading.prefix, "module.");
        let beside =
            ["epoch", "model_ema (80 tensors)", "optimizer (41 tensors)", "args", "best", "history", "when", "out"];
        assert_eq!(reading.left_aside, beside, "{version}");
        let alone = opened(&twin(), &made(version, "state_dict.pth")).reading().clone();
        assert!(alone.path.is_empty() && alone.left_aside.is_empty(), "{alone:?}");
        assert!(opened(&twin(), &made(version, "module.pth")).reading().left_aside.is_empty(), "{version}");
    }
}

#[track_caller]
fn refused(version: &str, name: &str) -> TorchError {
    match Checkpoint::parse(made(version, name)).err() {
        Some(WeightError::Torch(error)) => error,
        other => panic!("{version} {name}: {other:?}"),
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_name_that_was_found() {
    for version in VERSIONS {
        let name = "torch QInt8Storage".to_owned();
        assert_eq!(refused(version, "quantised.pth"), TorchError::Tensors { what: "quantised tensors", name });
        let name = "torch._utils _rebuild_sparse_tensor".to_owned();
        assert_eq!(refused(version, "sparse.pth"), TorchError::Tensors { what: "sparse tensors", name });
        let name = "posix getcwd".to_owned();
        assert_eq!(refused(version, "reduce.pth"), TorchError::Call { name });
        assert!(refused(version, "script.pt").to_string().contains("TorchScript"));
        let paths = vec!["teacher".to_owned(), "student".to_owned()];
        assert_eq!(refused(version, "two.pth"), TorchError::SeveralNetworks { paths });
        let found = vec!["state (41 tensors)".to_owned(), "param_groups".to_owned()];
        assert_eq!(refused(version, "optimizer.pth"), TorchError::NoNetwork { found });
    }
}

/// The logits of the CPU engine, bit for bit.
fn logits(checkpoint: &Checkpoint<Vec<u8>>) -> Vec<u32> {
    let graph = Graph::build(checkpoint.config(), 1, (12, 12), BlockForm::C).unwrap();
    let input: Vec<f32> = (0..3 * 12 * 12).map(|i| (i * 37 % 101) as f32 / 50.0 - 1.0).collect();
    let plan = Plan::new(graph, PlanOptions::from(PlanKind::Fused)).unwrap();
    pollster::block_on(async {
        let engine = Engine::build(&Device::Cpu, plan, checkpoint, &|_| {}).await.unwrap();
        let run = engine.run(&input).await.unwrap();
        run.outputs.values(LOGITS).iter().map(|value| value.to_bits()).collect()
    })
}

#[test]
fn logits_are_the_twins_to_the_bit() {
    let expected = logits(&opened(&twin(), &twin()));
    assert!(expected.iter().any(|&bits| bits != expected[0]), "the logits differ");
    for version in VERSIONS {
        for name in ["state_dict.pth", "strided.pth", "shared.pth", "legacy.pth", "double.pth", "module.pth"] {
            assert_eq!(logits(&opened(&twin(), &made(version, name))), expected, "{version} {name}");
        }
    }
}
