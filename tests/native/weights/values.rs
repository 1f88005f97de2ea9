//! Values of tensors: decoding, untrained weights, batch norm and its folding.

use cardinal::model::ResNextConfig;
use cardinal::weights::{
    BN_EPS, Checkpoint, TensorSource, Untrained, WeightError, batch_norm_affine, fold_batch_norm, tensor_shapes,
};
use half::{bf16, f16};

use super::support::{Net, Tensor};

/// Values that both f16 and bf16 represent exactly; some are subnormal in f16.
const VALUES: [f32; 4] = [-1.5, 0.15625, 5.960_464_5e-8, -240.0];

#[test]
fn every_dtype_decodes_to_the_same_numbers() {
    let f32s = VALUES.map(f32::to_le_bytes).concat();
    let f16s = VALUES.map(|value| f16::from_f32(value).to_le_bytes()).concat();
    let bf16s = VALUES.map(|value| bf16::from_f32(value).to_le_bytes()).concat();
    for (dtype, bytes) in [("F32", f32s), ("F16", f16s), ("BF16", bf16s)] {
        let mut file = Net::tiny().file(dtype);
        file.get_mut("bn1.bias").bytes = bytes;
        let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
        assert_eq!(*checkpoint.tensor("bn1.bias", &[4]).unwrap(), VALUES, "{dtype}");
    }
    // Known bits: 1/3 in f16 and bf16, the largest f16.
    let mut file = Net::tiny().file("F16");
    file.get_mut("bn1.bias").bytes[..4].copy_from_slice(&[0x55, 0x35, 0xff, 0x7b]);
    let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
    assert_eq!(checkpoint.tensor("bn1.bias", &[4]).unwrap()[..2], [0.333_251_95, 65504.0]);
    let mut file = Net::tiny().file("BF16");
    file.get_mut("bn1.bias").bytes[..2].copy_from_slice(&[0xab, 0x3e]);
    let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
    assert_eq!(checkpoint.tensor("bn1.bias", &[4]).unwrap()[0], 0.333_984_38);
}

#[test]
fn the_largest_finite_numbers_are_accepted() {
    let largest = [
        ("F32", f32::MAX, &f32::MAX.to_le_bytes()[..]),
        ("F16", 65504.0, &[0xff, 0x7b]),
        ("BF16", f32::from(bf16::MAX), &[0x7f, 0x7f]),
    ];
    for (dtype, value, bytes) in largest {
        let mut file = Net::tiny().file(dtype);
        file.get_mut("bn1.bias").bytes[..bytes.len()].copy_from_slice(bytes);
        let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
        assert_eq!(checkpoint.tensor("bn1.bias", &[4]).unwrap()[0], value, "{dtype}");
    }
}

#[test]
fn tensors_need_no_alignment() {
    // The header grows by one byte at a time, so that the data begins at every remainder of 4.
    for padding in 0..4 {
        let mut file = Net::tiny().file("F32");
        file.metadata = vec![("note".to_owned(), "x".repeat(padding))];
        *file.get_mut("bn1.bias") = Tensor::f32("bn1.bias", &[4], &VALUES);
        let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
        assert_eq!(*checkpoint.tensor("bn1.bias", &[4]).unwrap(), VALUES);
    }
}

