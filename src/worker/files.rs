//! The visitor's files, the page's and other servers', for the session.

use std::rc::Rc;

use js_sys::Array;
use web_sys::Blob;

use super::picture::CloseOnDrop;
use super::torch::AnotherWasm;
use super::{Browser, picture};
use crate::image::Preprocess;
use crate::platform;
use crate::protocol::CachedFile;
use crate::session::{Decoded, Download, Files, TestSheet};
use crate::store::{self, BlobSource, DownloadProgress, FetchError, FileRequest, Storage};
use crate::weights::{ByteSource, Pending, TorchReader};
use crate::zoo::cifar10::TEST;

impl Files for Browser {
    type File = Blob;
    type Frame = CloseOnDrop;

    fn source(&self, file: &Blob) -> Rc<dyn ByteSource> {
        Rc::new(BlobSource::new(file.clone()))
    }

    fn file(&self, bytes: &[u8]) -> Result<Blob, String> {
        platform::blob(bytes).map_err(|error| platform::words(&error))
    }

    fn join(&self, parts: &[Blob]) -> Result<Blob, String> {
        platform::compose(&parts.iter().collect::<Array>(), "").map_err(|error| platform::words(&error))
    }

    async fn fetch(&self, path: &str) -> Result<Blob, String> {
        self.file(&platform::fetch(path).await?)
    }

    fn torch_reader(&self) -> &dyn TorchReader {
        &AnotherWasm
    }

    async fn text(&self, url: &str) -> Result<Option<String>, FetchError> {
        store::text(url).await
    }

    async fn decode(&self, file: &Blob, preprocess: &Preprocess) -> Result<Decoded<Blob>, String> {
        picture::decode(file, preprocess).await
    }

    fn decode_frame(&self, frame: &CloseOnDrop, preprocess: &Preprocess) -> Result<Decoded<Blob>, String> {
        picture::decode_frame(frame, preprocess)
    }

    async fn test_sheet(&self) -> Result<TestSheet, String> {
        let damaged = || "the list of pictures is damaged".to_owned();
        let list = platform::fetch(TEST.list).await?;
        let items = std::str::from_utf8(&list).ok().and_then(|list| TEST.items(list)).ok_or_else(damaged)?;
        let rgba = picture::pixels(&self.fetch(TEST.path).await?).await?;
        // Where the last picture is there, all are.
        TEST.cut(&rgba, TEST.pictures - 1).ok_or_else(damaged)?;
        Ok(TestSheet { rgba, items })
    }

    async fn download(&self, request: FileRequest) -> Result<Rc<dyn Download>, FetchError> {
        let file: Rc<dyn Download> = store::Download::open(request).await?;
        Ok(file)
    }

    async fn is_downloaded(&self, url: &str) -> bool {
        store::is_downloaded(url).await
    }

    async fn cached_files(&self) -> Vec<CachedFile> {
        store::cached_files().await
    }

    async fn remove(&self, url: &str) {
        store::remove(url).await;
    }

    async fn sha256(&self, source: &dyn ByteSource) -> Option<String> {
        store::sha256(source).await.ok()
    }
}

impl Download for store::Download {
    fn url(&self) -> String {
        self.url().to_owned()
    }

    fn run<'a>(&'a self, progress: &'a dyn Fn(DownloadProgress)) -> Pending<'a, Result<(), FetchError>> {
        Box::pin(self.run(progress))
    }

    fn sized(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(async { self.sized().await.map(|_| ()) })
    }

    fn finished(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(self.finished())
    }

    fn sha256(&self) -> Option<String> {
        self.sha256().map(str::to_owned)
    }

    fn storage(&self) -> Storage {
        self.storage()
    }
}
