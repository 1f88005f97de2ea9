//! A device with what outlives a network: the queue, the compiled pipelines, the pace it has shown.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, PoisonError};

use event_listener::Event;

use super::trust::Trust;
use super::{Adapter, GpuError};
#[cfg(not(target_arch = "wasm32"))]
use crate::kernels::{ConvClass, Method};
use crate::kernels::{GpuDtype, KernelKey, Tuning};

/// Bytes one binding must hold; the largest activation of any network here at batch 1 is a fifth of it.
const BINDING_BYTES: u64 = 128 << 20;
/// Storage buffers the largest kernel binds.
const STORAGE_BUFFERS: u32 = 6;
/// Threads of the largest workgroup; every WebGPU device has as many.
const INVOCATIONS: u32 = 256;

/// What kernels and measurements use where it is there. wgpu 30 knows of no subgroups in a browser.
const FEATURES: wgpu::Features =
    wgpu::Features::TIMESTAMP_QUERY.union(wgpu::Features::SHADER_F16).union(wgpu::Features::SUBGROUP);

/// An open GPU.
#[derive(Debug)]
pub struct Gpu {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    adapter: Adapter,
    /// A dozen at most.
    pipelines: RefCell<Vec<(KernelKey, wgpu::ComputePipeline)>>,
    /// Errors that no scope caught and the reason of a loss, as callbacks leave them.
    trouble: Arc<Mutex<Option<GpuError>>>,
    /// Notified when the device is lost.
    loss: Arc<Event>,
    /// The longest wait for the device so far.
    #[cfg(target_arch = "wasm32")]
    pub(super) longest_ms: Cell<f64>,
    /// Multiply-adds per second, from the runs so far.
    pub(super) rate: Cell<f64>,
    pub(super) tuning: Cell<Tuning>,
    pub(super) trust: Trust,
}

impl Gpu {
    /// Asks for the fastest adapter, or for any where that is refused, and opens a device on it with the limits the kernels use
    /// and no others.
    ///
    /// # Errors
    /// [`GpuError::NoWebGpu`], [`GpuError::NoAdapter`], limits that are too low, or [`GpuError::Device`].
    pub async fn request() -> Result<Self, GpuError> {
        if cfg!(target_arch = "wasm32") && !browser_has_webgpu() {
            return Err(GpuError::NoWebGpu);
        }
        let instance = wgpu::InstanceDescriptor::new_without_display_handle();
        // A browser has no environment variables; code that reads them would be downloaded all the same.
        let instance = wgpu::Instance::new(if cfg!(target_arch = "wasm32") { instance } else { instance.with_env() });
        let mut found = None;
        // Some browsers have none for who wishes the fastest, on machines with two.
        for power_preference in [wgpu::PowerPreference::HighPerformance, wgpu::PowerPreference::None] {
            let options = wgpu::RequestAdapterOptions { power_preference, ..Default::default() };
            found = instance.request_adapter(&options).await.ok();
            if found.is_some() {
                break;
            }
        }
        // wgpu's reasons speak of backends that were not compiled in; they help nobody.
        let adapter = found.ok_or(GpuError::NoAdapter)?;
        let required_limits = limits(&adapter.limits())?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("cardinal.device"),
            required_features: adapter.features() & FEATURES,
            required_limits,
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| GpuError::Device { detail: plain(&error.to_string()) })?;