/// Mean and standard deviation.
fn moments(values: &[f32]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / n;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

#[test]
fn untrained_weights_are_kaiming_normal() {
    let source = Untrained { seed: 0 };
    for (name, shape, std) in [
        ("layer2.0.conv2.weight", &[256, 8, 3, 3][..], (2.0 / (9.0 * 256.0_f64)).sqrt()),
        ("conv1.weight", &[64, 3, 7, 7], (2.0 / (49.0 * 64.0_f64)).sqrt()),
        ("layer4.0.conv3.weight", &[2048, 512, 1, 1], (2.0 / 2048.0_f64).sqrt()),
        ("fc.weight", &[1000, 2048], (1.0 / 2048.0_f64).sqrt()),
    ] {
        let values = source.tensor(name, shape).unwrap();
        let n = values.len() as f64;
        assert_eq!(values.len(), shape.iter().product::<usize>());
        let (mean, got) = moments(&values);
        // The bounds are four standard errors of a mean and of a standard deviation.
        assert!(mean.abs() < 4.0 * std / n.sqrt(), "{name}: mean {mean}");
        assert!((got / std - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{name}: expected {std}, got {got}");
        // The distribution is normal: check the share beyond one, two and three standard deviations.
        for (sigmas, share) in [(1.0, 0.317_310_5), (2.0, 0.045_500_3), (3.0, 0.002_699_8)] {
            let beyond = values.iter().filter(|&&value| f64::from(value).abs() > sigmas * std).count() as f64 / n;
            assert!(
                (beyond - share).abs() < 4.0 * (share * (1.0 - share) / n).sqrt(),
                "{name}: {beyond} beyond {sigmas}"
            );
        }
    }
}

/// Scale and shift of a batch norm of `source`.
fn affine(source: &dyn TensorSource, key: &str, channels: usize) -> (Vec<f32>, Vec<f32>) {
    let part = |part: &str| source.tensor(&format!("{key}.{part}"), &[channels]).unwrap();
    let (weight, bias) = (part("weight"), part("bias"));
    batch_norm_affine(&weight, &bias, &part("running_mean"), &part("running_var"), source.bn_eps())
}

#[test]
fn untrained_batch_norm_does_nothing() {
    let source = Untrained { seed: 5 };
    let (scale, shift) = affine(&source, "layer1.0.bn2", 7);
    assert_eq!((scale, shift), (vec![(1.0 / (1.0 + BN_EPS).sqrt()) as f32; 7], vec![0.0; 7]));
    assert_eq!(*source.tensor("fc.bias", &[3]).unwrap(), [0.0; 3]);
    assert_eq!(*source.tensor("layer1.0.conv1.bias", &[2]).unwrap(), [0.0; 2]);
}

#[test]
fn untrained_values_are_pinned() {
    // The values are equal to the bit on every platform. Python computes the same to 1e-7, with SplitMix64 and FNV-1a written
    // out and statistics.NormalDist().inv_cdf.
    for (seed, name, shape, expected) in
        [(0, "conv1.weight", [64, 3, 7, 7], UNTRAINED_0), (7, "layer3.0.conv2.weight", [512, 16, 3, 3], UNTRAINED_7)]
    {
        let source = Untrained { seed };
        assert_eq!(source.tensor(name, &shape).unwrap()[..4], expected, "{name}");
    }
    // A hash of all two million values of fc; wasm gives the same.
    let source = Untrained { seed: 3 };
    let values = source.tensor("fc.weight", &[1000, 2048]).unwrap();
    let folded = values.iter().fold(0_u32, |sum, value| sum.wrapping_mul(31).wrapping_add(value.to_bits()));
    assert_eq!(folded, 1_195_097_269);
}

const UNTRAINED_0: [f32; 4] = [-0.0342148, 0.039810017, 0.017586747, -0.0036125525];
const UNTRAINED_7: [f32; 4] = [0.02522706, 0.012442784, -0.010076299, 0.009132071];

#[test]
fn untrained_values_depend_on_seed_and_name_alone() {
    let shapes = tensor_shapes(&ResNextConfig::cifar(1, 4, 8)).unwrap();
    let all = |seed| -> Vec<Vec<f32>> {
        let source = Untrained { seed };
        shapes.iter().map(|(name, shape)| source.tensor(name, shape).unwrap().into_owned()).collect()
    };
    let forwards = all(3);
    for ((name, shape), values) in shapes.iter().zip(&forwards).rev() {
        assert_eq!(*Untrained { seed: 3 }.tensor(name, shape).unwrap(), **values, "{name}");
    }
    let source = Untrained { seed: 3 };
    let tensor = |name: &str, shape: &[usize]| source.tensor(name, shape).unwrap().into_owned();
    let (a, b) = (tensor("layer1.0.conv1.weight", &[4, 4, 1, 1]), tensor("layer1.1.conv1.weight", &[4, 4, 1, 1]));
    assert_ne!(a, b);
    assert_ne!(a, Untrained { seed: 4 }.tensor("layer1.0.conv1.weight", &[4, 4, 1, 1]).unwrap().into_owned());
    // A longer tensor of the same name begins with the shorter one's values, scaled.
    let long = tensor("layer1.0.conv1.weight", &[4, 8, 1, 1]);
    assert_eq!(long[..16], a);
}

#[test]
fn untrained_tensors_nobody_has_are_refused() {
    let source = Untrained { seed: 0 };
    for (name, shape) in [("bn1.gamma", &[4][..]), ("conv1.weight", &[4, 4, 3]), ("fc.bias", &[]), ("", &[])] {
        assert!(matches!(source.tensor(name, shape), Err(WeightError::NoRule { .. })), "{name}");
    }
    let error = source.tensor("fc.weight", &[usize::MAX, 2]).unwrap_err();
    assert!(matches!(error, WeightError::TooLarge { .. }), "{error}");
    assert!(matches!(source.tensor("fc.bias", &[usize::MAX / 8]), Err(WeightError::TooLarge { .. })));
    assert_eq!(source.tensor("conv1.weight", &[0, 3, 3, 3]).unwrap().len(), 0);
}

/// Irregular values without a generator.
fn numbers(n: usize, scale: f32, offset: f32) -> Vec<f32> {
    (0..n).map(|i| ((i * 37 + 11) % 101) as f32 / 101.0 * scale + offset).collect()
}

#[test]
fn batch_norm_is_one_multiply_add() {
    let (weight, bias) = (numbers(5, 1.5, -0.5), numbers(5, 0.4, -0.2));
    let (mean, var) = (numbers(5, 2.0, -1.0), numbers(5, 3.0, 0.0));
    let (scale, shift) = batch_norm_affine(&weight, &bias, &mean, &var, 1e-3);
    for c in 0..5 {
        let x = 0.7_f64;
        let f = |values: &[f32]| f64::from(values[c]);
        let expected = (x - f(&mean)) / (f(&var) + 1e-3).sqrt() * f(&weight) + f(&bias);
        assert!((x * f(&scale) + f(&shift) - expected).abs() < 1e-6 * expected.abs().max(1.0));
    }
    // By hand: (2 - 0.5) / sqrt(4 + 0) * 3 + 1.
    assert_eq!(batch_norm_affine(&[3.0], &[1.0], &[0.5], &[4.0], 0.0), (vec![1.5], vec![0.25]));
}

#[test]
fn a_folded_convolution_computes_what_the_two_did() {
    let (out_channels, per_group, kernel) = (6, 2, 3);
    let taps = per_group * kernel * kernel;
    let (weight, bias) = (numbers(out_channels * taps, 2.0, -1.0), numbers(out_channels, 1.0, -0.5));
    let (scale, shift) = batch_norm_affine(
        &numbers(out_channels, 1.0, 0.5),
        &numbers(out_channels, 0.4, -0.2),
        &numbers(out_channels, 2.0, -1.0),
        &numbers(out_channels, 2.0, 0.1),
        BN_EPS,
    );
    let (mut folded, mut folded_bias) = (weight.clone(), bias.clone());
    fold_batch_norm(&mut folded, &mut folded_bias, &scale, &shift);
    let x = numbers(taps, 2.0, -1.0);
    let convolve = |weight: &[f32], bias: &[f32], oc: usize| -> f64 {
        let taps = weight[oc * taps..(oc + 1) * taps].iter().zip(&x);
        taps.map(|(&w, &x)| f64::from(w) * f64::from(x)).sum::<f64>() + f64::from(bias[oc])
    };
    for oc in 0..out_channels {
        let unfolded = convolve(&weight, &bias, oc) * f64::from(scale[oc]) + f64::from(shift[oc]);
        let got = convolve(&folded, &folded_bias, oc);
        assert!((got - unfolded).abs() < 1e-6 * unfolded.abs().max(1.0), "{oc}: expected {unfolded}, got {got}");
    }
}

#[test]
fn a_files_epsilon_is_used() {
    let mut file = Net::tiny().file("F32").with_config(r#"{"bn_eps": 0.25}"#);
    *file.get_mut("bn1.weight") = Tensor::f32("bn1.weight", &[4], &[1.0; 4]);
    *file.get_mut("bn1.running_var") = Tensor::f32("bn1.running_var", &[4], &[0.75, 0.0, 3.75, 0.0]);
    let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
    let (scale, _) = affine(&checkpoint, "bn1", 4);
    assert_eq!(scale, [1.0, 2.0, 0.5, 2.0]);
}
