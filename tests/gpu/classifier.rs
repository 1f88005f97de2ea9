//! The facade, on the CPU and on a GPU: options, batches, and outputs by name.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use crate::common;
use crate::common::compare::{compare, demand};
use cardinal::Error;
use cardinal::classifier::{Classification, Classifier, Device, Engine, LoadOptions, Model, Stats};
use cardinal::image::decode;
use cardinal::model::BlockForm;
use cardinal::plan::{GpuDtype, Plan, PlanError, PlanKind, PlanOptions};

/// The names of a block, and of a convolution whose own output the fused plan would otherwise not write.
const EXTRA: [&str; 2] = ["layer1.0", "layer3.1.conv2"];

fn asset(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The network that ships with the page.
async fn shipped() -> Model {
    let file = asset("models/resnext20_8x8d_cifar10_f16.safetensors");
    Model::open("shipped", Rc::new(file), None).await.unwrap()
}

/// A picture of a cat and one of horses, preprocessed for the network.
fn pictures(model: &Model) -> Vec<f32> {
    let tensor = |name| model.preprocess().apply(&decode(&asset(name)).unwrap()).unwrap().tensor;
    ["samples/kitten.jpg", "samples/horses.jpg"].into_iter().flat_map(tensor).collect()
}

fn labels(answers: &[Classification]) -> Vec<&str> {
    answers.iter().map(|answer| answer.top_k[0].label.as_deref().unwrap()).collect()
}

async fn devices() -> [Device; 2] {
    [Device::Cpu, Device::Gpu(Rc::new(common::gpu().await))]
}

/// A map costs little beside the run that it is made of: at most 5 ms, and the test fails at three times that.
#[test]
fn class_activation_maps_are_cheap() {
    const BAR_MS: f64 = 5.0;
    pollster::block_on(async {
        let model = shipped().await;
        let input = pictures(&model);
        let input = &input[..input.len() / 2];
        let device = Device::Gpu(Rc::new(common::gpu().await));
        let classifier = Classifier::load(&device, &model, PlanKind::Fused, |_| {}).await.unwrap();
        let best: Vec<usize> = classifier.classify(input).await.unwrap().top_k.iter().map(|best| best.index).collect();
        let (mut without, mut with) = (Vec::new(), Vec::new());
        // Alternately, the first round to warm up.
        for round in 0..16 {
            let start = Instant::now();
            classifier.classify(input).await.unwrap();
            let middle = Instant::now();
            let run = classifier.classify(input).await.unwrap().run;
            let maps = classifier.class_activation(run, &best).await.unwrap().expect("the last run");
            assert_eq!(maps.shape.c, 5);
            if round > 0 {
                without.push((middle - start).as_secs_f64() * 1e3);
                with.push(middle.elapsed().as_secs_f64() * 1e3);
            }
        }
        let (without, with) = (Stats::new(without).median, Stats::new(with).median);
        println!("an answer {without:.2} ms, with five maps {with:.2} ms (bar {BAR_MS} ms more)");
        assert!(with - without < 3.0 * BAR_MS);
    });
}

#[test]
fn a_network_with_extra_outputs_still_answers_and_gives_them_by_name() {
    pollster::block_on(async {
        let model = shipped().await;
        let input = pictures(&model);
        for device in devices().await {
            let batch = LoadOptions { batch: 2, ..LoadOptions::default() };
            let extra = LoadOptions { outputs: EXTRA.map(str::to_owned).to_vec(), ..batch.clone() };
            let usual = Classifier::load(&device, &model, batch, |_| {}).await.unwrap();
            let usual = usual.classify_batch(&input).await.unwrap();
            let classifier = Classifier::load(&device, &model, extra, |_| {}).await.unwrap();
            let answers = classifier.classify_batch(&input).await.unwrap();
            assert_eq!(labels(&answers), ["cat", "horse"]);
            assert_eq!(labels(&usual), ["cat", "horse"]);
            assert!(usual.iter().all(|answer| answer.outputs.iter().count() == 0));
            for (answer, usual) in answers.iter().zip(&usual) {
                let expected: Vec<f64> = usual.logits.iter().map(|&value| f64::from(value)).collect();
                demand([compare("logits", &answer.logits, &expected, 1e-5)]);
            }

            // The outputs of the plan, run without the facade.
            let options = PlanOptions { tuning: device.tuning(), ..PlanKind::Fused.into() };
            let plan = Plan::with_outputs(classifier.graph().clone(), options, &EXTRA).unwrap();
            let engine = Engine::build(&device, plan, &model, &|_| {}).await.unwrap();
            let run = engine.run(&input).await.unwrap();
            for name in EXTRA {
                let whole = run.outputs.get(name).unwrap();
                let len = whole.values.len() / 2;
                assert!(whole.values.iter().any(|&value| value != 0.0), "{name}");
                for (n, answer) in answers.iter().enumerate() {
                    let own = answer.outputs.get(name).unwrap();
                    assert_eq!((own.shape.n, own.shape.len()), (1, len), "{name}");
                    assert_eq!(own.values, whole.values[n * len..(n + 1) * len], "{name}");
                }
            }
        }
    });
}

#[test]
fn every_option_is_heeded() {
    pollster::block_on(async {
        let model = shipped().await;
        let input = pictures(&model);
        for device in devices().await {
            let options = LoadOptions {
                plan: PlanKind::Plain,
                weight_dtype: GpuDtype::F16,
                batch: 2,
                form: BlockForm::B,
                ..LoadOptions::default()
            };
            let classifier = Classifier::load(&device, &model, options, |_| {}).await.unwrap();
            assert_eq!(labels(&classifier.classify_batch(&input).await.unwrap()), ["cat", "horse"]);
            let plan = classifier.plan();
            assert_eq!((plan.options.kind, plan.options.weight_dtype), (PlanKind::Plain, GpuDtype::F16));
            assert_eq!(plan.options.tuning, device.tuning());
            assert!(plan.graph.layers.iter().any(|layer| layer.name == "layer1.0.concat"), "not form B");
        }
    });
}

#[test]
fn an_output_that_no_layer_writes_is_refused_by_name() {
    pollster::block_on(async {
        let model = shipped().await;
        let options = LoadOptions { outputs: vec!["layer9.0".to_owned()], ..LoadOptions::default() };
        let Err(error) = Classifier::load(Device::Cpu, &model, options, |_| {}).await else { panic!("it loaded") };
        assert!(matches!(&error, Error::Plan(PlanError::UnknownOutput(name)) if name == "layer9.0"), "{error}");
    });
}
