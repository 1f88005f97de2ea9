//! Steps of tests in the list of networks.

use crate::hosts::hub::Hub;
use crate::visit::Page;

pub const ID: &str = "resnext50_32x4d-tv2_in1k";
pub const REPOSITORY: &str = "timm/resnext50_32x4d.tv2_in1k";

/// timm's own description of that checkpoint, whose `test_*` fields differ from the plain ones.
pub const CONFIG: &str = r#"{
    "architecture": "resnext50_32x4d", "num_classes": 1000, "num_features": 2048,
    "pretrained_cfg": {
        "tag": "tv2_in1k", "custom_load": false, "input_size": [3, 176, 176], "test_input_size": [3, 224, 224],
        "fixed_input_size": false, "interpolation": "bilinear", "crop_pct": 0.875, "test_crop_pct": 0.965,
        "crop_mode": "center", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "num_classes": 1000,
        "pool_size": [6, 6], "first_conv": "conv1", "classifier": "fc",
        "license": "bsd-3-clause", "origin_url": "https://github.com/pytorch/vision"
    }
}"#;

/// A host with the full-size network.
pub fn hub() -> Hub {
    let hub = Hub::open();
    hub.keep(REPOSITORY, crate::weights::resnext50(), Some(CONFIG));
    hub
}

pub fn row(id: &str) -> String {
    format!("#models li[data-id=\"{id}\"]")
}

impl Page {
    pub async fn open_menu(&self) {
        self.click("#model").await;
        self.wait_for(5, "#models[open]").await;
    }

    /// The text of a row of the menu, with its button.
    pub async fn row_words(&self, id: &str) -> String {
        self.text(&format!("document.querySelector('{}').innerText.replace(/\\s+/g, ' ')", row(id))).await
    }

    /// Takes a network from the menu.
    pub async fn take(&self, id: &str) {
        self.open_menu().await;
        let button = format!("{} .use", row(id));
        // The list scrolls by itself.
        self.script(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            vec![button.clone().into()],
        )
        .await;
        self.click(&button).await;
    }

    /// Waits until the page has turned to a network.
    pub async fn turned_to(&self, id: &str) {
        self.wait(
            90,
            format_args!(
                "document.querySelector('#page[data-model=\"{id}\"]') && !document.querySelector('#arrival .notice')"
            ),
        )
        .await;
    }

    /// Waits for the reason why a network failed to load.
    pub async fn failure(&self) -> String {
        self.wait_for(60, "#arrival [data-stage=failed]").await;
        self.text("document.querySelector('#arrival [data-stage=failed] p').innerText").await
    }

    /// The value beside a name in the list of the network's source.
    pub async fn provenance(&self, name: &str) -> String {
        let rows = "[...document.querySelectorAll('#provenance dl > div')]";
        self.text(&format!(
            "{rows}.find(row => row.querySelector('dt').textContent === '{name}')?.querySelector('dd').textContent"
        ))
        .await
    }

    /// Waits for an answer of the network shown, to any picture, and returns its logits.
    pub async fn logits(&self, title: &str) -> Vec<f32> {
        let fresh = "document.querySelector('#answer').dataset.state === 'fresh'";
        self.wait(60, format_args!("document.querySelector('#picture').dataset.picture === '{title}' && {fresh}"))
            .await;
        let logits = self.attribute("#top", "data-logits").await;
        logits.split(' ').map(|logit| logit.parse().expect("a number")).collect()
    }
}
