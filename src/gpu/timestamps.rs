//! GPU time: a pair of timestamps a compute pass, where the adapter has them.

use super::Gpu;
use super::destroy_on_drop::Buffer;

/// Room for the timestamps of `passes` passes.
#[derive(Debug)]
pub(super) struct Timestamps {
    queries: wgpu::QuerySet,
    resolved: Buffer,
    passes: u32,
}

impl Timestamps {
    /// `None` where the adapter has no timestamps.
    pub(super) fn new(gpu: &Gpu, passes: usize) -> Option<Self> {
        if !gpu.adapter().timestamps {
            return None;
        }
        let count = u32::try_from(2 * passes).ok().filter(|&count| count <= wgpu::QUERY_SET_MAX_QUERIES)?;
        let queries = gpu.device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("cardinal.timestamps"),
            ty: wgpu::QueryType::Timestamp,
            count,
        });
        let size = u64::from(count) * u64::from(wgpu::QUERY_SIZE);
        let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let resolved = Buffer::new(&gpu.device, "cardinal.timestamps", size, usage);
        Some(Self { queries, resolved, passes: count / 2 })
    }

    /// The two timestamps of pass number `pass`.
    pub(super) fn writes(&self, pass: usize) -> wgpu::ComputePassTimestampWrites<'_> {
        let first = 2 * pass as u32;
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(first),
            end_of_pass_write_index: Some(first + 1),
        }
    }

    /// Bytes that [`Timestamps::resolve`] writes for `passes` passes.
    pub(super) fn bytes(passes: usize) -> u64 {
        2 * passes as u64 * u64::from(wgpu::QUERY_SIZE)
    }

    /// Copies the timestamps of the first `passes` passes to `target` at `offset`.
    pub(super) fn resolve(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        passes: usize,
        target: &wgpu::Buffer,
        offset: u64,
    ) {
        debug_assert!(passes as u32 <= self.passes);
        encoder.resolve_query_set(&self.queries, 0..2 * passes as u32, &self.resolved, 0);
        encoder.copy_buffer_to_buffer(&self.resolved, 0, target, offset, Self::bytes(passes));
    }
}

impl Drop for Timestamps {
    /// Some systems have few dozens of query sets for all of a browser, and a browser would keep these for long.
    fn drop(&mut self) {
        self.queries.destroy();
    }
}

/// Milliseconds of every pass. Timestamps that run backwards, as some drivers' do across a power state, count as zero.
pub(super) fn milliseconds(gpu: &Gpu, bytes: &[u8]) -> Vec<f64> {
    let period = f64::from(gpu.queue.get_timestamp_period());
    let ticks: Vec<u64> =
        bytes.chunks_exact(8).map(|chunk| u64::from_le_bytes(chunk.try_into().unwrap_or_default())).collect();
    ticks.chunks_exact(2).map(|pair| pair[1].saturating_sub(pair[0]) as f64 * period / 1e6).collect()
}
