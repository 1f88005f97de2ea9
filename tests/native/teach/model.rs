//! Networks with a head that was taught: they answer as taught, they have maps, and they are saved whole.

use std::rc::Rc;

use cardinal::Error;
use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
use cardinal::cpu::CpuError;
use cardinal::model::ResNextConfig;
use cardinal::plan::FEATURES;
use cardinal::teach::{Example, Head, Problem};
use cardinal::weights::WeightError;

use super::support::names;
use crate::common::prng;
use crate::common::saved::saved;

const WEIGHTS: [&str; 6] = [
    "golden/models/tiny_c4.weights",
    "golden/models/tiny_gray.weights",
    "field/checkpoints/no_fc_bias",
    "field/checkpoints/no_head",
    "field/checkpoints/one_logit",
    // It states an accuracy, which is not the taught head's.
    "../../assets/models/resnext20_8x8d_cifar10_f16",
];

async fn open(bytes: Vec<u8>) -> Model {
    Model::open("a network", Rc::new(bytes), None).await.expect("a network")
}

/// Networks with a head, with another one, with none, and untrained.
async fn networks() -> Vec<(String, Model)> {
    let mut networks =
        vec![("untrained".to_owned(), Model::untrained(ResNextConfig::preset("resnext20_8x8d").unwrap()))];
    for name in WEIGHTS {
        let path = format!("{}/tests/data/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        networks.push((name.to_owned(), open(std::fs::read(path).unwrap()).await));
    }
    networks
}

async fn load(model: &Model) -> Classifier {
    Classifier::load(&Device::Cpu, model, LoadOptions::default().with_features(), |_| {}).await.expect("it loads")
}

/// Pictures of noise whose brightness tells the class.
fn pictures(model: &Model) -> Vec<(usize, Vec<f32>)> {
    let len = model.config().in_channels * model.input_size().pow(2);
    let picture = |at: usize| {
        let class = at % 3;
        let noise = prng::normal(5, &format!("picture {at}"), len, 1.0);
        (class, noise.iter().map(|value| value * 0.5 + class as f32 - 1.0).collect())
    };
    (0..9).map(picture).collect()
}

#[test]
fn a_taught_network_answers_as_taught_has_maps_and_is_saved_whole() {
    pollster::block_on(async {
        for (name, model) in networks().await {
            let classifier = load(&model).await;
            let plain = Classifier::load(&Device::Cpu, &model, LoadOptions::default(), |_| {}).await.unwrap();
            let pictures = pictures(&model);
            let mut features = Vec::new();
            for (_, picture) in &pictures {
                let answer = classifier.classify(picture).await.unwrap();
                let alone = plain.classify(picture).await.unwrap();
                assert_eq!((&answer.logits, &answer.top_k), (&alone.logits, &alone.top_k), "{name}");
                let read = classifier.read(picture, &[FEATURES]).await.unwrap();
                assert_eq!(answer.features(), read.values(FEATURES), "{name}");
                assert!(!answer.features().is_empty(), "{name}");
                features.push(answer.features().to_vec());
            }
            let examples: Vec<Example<'_>> = pictures
                .iter()
                .zip(&features)
                .map(|((class, _), features)| Example { class: *class, features })
                .collect();
            let problem = Problem::new(&names(3), &examples).unwrap();
            let head = problem.head(&problem.fit(1e-3));
            let taught = model.with_head(names(3), &head, "taught in a test".into());
            let taught_classifier = load(&taught).await;

            let metadata = taught.metadata().expect("it is taught");
            let bytes = saved(taught.config(), metadata, false, &taught).await.unwrap();
            let theirs = safetensors::SafeTensors::deserialize(&bytes).unwrap();
            assert_eq!(theirs.tensor("fc.weight").unwrap().shape(), [3, features[0].len()], "{name}");
            let again = open(bytes.clone()).await;
            assert_eq!((again.config(), again.metadata()), (taught.config(), taught.metadata()), "{name}");
            assert_eq!(again.labels().unwrap(), names(3), "{name}");
            assert!(again.metadata().unwrap().recipe.as_deref().unwrap().ends_with("taught in a test"), "{name}");
            assert_eq!((again.preprocess(), again.test_accuracy()), (model.preprocess(), None), "{name}");
            let again = load(&again).await;
            for ((class, picture), features) in pictures.iter().zip(&features) {
                let answer = taught_classifier.classify(picture).await.unwrap();
                assert_eq!(answer.features(), features, "{name}: the rest of the network is as it was");
                assert_eq!(answer.top_k[0].index, *class, "{name}: {:?}", answer.probabilities);
                assert_eq!(answer.top_k[0].label.as_deref(), Some(&names(3)[*class][..]), "{name}");
                check_logits(&name, &head, features, &answer.logits);
                let maps =
                    taught_classifier.class_activation(answer.run, &[0, 1, 2]).await.unwrap().expect("the last run");
                let mean = |map: &[f32]| map.iter().map(|&value| f64::from(value)).sum::<f64>() / map.len() as f64;
                for (map, (bias, logit)) in
                    maps.values.chunks(maps.shape.h * maps.shape.w).zip(head.bias.iter().zip(&answer.logits))
                {
                    let scale = answer.logits.iter().fold(1.0_f32, |peak, logit| peak.max(logit.abs()));
                    let off = mean(map) + f64::from(*bias) - f64::from(*logit);
                    assert!(off.abs() < 1e-4 * f64::from(scale), "{name}: {off}");
                }
                let read_back = again.classify(picture).await.unwrap();
                assert_eq!(read_back.logits, answer.logits, "{name}");
            }
            // The network that it was taught from is what it was.
            assert_eq!(
                load(&model).await.classify(&pictures[0].1).await.unwrap().logits.len(),
                model.config().num_classes
            );
        }
    });
}

fn check_logits(name: &str, head: &Head, features: &[f32], logits: &[f32]) {
    for (class, &logit) in logits.iter().enumerate() {
        let terms = head.weight[class * features.len()..][..features.len()].iter().zip(features);
        let products: Vec<f64> = terms.map(|(w, x)| f64::from(*w) * f64::from(*x)).collect();
        let scale: f64 = 1.0 + products.iter().map(|product| product.abs()).sum::<f64>();
        let expected = products.iter().sum::<f64>() + f64::from(head.bias[class]);
        assert!((f64::from(logit) - expected).abs() < 1e-5 * scale, "{name}: {logit}, expected {expected}");
    }
}

#[test]
fn a_head_goes_with_its_network_only() {
    pollster::block_on(async {
        let (_, model) = networks().await.swap_remove(1);
        let features = *model.config().out_channels.last().unwrap();
        let head = |features: usize| Head { weight: vec![0.5; 2 * features], bias: vec![0.0; 2] };
        let taught = model.with_head(names(2), &head(features), String::new());
        assert!(taught.is_trained() && taught.config().num_classes == 2);
        assert!(taught.described("{}").unwrap().is_none(), "its classes are known");
        // Another configuration of the family has neither the weights nor the head.
        let other = taught.at(ResNextConfig { cardinality: 1, ..taught.config().clone() });
        assert!(!other.is_trained() && other.labels().is_none());
        // Back at its old configuration it is the old network.
        let old = taught.at(model.config().clone());
        assert_eq!((old.metadata(), old.is_trained()), (model.metadata(), true));

        let narrow = model.with_head(names(2), &head(features - 1), String::new());
        let refused = Classifier::load(&Device::Cpu, &narrow, LoadOptions::default(), |_| {}).await;
        let error = refused.err().expect("the head does not fit");
        let Error::Cpu(CpuError::Weight(WeightError::Shape { tensor, expected, got })) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            (&tensor[..], &expected[..], &got[..]),
            ("fc.weight", &[2, features][..], &[2, features as u64 - 1][..])
        );
    });
}
