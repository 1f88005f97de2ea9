//! The choice of the L2, and pictures left out, against learning anew from the pictures that are left.

use std::time::Instant;

use cardinal::teach::{FOLDS, GRADIENT, SUGGESTED_PICTURES};

use super::support::{Set, probabilities, wide};

/// What a head that has learned from `part` with this L2 (in the units of `whole`) finds a picture of `whole` to be. A class
/// without a picture in `part` is not known.
fn learned_anew(whole: &Set, part: &Set, l2: f64, picture: usize) -> Vec<f64> {
    let (known, part) = part.of_its_classes();
    let problem = part.problem();
    let [weight, bias] = wide(&problem.head(&problem.fit(l2 * whole.square() / part.square())));
    let mut found = vec![0.0; whole.classes.len()];
    let of_known = probabilities(&weight, &bias, &whole.features[picture]);
    known.into_iter().zip(of_known).for_each(|(class, probability)| found[class] = probability);
    found
}

#[test]
fn leaving_a_picture_out_is_learning_without_it() {
    let set = Set::new(&[6, 9, 4], 50, 0.25);
    let problem = set.problem();
    for l2 in [0.01, 0.3, 30.0] {
        let fit = problem.fit(l2);
        let mut wrong = 0;
        for picture in 0..set.labels.len() {
            let expected = learned_anew(&set, &set.subset(|other| other != picture), l2, picture);
            let left_out = problem.left_out(&fit, picture);
            let best = expected.iter().copied().fold(0.0, f64::max);
            assert!((left_out.probability - best).abs() < 1e-4, "{l2}: {left_out:?}, expected {expected:?}");
            assert!((expected[left_out.answer] - best).abs() < 1e-4, "{l2}: {left_out:?}, expected {expected:?}");
            assert_eq!(left_out.is_right, left_out.answer == set.labels[picture]);
            wrong += usize::from(!left_out.is_right);
        }
        println!("L2 {l2}: {wrong} of {} wrong", set.labels.len());
        // Learned by heart they would all be right.
        assert!(wrong > 0 && wrong < set.labels.len());
    }
}

/// Without its only picture a class is not known: it is answered for no picture, and nothing becomes infinite.
#[test]
fn the_only_picture_of_a_class_is_taken_for_another() {
    let set = Set::new(&[5, 1, 5], 20, 2.0);
    let problem = set.problem();
    let l2 = problem.choose_l2();
    let fit = problem.fit(l2);
    let only = set.labels.iter().position(|&label| label == 1).unwrap();
    let left_out = problem.left_out(&fit, only);
    assert!(left_out.answer != 1 && !left_out.is_right && left_out.probability.is_finite(), "{left_out:?}");
    // As if there had never been the class.
    let expected = learned_anew(&set, &set.subset(|picture| picture != only), l2, only);
    assert!((expected[left_out.answer] - left_out.probability).abs() < 1e-4, "{left_out:?}, {expected:?}");
    assert!((0..set.labels.len()).filter(|&picture| picture != only).all(|p| problem.left_out(&fit, p).is_right));
    // One picture per class: nothing can be left out to choose by, and each is taken for the other.
    let two = Set::new(&[1, 1], 20, 2.0).problem();
    let fit = two.fit(two.choose_l2());
    assert_eq!([0, 1].map(|picture| two.left_out(&fit, picture).answer), [1, 0]);
}

/// By the definition, from problems of their own: each fold has every class's next picture.
#[test]
fn the_l2_is_the_one_that_is_best_for_pictures_left_out() {
    for (apart, features, counts) in
        [(0.2, 30, [12, 7, 9]), (0.5, 60, [12, 7, 9]), (3.0, 30, [12, 7, 9]), (0.3, 30, [12, 1, 15])]
    {
        let set = Set::new(&counts, features, apart);
        let mut next = [0, counts[0], counts[0] + counts[1]];
        let mut fold = |&label: &usize| {
            next[label] += 1;
            (next[label] - 1) % FOLDS
        };
        let folds: Vec<usize> = set.labels.iter().map(&mut fold).collect();
        let loss = |l2: f64| -> f64 {
            let of = |fold: usize| {
                let part = set.subset(|picture| folds[picture] != fold);
                let out = (0..folds.len()).filter(|&picture| folds[picture] == fold);
                // The only picture of a class says nothing about the L2 where it is left out.
                let out = out.filter(|&out| part.labels.contains(&set.labels[out]));
                out.map(|out| -learned_anew(&set, &part, l2, out)[set.labels[out]].ln()).sum::<f64>()
            };
            (0..FOLDS).map(of).sum()
        };
        let grid = (0..11).map(|step| 10_f64.powf(2.0 - f64::from(step) / 2.0));
        let losses: Vec<(f64, f64)> = grid.map(|l2| (l2, loss(l2))).collect();
        let best = losses.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
        let chosen = set.problem().choose_l2();
        println!("{apart} apart: {chosen} of {losses:?}");
        assert_eq!(chosen, best);
    }
    // The more the classes overlap, the more it takes.
    let [noise, clear] = [0.0, 3.0].map(|apart| Set::new(&[12, 7, 9], 30, apart).problem().choose_l2());
    assert!(noise >= 10.0 && clear <= 0.1, "{noise}, {clear}");
}

#[test]
fn the_same_pictures_give_the_same_bits_and_their_order_does_not_matter() {
    let set = Set::new(&[6, 9, 4], 50, 0.4);
    let learned = |set: &Set| {
        let problem = set.problem();
        let fit = problem.fit(problem.choose_l2());
        let left_out: Vec<_> = (0..set.labels.len()).map(|picture| problem.left_out(&fit, picture)).collect();
        (problem.head(&fit), left_out)
    };
    assert_eq!(learned(&set), learned(&set));
    let backwards = Set {
        labels: set.labels.iter().rev().copied().collect(),
        features: set.features.iter().rev().cloned().collect(),
        ..set.subset(|_| true)
    };
    let (one, two) = (set.problem(), backwards.problem());
    let (one, two) = (one.head(&one.fit(0.1)), two.head(&two.fit(0.1)));
    let peak = one.weight.iter().fold(0.0_f32, |peak, weight| peak.max(weight.abs()));
    assert!(one.weight.iter().zip(&two.weight).all(|(a, b)| (a - b).abs() < 1e-5 * peak));
}

#[test]
fn classes_with_few_pictures_are_told() {
    let small = Set::new(&[SUGGESTED_PICTURES - 1, SUGGESTED_PICTURES, 1], 3, 1.0).problem().small_classes();
    assert_eq!(small, [(0, SUGGESTED_PICTURES - 1), (2, 1)]);
}

/// 20 pictures of each of 5 classes, as the page has them; printed, because this machine may be busy.
#[test]
fn a_hundred_pictures_are_learned_at_once() {
    for apart in [0.05, 0.15, 1.0] {
        let set = Set::new(&[20; 5], 1024, apart);
        let start = Instant::now();
        let problem = set.problem();
        let gram = start.elapsed();
        let l2 = problem.choose_l2();
        let chosen = start.elapsed();
        let fit = problem.fit(l2);
        let fitted = start.elapsed();
        let right = (0..100).filter(|&picture| problem.left_out(&fit, picture).is_right).count();
        println!(
            "{apart} apart: products {gram:?}, L2 {l2} {chosen:?}, head {fitted:?}, {right} right {:?}",
            start.elapsed()
        );
        assert!(fit.gradient <= GRADIENT * l2.min(1.0));
    }
}
