//! Weights that are read from their source in parts: the header first, then a few tensors at a time.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use cardinal::image::Interpolation;
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{Plan, PlanKind};
use cardinal::weights::{ByteSource, Checkpoint, Pending, StoredCheckpoint, WeightError, WeightSource, tensor_shapes};

use super::support::{File, Net, Tensor};

/// A source that records which of its bytes were read.
struct Watched {
    bytes: Vec<u8>,
    reads: RefCell<Vec<Range<u64>>>,
}

impl Watched {
    fn new(bytes: Vec<u8>) -> Rc<Self> {
        Rc::new(Self { bytes, reads: RefCell::default() })
    }
}

impl ByteSource for Watched {
    fn size(&self) -> u64 {
        self.bytes.size()
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        self.reads.borrow_mut().push(range.clone());
        self.bytes.read(range)
    }
}

fn open(source: &Rc<Watched>, config_json: Option<&str>) -> Result<StoredCheckpoint, WeightError> {
    pollster::block_on(StoredCheckpoint::open(source.clone(), config_json))
}

/// The file is refused as it would be in memory, after only its header was read.
#[track_caller]
fn refused_alike(bytes: Vec<u8>) {
    let whole = Checkpoint::parse(bytes.clone()).err();
    let source = Watched::new(bytes);
    let stored = open(&source, None).err();
    assert!(stored.is_some(), "accepted");
    assert_eq!(stored, whole);
}

#[test]
fn the_header_is_read_and_no_more() {
    for dtype in ["F32", "F16", "BF16"] {
        let file = Net::tiny().file(dtype);
        let header = 8 + file.header().len() as u64;
        let source = Watched::new(file.bytes());
        let stored = open(&source, None).unwrap();
        assert_eq!(*source.reads.borrow(), [0..64, 0..header]);
        let whole = Checkpoint::parse(file.bytes()).unwrap();
        assert_eq!((stored.config(), stored.metadata()), (whole.config(), whole.metadata()));
    }
}

#[test]
fn tensors_fetched_are_those_of_the_whole_file() {
    use cardinal::weights::TensorSource;
    for dtype in ["F32", "F16", "BF16"] {
        let mut file = Net::tiny().file(dtype);
        file.get_mut("conv1.weight").bytes[0] = 0x35;
        let whole = Checkpoint::parse(file.bytes()).unwrap();
        let stored = open(&Watched::new(file.bytes()), None).unwrap();
        let shapes = tensor_shapes(whole.config()).unwrap();
        let names: Vec<String> = shapes.iter().map(|(name, _)| name.clone()).collect();
        // All tensors are fetched at once, then each by itself.
        let all = pollster::block_on(stored.fetch(&names)).unwrap();
        for (name, shape) in &shapes {
            let expected = whole.tensor(name, shape).unwrap();
            assert_eq!(all.tensor(name, shape).unwrap(), expected, "{dtype} {name}");
            let alone = std::slice::from_ref(name);
            assert_eq!(pollster::block_on(stored.fetch(alone)).unwrap().tensor(name, shape).unwrap(), expected);
        }
        assert_eq!(all.bn_eps(), whole.bn_eps());
        // A tensor that was not requested is not available.
        let other = pollster::block_on(stored.fetch(&names[..1])).unwrap();
        let (name, shape) = shapes.last().unwrap();
        assert_eq!(other.tensor(name, shape).err(), Some(WeightError::NoSuchTensor(name.clone())));
    }
}

#[test]
fn a_plan_reads_every_tensor_once_and_little_at_a_time() {
    let net = Net::resnext50();
    let source = Watched::new(net.file("F16").bytes());
    let stored = open(&source, None).unwrap();
    let graph = Graph::build(stored.config(), 1, (224, 224), BlockForm::C).unwrap();
    for kind in [PlanKind::Plain, PlanKind::Fused] {
        source.reads.borrow_mut().clear();
        let plan = Plan::new(graph.clone(), kind).unwrap();
        let mut named = Vec::new();
        for upload in &plan.uploads {
            let names = plan.tensors(upload);
            let tensors = pollster::block_on(stored.fetch(&names)).unwrap();
            plan.load(upload, &*tensors).unwrap_or_else(|error| panic!("{names:?}: {error}"));
            drop(tensors);
            named.extend(names);
        }
        let mut expected: Vec<String> =
            tensor_shapes(stored.config()).unwrap().into_iter().map(|(name, _)| name).collect();
        named.sort();
        expected.sort();
        assert_eq!(named, expected, "{kind}");
        // The largest tensor of this network has 2048 × 1024 f16 values; small neighbours may be read with it.
        let largest = source.reads.borrow().iter().map(|read| read.end - read.start).max().unwrap();
        assert!(largest < 2 * 2048 * 1024 + 100_000, "{kind}: {largest} bytes in one read");
    }
}

#[test]
fn what_is_broken_is_refused_in_the_same_words() {
    let good = Net::tiny().file("F32").bytes();
    refused_alike(Vec::new());
    for len in [5, 8, 40, 64, 200, good.len() - 1] {
        refused_alike(good[..len].to_vec());
    }
    refused_alike(b"<!doctype html><title>Not found</title>".to_vec());
    refused_alike(b"PK\x03\x04 and so on".to_vec());
    refused_alike(Net::tiny().file("F32").without(&["bn1.weight"]).bytes());
    refused_alike(Net::tiny().file("F32").with(Tensor::zeros("layer9", "F32", &[3])).bytes());
    refused_alike([good, vec![0]].concat());
}

