//! Files of the stand-in.

use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use cardinal::image::{Prepared, Preprocess, RgbImage};
use cardinal::protocol::CachedFile;
use cardinal::session::{Decoded, Download, Files, TestSheet};
use cardinal::store::{DownloadProgress, FetchError, FileRequest, Storage};
use cardinal::weights::{ByteSource, InThisProgram, Pending, TorchReader, WeightError};
use cardinal::zoo::cifar10::{Item, SIDE, TEST};

use super::{Fake, File, Outcome, World};

/// The files of weights that ship with the page, by address.
static SHIPPED: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let trained = cardinal::zoo::offers().remove(0).trained;
    let read = |path: &str| std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("it ships");
    trained
        .iter()
        .map(|weights| match &weights.location {
            cardinal::zoo::Location::Bundled(path) => (path.clone(), read(path)),
            other => panic!("{other:?} does not ship"),
        })
        .collect()
});

static UNDESCRIBED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = format!("{}/tests/data/field/checkpoints/twin.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a fixture");
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("safetensors");
    safetensors::serialize(file.tensors(), None).expect("the same tensors")
});

impl Files for Fake {
    type File = File;
    /// A frame, by what the network sees; 0 cannot be read.
    type Frame = u64;

    fn source(&self, file: &File) -> Rc<dyn ByteSource> {
        match file {
            File::Weights => Rc::new(SHIPPED[0].1.clone()),
            File::Undescribed => Rc::new(UNDESCRIBED.clone()),
            _ => Rc::new(b"no weights at all".to_vec()),
        }
    }

    fn file(&self, bytes: &[u8]) -> Result<File, String> {
        Ok(File::Picture(bytes.len() as u64))
    }

    /// As many bytes as its parts.
    fn join(&self, parts: &[File]) -> Result<File, String> {
        let bytes = |part: &File| if let File::Picture(bytes) = part { *bytes } else { 0 };
        Ok(File::Picture(parts.iter().map(bytes).sum()))
    }

    async fn fetch(&self, path: &str) -> Result<File, String> {
        match self.0.wait("fetch").await {
            Outcome::Good => Ok(File::Picture(path.parse().expect("tests name their pictures by number"))),
            _ => Err("the server answered 404".into()),
        }
    }

    fn torch_reader(&self) -> &dyn TorchReader {
        &InThisProgram
    }

    async fn text(&self, _url: &str) -> Result<Option<String>, FetchError> {
        Ok(None)
    }

    async fn decode(&self, file: &File, preprocess: &Preprocess) -> Result<Decoded<File>, String> {
        match (self.0.wait("decode").await, *file) {
            (Outcome::Good, File::Picture(number)) => Ok(decoded(number, preprocess)),
            _ => Err("the browser cannot decode this file".into()),
        }
    }

    fn decode_frame(&self, frame: &u64, preprocess: &Preprocess) -> Result<Decoded<File>, String> {
        if *frame == 0 { Err("the browser shows no pixels".into()) } else { Ok(decoded(*frame, preprocess)) }
    }

    async fn is_downloaded(&self, _url: &str) -> bool {
        self.0.other_tab.get()
    }

    async fn test_sheet(&self) -> Result<TestSheet, String> {
        match self.0.wait("test_sheet").await {
            Outcome::Good => Ok(TestSheet {
                rgba: vec![0; TEST.pictures * SIDE * SIDE * 4],
                items: (0..TEST.pictures).map(|number| Item { number, class: number % 10 }).collect(),
            }),
            _ => Err("the server answered 404".into()),
        }
    }

    async fn download(&self, request: FileRequest) -> Result<Rc<dyn Download>, FetchError> {
        self.0.downloads.set(self.0.downloads.get() + 1);
        let bytes = SHIPPED.iter().find(|(path, _)| *path == request.url);
        let Some((url, bytes)) = bytes else { return Err(FetchError::Address(request.url)) };
        Ok(Rc::new(FakeDownload { url: url.clone(), bytes, world: self.0.clone() }))
    }

    async fn cached_files(&self) -> Vec<CachedFile> {
        Vec::new()
    }

    async fn remove(&self, _url: &str) {}

    async fn sha256(&self, _source: &dyn ByteSource) -> Option<String> {
        None
    }
}

/// A picture that the network sees as a number.
fn decoded(number: u64, preprocess: &Preprocess) -> Decoded<File> {
    let side = preprocess.crop;
    let seen = RgbImage::new(side, side, vec![0; side * side * 3]).expect("a picture");
    let prepared = Prepared { seen, tensor: vec![number as f32; 3 * side * side] };
    Decoded { width: 64, height: 48, prepared, shown: None }
}

struct FakeDownload {
    url: String,
    bytes: &'static [u8],
    world: Rc<World>,
}

impl Download for FakeDownload {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn run<'a>(&'a self, progress: &'a dyn Fn(DownloadProgress)) -> Pending<'a, Result<(), FetchError>> {
        Box::pin(async {
            match self.world.wait("download").await {
                Outcome::Good => {
                    let total = self.bytes.len() as u64;
                    let done = DownloadProgress {
                        done: total,
                        total: Some(total),
                        bytes_per_second: None,
                        seconds_left: None,
                        resumed_from: 0,
                    };
                    progress(done);
                    Ok(())
                }
                _ => Err(FetchError::Status { host: "here".into(), status: 404 }),
            }
        })
    }

    fn sized(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(async { Ok(()) })
    }

    fn finished(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(async { Ok(()) })
    }

    fn sha256(&self) -> Option<String> {
        None
    }

    fn storage(&self) -> Storage {
        Storage::Cache
    }
}

impl ByteSource for FakeDownload {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move { Ok(self.bytes[range.start as usize..range.end as usize].to_vec()) })
    }
}
