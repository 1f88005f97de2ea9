//! Operations to dispatches: picks the kernel, binds its buffers, lists its weights.

use super::fuse::Operation;
use super::place::Placement;
use super::task::LINEAR;
use super::upload::{Upload, UploadKind};
use super::{BufferRef, PlanError, Step, Task, WeightBuffer};
use crate::kernels::{ConvKernel, ConvLaunch, Epilogue, GpuDtype, HAS_F16_ACTIVATIONS, KernelError, Tuning};
use crate::model::{Graph, Layer, Op, TensorId};
use crate::shape::{Conv2dSpec, Nchw};

pub(super) struct Lowered {
    pub steps: Vec<Step>,
    pub weights: Vec<WeightBuffer>,
    pub uploads: Vec<Upload>,
}

pub(super) fn lower(
    graph: &Graph,
    operations: &[Operation],
    placement: &Placement,
    weight_dtype: GpuDtype,
    tuning: &Tuning,
) -> Result<Lowered, PlanError> {
    let lowered = Lowered { steps: Vec::new(), weights: Vec::new(), uploads: Vec::new() };
    let mut lowering = Lowering { graph, placement, weight_dtype, tuning, lowered };
    for operation in operations {
        let layer = &graph.layers[operation.layers[0]];
        lowering
            .operation(operation, layer)
            .map_err(|source| PlanError::Kernel { layer: layer.name.clone(), source })?;
    }
    Ok(lowering.lowered)
}

struct Lowering<'a> {
    graph: &'a Graph,
    placement: &'a Placement,
    weight_dtype: GpuDtype,
    tuning: &'a Tuning,
    lowered: Lowered,
}

