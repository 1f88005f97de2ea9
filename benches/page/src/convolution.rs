//! One grouped 3×3 convolution as a network of its own: planned, uploaded and read back like any other.

use std::borrow::Cow;

use cardinal::gpu::Engine;
use cardinal::model::{Graph, Layer, Op, ResNextConfig, Slice, Tensor};
use cardinal::plan::{Plan, PlanKind};
use cardinal::shape::{Conv2dSpec, Nchw};
use cardinal::weights::{TensorSource, WeightError};
use wasm_bindgen::prelude::*;

use crate::{Device, say};

/// The name of the layer, and of its output.
const CONV: &str = "conv";

/// A convolution ready to run.
#[wasm_bindgen]
pub struct Convolution {
    engine: Engine,
}

#[wasm_bindgen]
impl Convolution {
    /// `channels` in and out in `groups`, on a square of `side` pixels, stride 1; OIHW weight, and a bias.
    ///
    /// # Errors
    ///
    /// Where the layer cannot be planned, or the GPU refuses it.
    pub async fn load(
        device: &Device,
        channels: usize,
        groups: usize,
        side: usize,
        weight: Vec<f32>,
        bias: Vec<f32>,
    ) -> Result<Convolution, JsError> {
        let plan = plan(channels, groups, side).map_err(say)?;
        let source = Given { weight, bias };
        Ok(Self { engine: Engine::build(&device.gpu, plan, &source, |_| {}).await.map_err(say)? })
    }

    /// Runs once. Input and output are NCHW with one picture, channels × side × side values.
    ///
    /// # Errors
    ///
    /// Where `input` has another length, or the GPU fails.
    pub async fn run(&self, input: Vec<f32>) -> Result<Vec<f32>, JsError> {
        Ok(self.engine.run(&input).await.map_err(say)?.outputs.values(CONV).to_vec())
    }

    /// The kernel that computes it.
    pub fn kernel(&self) -> String {
        self.engine.plan().steps.iter().map(|step| step.dispatch.kernel.name()).collect::<Vec<_>>().join(" + ")
    }
}

fn plan(channels: usize, groups: usize, side: usize) -> Result<Plan, Box<dyn std::error::Error>> {
    let spec =
        Conv2dSpec { in_channels: channels, out_channels: channels, kernel_size: 3, stride: 1, padding: 1, groups };
    let shape = Nchw::new(1, channels, side, side);
    let tensor = |name: &str| Tensor { name: name.to_owned(), shape };
    let layer = Layer {
        name: CONV.to_owned(),
        key: CONV.to_owned(),
        slice: Slice::All,
        op: Op::Conv2d { spec, conv_bias: true },
        inputs: vec![0],
        output: 1,
    };
    let graph = Graph {
        // The convolution belongs to no network; the plan reads only the layers.
        config: ResNextConfig::preset("resnext50_32x4d")?,
        tensors: vec![tensor("input"), tensor(CONV)],
        layers: vec![layer],
        blocks: Vec::new(),
        input: 0,
        outputs: vec![(CONV.to_owned(), 1)],
    };
    Ok(Plan::new(graph, PlanKind::Fused)?)
}

/// Weight and bias of the one layer.
struct Given {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl TensorSource for Given {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let values = if name.ends_with(".weight") { &self.weight } else { &self.bias };
        if values.len() != shape.iter().product::<usize>() {
            return Err(WeightError::NoRule { tensor: name.to_owned(), shape: shape.to_vec() });
        }
        Ok(Cow::Borrowed(values))
    }
}