        let trouble = Arc::new(Mutex::new(None));
        let note = |trouble: &Arc<Mutex<Option<GpuError>>>, error| {
            trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        };
        let uncaptured = trouble.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note(&uncaptured, GpuError::from(error))));
        let lost = trouble.clone();
        let loss = Arc::new(Event::new());
        let notified = loss.clone();
        device.set_device_lost_callback(move |reason, message| {
            let detail = if message.is_empty() { format!("{reason:?}") } else { message };
            *lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(GpuError::Lost { detail });
            notified.notify(usize::MAX);
        });

        let description = Adapter::new(&adapter, &device);
        // A first guess, soon replaced by what is measured: slow enough that no submission of a stranger's GPU is long.
        let rate = Cell::new(if description.software { 0.5e9 } else { 5e9 });
        let tuning = Cell::new(description.first_tuning());
        Ok(Self {
            device,
            queue,
            adapter: description,
            pipelines: RefCell::default(),
            trouble,
            loss,
            #[cfg(target_arch = "wasm32")]
            longest_ms: Cell::new(0.0),
            rate,
            tuning,
            trust: Trust::default(),
        })
    }

    /// Ends when the device is lost, whoever uses it then.
    pub fn loss(&self) -> impl Future<Output = ()> + use<> {
        let loss = self.loss.listen();
        let is_lost =
            self.trouble.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(GpuError::is_lost);
        async move {
            if !is_lost {
                loss.await;
            }
        }
    }

    /// The adapter that the device was opened on.
    pub fn adapter(&self) -> &Adapter {
        &self.adapter
    }

    /// Errors that arrived outside of any call.
    pub(super) fn check(&self) -> Result<(), GpuError> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match &*trouble {
            None => Ok(()),
            // A lost device stays lost; any other error is returned once.
            Some(error) if error.is_lost() => Err(error.clone()),
            Some(_) => trouble.take().map_or(Ok(()), Err),
        }
    }

    /// The tuning, with what suits any device in the place of methods that this one does not have.
    pub(crate) fn usable(&self, tuning: Tuning) -> Tuning {
        #[cfg(target_arch = "wasm32")]
        return tuning;
        #[cfg(not(target_arch = "wasm32"))]
        {
            let lacks = |class: &ConvClass| tuning.method(*class) == Method::Subgroup && !self.adapter.shares_weights;
            let replaced = ConvClass::ALL.into_iter().filter(lacks);
            replaced.fold(tuning, |tuning, class| tuning.with(class, Method::RegistersSmall))
        }
    }

    /// The compiled kernel; the second network with the same kernels compiles nothing.
    pub(super) fn pipeline(&self, key: &KernelKey) -> wgpu::ComputePipeline {
        let known =
            self.pipelines.borrow().iter().find(|(known, _)| known == key).map(|(_, pipeline)| pipeline.clone());
        if let Some(pipeline) = known {
            return pipeline;
        }
        let label = format!("cardinal.{}", key.name());
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(&label),
            source: wgpu::ShaderSource::Wgsl(key.source().into()),
        });
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(&label),
            bind_group_layouts: &[Some(&self.bind_group_layout(key))],
            ..Default::default()
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(&label),
            layout: Some(&layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: Default::default(),
            cache: None,
        });
        self.pipelines.borrow_mut().push((key.clone(), pipeline.clone()));
        pipeline
    }

    /// Lets go of a compiled kernel, such as one that turned out to be refused.
    pub(super) fn forget(&self, key: &KernelKey) {
        self.pipelines.borrow_mut().retain(|(known, _)| known != key);
    }

    /// Uniforms at a dynamic offset, then read-only inputs, then the output; where that is f16, whether a value did not fit.
    fn bind_group_layout(&self, key: &KernelKey) -> wgpu::BindGroupLayout {
        let last = key.shader.bindings.len() as u32;
        let overflow = Some(KernelKey::OVERFLOW).filter(|_| key.output_dtype() == GpuDtype::F16);
        let entries: Vec<wgpu::BindGroupLayoutEntry> = (0..=last)
            .chain(overflow)
            .map(|binding| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty: match binding {
                        0 => wgpu::BufferBindingType::Uniform,
                        _ => wgpu::BufferBindingType::Storage { read_only: binding < last },
                    },
                    has_dynamic_offset: binding == 0,
                    min_binding_size: None,
                },
                count: None,
            })
            .collect();
        self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(key.shader.name),
            entries: &entries,
        })
    }
}

/// A browser would keep the device, and its listener, until it collects garbage.
impl Drop for Gpu {
    fn drop(&mut self) {
        #[cfg(target_arch = "wasm32")]
        if let Some(device) = self.device.as_webgpu() {
            crate::platform::set(device.as_ref(), "onuncapturederror", &wasm_bindgen::JsValue::NULL);
        }
        self.device.destroy();
    }
}

/// What the kernels use; anything else stays at what every WebGPU device has.
fn limits(adapter: &wgpu::Limits) -> Result<wgpu::Limits, GpuError> {
    let needs = [
        ("maxComputeInvocationsPerWorkgroup", INVOCATIONS.into(), adapter.max_compute_invocations_per_workgroup.into()),
        (
            "maxStorageBuffersPerShaderStage",
            STORAGE_BUFFERS.into(),
            adapter.max_storage_buffers_per_shader_stage.into(),
        ),
        ("maxStorageBufferBindingSize", BINDING_BYTES, adapter.max_storage_buffer_binding_size),
        ("maxBufferSize", BINDING_BYTES, adapter.max_buffer_size),
    ];
    for (what, needed, got) in needs {
        if got < needed {
            return Err(GpuError::LimitsTooSmall { what, needed, got });
        }
    }
    // Batches need more than the default, where the adapter has it.
    Ok(wgpu::Limits {
        max_storage_buffer_binding_size: adapter.max_storage_buffer_binding_size.min(1 << 30),
        max_buffer_size: adapter.max_buffer_size.min(1 << 30),
        ..wgpu::Limits::default().or_worse_values_from(adapter)
    })
}

/// The first line of a browser's error, out of the wrapping it comes in: `JsValue(OperationError: reason\nstack)`.
fn plain(text: &str) -> String {
    let inner = text.strip_prefix("JsValue(").and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).trim_end_matches(" undefined").lines().next().unwrap_or_default().to_owned()
}

/// `navigator.gpu`, in a window or a worker.
#[cfg(target_arch = "wasm32")]
fn browser_has_webgpu() -> bool {
    use crate::platform::get;
    let gpu = get(&get(&js_sys::global(), "navigator"), "gpu");
    !gpu.is_undefined() && !gpu.is_null()
}

#[cfg(not(target_arch = "wasm32"))]
fn browser_has_webgpu() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_browsers_error_is_told_in_its_own_words() {
        assert_eq!(plain("JsValue(OperationError: not today\nOperationError: not today)"), "OperationError: not today");
        assert_eq!(plain("JsValue(OperationError: not today undefined)"), "OperationError: not today");
        assert_eq!(plain("the adapter is gone (for good)"), "the adapter is gone (for good)");
    }
}