impl Lowering<'_> {
    fn shape(&self, tensor: TensorId) -> Nchw {
        self.graph.tensors[tensor].shape
    }

    fn slot(&self, tensor: TensorId) -> BufferRef {
        BufferRef::Slot(self.placement.slot(tensor))
    }

    fn operation(&mut self, operation: &Operation, layer: &Layer) -> Result<(), KernelError> {
        let (input, output) = (layer.inputs[0], operation.output);
        let (input_shape, output_shape) = (self.shape(input), self.shape(output));
        let (x, y) = (self.slot(input), self.slot(output));
        match layer.op {
            Op::Conv2d { spec, .. } => self.convolution(operation, layer, spec),
            Op::Concat => self.concat(operation, layer),
            Op::BatchNorm { relu } => {
                let upload = UploadKind::BatchNorm { layer: operation.layers[0] };
                let c = input_shape.c;
                let buffers = [("scale", c, GpuDtype::F32), ("shift", c, GpuDtype::F32)];
                let [scale, shift] = self.upload(upload, &layer.name, buffers);
                self.push(operation, Task::BatchNorm { shape: input_shape, relu }, vec![x, scale, shift, y])
            }
            Op::Add { relu } => {
                let other = self.slot(layer.inputs[1]);
                self.push(operation, Task::Add { shape: input_shape, relu }, vec![x, other, y])
            }
            Op::MaxPool(pool) => {
                self.push(operation, Task::MaxPool { pool, input: input_shape, output: output_shape }, vec![x, y])
            }
            Op::GlobalAvgPool => self.push(operation, Task::GlobalAvgPool { input: input_shape }, vec![x, y]),
            Op::Linear { in_features, out_features, .. } => {
                let upload = UploadKind::Linear { layer: operation.layers[0] };
                let (n, weight_dtype) = (input_shape.n, self.weight_dtype);
                let len = LINEAR.packed_len(Conv2dSpec::pointwise(in_features, out_features));
                let weight = ("weight", len, weight_dtype);
                let buffers = [weight, ("bias", out_features, GpuDtype::F32)];
                let [weight, bias] = self.upload(upload, &layer.name, buffers);
                let task = Task::Linear { n, in_features, out_features, weight_dtype };
                self.push(operation, task, vec![x, weight, bias, bias, y])
            }
            Op::Softmax | Op::Sigmoid => {
                let classes = input_shape.c * input_shape.h * input_shape.w;
                self.push(operation, Task::Softmax { n: input_shape.n, classes }, vec![x, y])
            }
        }
    }

    fn convolution(&mut self, operation: &Operation, layer: &Layer, spec: Conv2dSpec) -> Result<(), KernelError> {
        let (input, output) = (self.shape(layer.inputs[0]), self.shape(operation.output));
        let epilogue = Epilogue { residual: operation.residual.is_some(), relu: operation.relu };
        let launch = ConvLaunch { spec, input, output, epilogue, weight_dtype: self.weight_dtype };
        let kernel = ConvKernel::of(spec, input, output, self.weight_dtype, self.tuning);
        let upload = UploadKind::Convolution { layer: operation.layers[0], batch_norm: operation.batch_norm, kernel };
        let weight = ("weight", kernel.packed_len(spec), self.weight_dtype);
        let buffers = [weight, ("bias", spec.out_channels, GpuDtype::F32)];
        let [weight, bias] = self.upload(upload, &layer.name, buffers);
        // A shader without a residual still has the binding; the bias stands in and is not read through it.
        let residual = operation.residual.map_or(bias, |tensor| self.slot(tensor));
        let buffers = vec![self.slot(layer.inputs[0]), weight, bias, residual, self.slot(operation.output)];
        self.push(operation, Task::Convolution(launch, kernel), buffers)
    }

    /// A step an input, each into its channels.
    fn concat(&mut self, operation: &Operation, layer: &Layer) -> Result<(), KernelError> {
        let output = self.shape(operation.output);
        let mut first_channel = 0;
        for &input in &layer.inputs {
            let task = Task::Concat { input: self.shape(input), output, first_channel };
            first_channel += self.shape(input).c;
            self.push(operation, task, vec![self.slot(input), self.slot(operation.output)])?;
        }
        Ok(())
    }

    fn push(&mut self, operation: &Operation, task: Task, buffers: Vec<BufferRef>) -> Result<(), KernelError> {
        let mut dispatch = task.dispatch()?;
        // A linear layer reads what pooling writes, in f32.
        let f16 = HAS_F16_ACTIVATIONS && self.tuning.activation_f16 && !matches!(task, Task::Linear { .. });
        dispatch.kernel = dispatch.kernel.unrolled(self.tuning.unroll).over_f16(f16);
        let layers = operation.layers.clone();
        let label = self.graph.layers[layers[0]].name.clone();
        let macs = layers.iter().map(|&layer| self.graph.layer_macs(&self.graph.layers[layer])).sum();
        debug_assert_eq!(buffers.len(), dispatch.kernel.shader.bindings.len(), "{label}");
        let bytes = task.activation_bytes(f16) + self.weight_bytes(&buffers);
        self.lowered.steps.push(Step { layers, label, task, dispatch, buffers, macs, bytes });
        Ok(())
    }

    /// Bytes of the weights that a step reads; a buffer that is bound twice counts once.
    fn weight_bytes(&self, buffers: &[BufferRef]) -> usize {
        let is_first = |(place, buffer): &(usize, &BufferRef)| !buffers[..*place].contains(buffer);
        let bytes = |(_, buffer): (usize, &BufferRef)| match *buffer {
            BufferRef::Weight(weight) => self.lowered.weights[weight].bytes(),
            BufferRef::Slot(_) => 0,
        };
        buffers.iter().enumerate().filter(is_first).map(bytes).sum()
    }

    /// Two weight buffers, filled together.
    fn upload(&mut self, kind: UploadKind, layer: &str, buffers: [(&str, usize, GpuDtype); 2]) -> [BufferRef; 2] {
        let weights = &mut self.lowered.weights;
        let targets = buffers.map(|(part, len, dtype)| {
            weights.push(WeightBuffer { label: format!("{layer}.{part}"), len, dtype });
            weights.len() - 1
        });
        self.lowered.uploads.push(Upload { kind, targets });
        targets.map(BufferRef::Weight)
    }
}
