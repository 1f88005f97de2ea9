//! The device that a program runs on.
#![allow(dead_code)] // Every program uses its own part.

use std::rc::Rc;

use cardinal::classifier::Device;
use cardinal::cpu::cores::{Cores, Threads};
use cardinal::gpu::Gpu;
use serde_json::{Value, json};

use super::choice::Backend;

/// So many cores of the processor; one is the thread that asks.
pub fn cores(count: usize) -> Device {
    match count {
        1 => Device::Cpu,
        _ => Device::Cores(Rc::new(Cores { host: Rc::new(Threads), count })),
    }
}

/// The device that was asked for. A GPU is measured for a third of a second: which kernels are fastest on it.
///
/// # Errors
/// No adapter, or one that fails.
pub async fn device(backend: Backend) -> Result<Device, cardinal::Error> {
    Ok(match backend {
        Backend::Cpu => Device::Cpu,
        Backend::Gpu => {
            let gpu = Gpu::request().await?;
            gpu.tune().await?;
            Device::Gpu(Rc::new(gpu))
        }
    })
}

/// The GPU in words for a report; null on the CPU.
pub fn adapter(device: &Device) -> Value {
    match device {
        Device::Cpu | Device::Cores(_) => Value::Null,
        Device::Gpu(gpu) => {
            let adapter = gpu.adapter();
            json!({ "name": adapter.name, "backend": adapter.backend, "software": adapter.software })
        }
    }
}