#[test]
fn values_are_checked_as_they_are_fetched() {
    let mut file = Net::tiny().file("F32");
    file.get_mut("bn1.running_var").bytes[..4].copy_from_slice(&(-1.0_f32).to_le_bytes());
    let whole = Checkpoint::parse(file.bytes()).err().unwrap();
    let stored = open(&Watched::new(file.bytes()), None).unwrap();
    let fetch = |name: &str| pollster::block_on(stored.fetch(&[name.to_owned()])).err();
    assert_eq!(fetch("bn1.running_var"), Some(whole));
    assert_eq!(fetch("bn1.running_mean"), None);
}

/// timm's `config.json` of a fine-tuned network: test fields beside plain ones, labels at the top.
const TIMM: &str = r#"{"architecture": "resnext50_32x4d", "num_classes": 5, "num_features": 2048, "global_pool": "avg",
    "label_names": ["a", "b", "c", "d", "e"],
    "pretrained_cfg": {"tag": "tv2_in1k", "custom_load": false, "input_size": [3, 176, 176], "fixed_input_size": false,
        "test_input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.875, "test_crop_pct": 0.965,
        "crop_mode": "center", "mean": [0.5, 0.25, 0.125], "std": [0.25, 0.5, 1.0], "num_classes": 1000,
        "pool_size": [7, 7], "first_conv": "conv1", "classifier": "fc", "license": "bsd-3-clause",
        "origin_url": "https://github.com/pytorch/vision"}}"#;

fn beside(file: &File, config: &str) -> Result<StoredCheckpoint, WeightError> {
    open(&Watched::new(file.bytes()), Some(config))
}

#[test]
fn a_config_json_is_read_and_its_test_fields_win() {
    let read = beside(&Net::tiny().file("F32"), TIMM).unwrap();
    let metadata = read.metadata();
    assert_eq!((metadata.input_size, metadata.resize), (224, 232));
    assert_eq!(metadata.interpolation, Interpolation::Bicubic);
    assert_eq!((&metadata.mean[..], &metadata.std[..]), (&[0.5, 0.25, 0.125][..], &[0.25, 0.5, 1.0][..]));
    assert_eq!(metadata.classes.as_deref().unwrap().join(""), "abcde");
    assert_eq!(metadata.licence.as_deref(), Some("bsd-3-clause"));
    assert_eq!(metadata.origin.as_deref(), Some("https://github.com/pytorch/vision"));

    let plain = TIMM.replace("test_", "old_");
    assert_eq!(beside(&Net::tiny().file("F32"), &plain).unwrap().metadata().resize, 201); // floor(176 / 0.875)
    // timm's older files have all fields at the top; this network reads 288 pixels of the whole picture.
    let flat = r#"{"architecture": "resnext50_32x4d", "num_classes": 5, "input_size": [3, 288, 288], "crop_pct": 1.0,
        "id2label": {"1": "b", "0": "a", "2": "c", "4": "e", "3": "d"}}"#;
    let flat = beside(&Net::tiny().file("F32"), flat).unwrap();
    assert_eq!((flat.metadata().input_size, flat.metadata().resize), (288, 288));
    assert_eq!(flat.metadata().classes.as_deref().unwrap().join(""), "abcde");
}

#[test]
fn the_files_own_config_wins_over_the_one_beside_it() {
    let file =
        Net::tiny().file("F32").with_config(r#"{"input_size": 40, "recipe": {"epochs": 30, "small_epochs": 0}}"#);
    let read = beside(&file, TIMM).unwrap();
    assert_eq!((read.metadata().input_size, read.metadata().licence.as_deref()), (40, Some("bsd-3-clause")));
    assert_eq!(read.metadata().recipe.as_deref(), Some("epochs 30, small epochs 0"));
}

#[test]
fn a_config_json_that_does_not_fit_is_refused_by_field() {
    for (from, to, words) in [
        (r#""num_classes": 5"#, r#""num_classes": 6"#, "`num_classes` is 6"),
        (r#"["a", "b", "#, r#"["#, "`classes`"),
        (r#""test_input_size": [3, 224, 224]"#, r#""test_input_size": [3, 224, 225]"#, "`input_size`"),
        (r#""test_crop_pct": 0.965"#, r#""test_crop_pct": 1.5"#, "`crop_pct`"),
        (r#""crop_mode": "center""#, r#""crop_mode": "squash""#, "`crop_mode`"),
        (r#""interpolation": "bicubic""#, r#""interpolation": "random""#, "`interpolation`"),
        (r#""architecture": "resnext50_32x4d""#, r#""architecture": "vit_base""#, "`architecture`"),
        ("{", "", "not a JSON object"),
    ] {
        assert!(TIMM.contains(from));
        let error = beside(&Net::tiny().file("F32"), &TIMM.replacen(from, to, 1)).err().expect(words).to_string();
        assert!(error.contains(words), "`{words}` not in: {error}");
    }
}
