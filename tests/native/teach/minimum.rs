//! The head that is learned is the one with the smallest loss.

use cardinal::teach::{Example, GRADIENT, Problem, TeachError};

use super::support::{Set, names, probabilities, wide};

#[test]
fn the_gradient_is_zero_and_every_other_head_is_worse() {
    let set = Set::new(&[7, 12, 5], 40, 0.4);
    let problem = set.problem();
    for l2 in [1e-3_f64, 0.1, 3.0, 100.0] {
        let fit = problem.fit(l2);
        assert!(fit.gradient <= GRADIENT * l2.min(1.0), "{l2}: {}", fit.gradient);
        let [weight, bias] = wide(&problem.head(&fit));
        // The weights as f32 are what is left of it: features are some 40.
        let gradient = set.gradient(l2, &weight, &bias);
        let largest = gradient.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let of_zeros = set.gradient(l2, &vec![0.0; weight.len()], &vec![0.0; bias.len()]);
        let peak = of_zeros.iter().fold(0.0_f64, |peak, value| peak.max(value.abs()));
        println!("L2 {l2}: gradient {:.1e} of that at zero", largest / peak);
        assert!(largest < 1e-5 * peak, "{l2}: {largest} of {peak}");

        let least = set.loss(l2, &weight, &bias);
        for direction in 0..20 {
            let turn = crate::common::prng::normal(3, &format!("direction {direction}"), weight.len(), 1e-4);
            let moved = |sign: f64| {
                let weight: Vec<f64> = weight.iter().zip(&turn).map(|(w, &t)| w + sign * f64::from(t)).collect();
                set.loss(l2, &weight, &bias)
            };
            let (up, down) = (moved(1.0), moved(-1.0));
            assert!(up > least && down > least, "{l2}: {least}, {up}, {down}");
            // The slope by differences, against how far the loss rises.
            assert!((up - down).abs() < 0.2 * (up + down - 2.0 * least), "{l2}: {least}, {up}, {down}");
        }
    }
}

/// A solver of another kind: plain gradient descent on weights and biases.
#[test]
fn gradient_descent_finds_the_same_head() {
    let set = Set::new(&[4, 3, 5], 2, 1.0);
    let l2 = 0.5;
    let problem = set.problem();
    let [weight, bias] = wide(&problem.head(&problem.fit(l2)));
    // Around the mean and in units of the spread, for gradient descent to get anywhere.
    let (pictures, spread) = (set.labels.len() as f64, set.square().sqrt());
    let mean = [0, 1].map(|feature| set.features.iter().map(|row| row[feature]).sum::<f32>() / pictures as f32);
    let row = |row: &Vec<f32>| row.iter().zip(mean).map(|(x, mean)| (x - mean) / spread as f32).collect();
    let scaled = Set { features: set.features.iter().map(row).collect(), ..set.subset(|_| true) };
    let mut at = [vec![0.0; 6], vec![0.0; 3]];
    for _ in 0..20_000 {
        let gradient = scaled.gradient(l2, &at[0], &at[1]);
        at.iter_mut().flatten().zip(gradient).for_each(|(value, gradient)| *value -= 0.05 * gradient);
    }
    for (one, other) in set.features.iter().zip(&scaled.features) {
        let (ours, theirs) = (probabilities(&weight, &bias, one), probabilities(&at[0], &at[1], other));
        assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-4), "{ours:?}, {theirs:?}");
    }
}

#[test]
fn two_classes_with_one_feature_have_the_head_of_the_equation() {
    let features: [[f32; 1]; 6] = [[1.0], [-1.0], [1.0], [-1.0], [1.0], [-1.0]];
    let examples: Vec<Example<'_>> =
        features.iter().map(|row| Example { class: usize::from(row[0] > 0.0), features: row }).collect();
    let problem = Problem::new(&names(2), &examples).unwrap();
    for l2 in [0.01_f64, 1.0, 10.0] {
        let head = problem.head(&problem.fit(l2));
        // Mean 0 and spread 1: the weights are -a and a, with l2 · a = 6 / (1 + exp(2a)).
        let (mut low, mut high) = (0.0_f64, 1e3);
        for _ in 0..100 {
            let a = f64::midpoint(low, high);
            if l2 * a < 6.0 / (1.0 + (2.0 * a).exp()) { low = a } else { high = a }
        }
        let expected = [-low, low];
        for (weight, expected) in head.weight.iter().zip(expected) {
            assert!((f64::from(*weight) - expected).abs() < 1e-5 * low, "{l2}: {weight}, expected {expected}");
        }
        assert!(head.bias.iter().all(|bias| bias.abs() < 1e-5), "{:?}", head.bias);
    }
}

