//! Which of several dictionaries is taken, at any depth.

use cardinal::weights::{Checkpoint, TorchError, WeightError};

use super::super::support::Net;
use super::writer::{Part, Pickle, ZipOptions, archive};

/// An archive of dictionaries at these paths, each a whole network of zeros.
fn file(paths: &[&str]) -> Vec<u8> {
    let tensors = Net::tiny().file("F32").tensors;
    let mut values = 0;
    let mut parts = Vec::new();
    for tensor in tensors.iter().filter(|tensor| tensor.dtype == "F32") {
        let mut strides = vec![1; tensor.shape.len()];
        for axis in (1..strides.len()).rev() {
            strides[axis - 1] = strides[axis] * tensor.shape[axis];
        }
        let (key, shape) = ("0".to_owned(), tensor.shape.clone());
        let part = Part { class: "FloatStorage", key, elements: 0, offset: values, shape, strides, is_legacy: false };
        parts.push((tensor.name.clone(), part));
        values += tensor.shape.iter().product::<u64>();
    }
    for (_, part) in &mut parts {
        part.elements = values;
    }
    let mut program = Pickle::new(2);
    program.op(b"}").text("epoch").int(7).op(b"s");
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        for (i, step) in steps.iter().enumerate() {
            program.text(step);
            if i + 1 < steps.len() {
                program.op(b"}");
            }
        }
        program.state_dict(&parts).op(&b"s".repeat(steps.len()));
    }
    let bytes = vec![0; values as usize * 4];
    archive(&program.end(), &[("0".to_owned(), bytes)], ZipOptions::default())
}

#[test]
fn the_best_known_name_is_taken_and_the_others_are_told() {
    for (paths, taken) in [
        (&["state_dict"][..], "state_dict"),
        (&["ema"], "ema"),
        (&["whatever"], "whatever"),
        (&["a.b.c.state_dict"], "a.b.c.state_dict"),
        (&["model", "state_dict"], "state_dict"),
        (&["ema", "net"], "net"),
        (&["params_ema", "params"], "params"),
        (&["model_ema.state_dict", "model.state_dict"], "model.state_dict"),
        (&["model_state_dict", "model"], "model_state_dict"),
        (&["optimizer.copies", "weights"], "weights"),
    ] {
        let reading =
            Checkpoint::parse(file(paths)).unwrap_or_else(|error| panic!("{paths:?}: {error}")).reading().clone();
        assert_eq!(reading.path.join("."), taken, "{paths:?}");
        assert_eq!(reading.left_aside.len(), paths.len(), "{paths:?}: {:?}", reading.left_aside);
        assert_eq!(reading.left_aside[0], "epoch");
    }
}

#[test]
fn equals_are_listed() {
    for paths in [["model", "net"], ["ema", "swa"], ["generator", "critic"], ["a.state_dict", "b.state_dict"]] {
        let error = Checkpoint::parse(file(&paths)).err().unwrap();
        let listed = paths.map(str::to_owned).to_vec();
        assert_eq!(error, WeightError::Torch(TorchError::SeveralNetworks { paths: listed }));
    }
    let error = Checkpoint::parse(file(&["optimizer"])).err().unwrap();
    let found = vec!["epoch".to_owned(), "optimizer (82 tensors)".to_owned()];
    assert_eq!(error, WeightError::Torch(TorchError::NoNetwork { found }));
}
