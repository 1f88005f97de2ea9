//! Buffers with an end: in a browser what nobody refers to any more stays until garbage is collected, and a garbage collector
//! knows nothing of a GPU's memory.

use std::ops::Deref;

/// A buffer that is destroyed when it is dropped. Work already submitted is not disturbed.
#[derive(Debug)]
pub(super) struct Buffer(wgpu::Buffer);

impl Buffer {
    pub(super) fn new(device: &wgpu::Device, label: &str, size: u64, usage: wgpu::BufferUsages) -> Self {
        let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
        Self(device.create_buffer(&descriptor))
    }

    /// One that results are copied to, for [`Gpu::read`](super::Gpu::read).
    pub(super) fn readback(device: &wgpu::Device, size: u64) -> Self {
        Self::new(device, "cardinal.readback", size, wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST)
    }
}

impl Deref for Buffer {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.0.destroy();
    }
}