/// Pictures that are all the same tell only how often a class occurs, and so do no features at all.
#[test]
fn without_a_difference_the_answer_is_how_often_a_class_occurs() {
    for row in [&[3.0_f32, 5.0][..], &[]] {
        let examples = [0, 1, 1, 1, 2, 2].map(|class| Example { class, features: row });
        let problem = Problem::new(&names(3), &examples).unwrap();
        let head = problem.head(&problem.fit(problem.choose_l2()));
        let total: f64 = head.bias.iter().map(|bias| f64::from(*bias).exp()).sum();
        for (bias, expected) in head.bias.iter().zip([1.0 / 6.0, 0.5, 1.0 / 3.0]) {
            assert!((f64::from(*bias).exp() / total - expected).abs() < 1e-5, "{:?}", head.bias);
        }
        assert!(head.weight.iter().all(|weight| *weight == 0.0));
    }
}

#[test]
fn more_l2_means_smaller_weights_and_no_class_is_forgotten() {
    // A class with one picture, and pictures in no order of their classes.
    let set = Set::new(&[9, 1, 6], 30, 0.5);
    let problem = set.problem();
    let mut last = f64::INFINITY;
    for l2 in [1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0] {
        let [weight, bias] = wide(&problem.head(&problem.fit(l2)));
        let length = weight.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        assert!(length < last && length > 0.0, "{l2}: {length} after {last}");
        last = length;
        // On all pictures together, each class is expected as often as it occurs: the gradient of its bias is zero.
        let mut expected = [0.0; 3];
        for (&label, row) in set.labels.iter().zip(&set.features) {
            let probabilities = probabilities(&weight, &bias, row);
            expected.iter_mut().zip(&probabilities).for_each(|(sum, probability)| *sum += probability);
            assert!(l2 > 0.1 || probabilities[label] > 0.5, "{l2}: learned by heart, {probabilities:?} of {label}");
        }
        assert!(expected.iter().zip([9.0, 1.0, 6.0]).all(|(sum, count)| (sum - count).abs() < 1e-3), "{expected:?}");
    }
}

#[test]
fn what_cannot_be_learned_is_said_in_words() {
    let (two, three) = ([1.0_f32, 2.0], [1.0_f32, 2.0, 3.0]);
    let refused = |classes: usize, examples: &[Example<'_>]| match Problem::new(&names(classes), examples) {
        Ok(_) => panic!("it was taken"),
        Err(error) => (error.to_string(), error),
    };
    let of = |class, features| Example { class, features };
    let one = refused(1, &[of(0, &two)]);
    assert_eq!(one.1, TeachError::Classes { got: 1 });
    assert_eq!(one.0, "there must be two or more classes to tell apart, got 1; add a class");
    let empty = refused(3, &[of(0, &two), of(2, &two)]).0;
    assert_eq!(empty, "the class \"class 1\" has no picture; add some, or remove the class");
    assert_eq!(refused(2, &[]).1, TeachError::EmptyClass { class: "class 0".into() });
    let unknown = refused(2, &[of(0, &two), of(2, &two)]).1;
    assert_eq!(unknown, TeachError::UnknownClass { picture: 1, class: 2, classes: 2 });
    let other = refused(2, &[of(0, &two), of(1, &three)]).1;
    assert_eq!(other, TeachError::Features { picture: 1, expected: 2, got: 3 });
    let nan = refused(2, &[of(0, &two), of(1, &[0.0, f32::NAN])]).1;
    assert_eq!(nan, TeachError::NotFinite { picture: 1, index: 1 });
}
