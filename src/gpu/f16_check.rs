//! Products in f16: whether this device's are to be trusted.

use super::{Gpu, GpuError};
use crate::kernels::{ConvKernel, ConvLaunch, Epilogue, GpuDtype, Method, conv2d_implicit};
use crate::plan::Probe;
use crate::shape::{Conv2dSpec, Nchw};

impl Gpu {
    /// Whether the device has `shader-f16` and computes with it what it computes without: a small layer both ways, compared.
    /// Drivers have got f16 wrong before, and this project has met few that have it.
    pub async fn multiplies_in_f16(&self) -> bool {
        if !self.adapter().f16 {
            return false;
        }
        for method in [Method::Workgroup32, Method::Workgroup64, Method::Split32] {
            let (single, half) = (self.sample(method, false).await, self.sample(method, true).await);
            let (Ok(single), Ok(half)) = (single, half) else { return false };
            if Probe::error(&half, &single).is_none_or(|error| error > Probe::LIMIT_F16) {
                return false;
            }
        }
        true
    }

    /// A small convolution of made-up numbers, with weights in f16 and products in f16 or f32.
    async fn sample(&self, method: Method, product_f16: bool) -> Result<Vec<f32>, GpuError> {
        let spec = Conv2dSpec { in_channels: 24, out_channels: 40, kernel_size: 3, stride: 1, padding: 1, groups: 1 };
        let (input, output) = (Nchw::new(1, 24, 9, 7), Nchw::new(1, 40, 9, 7));
        let tile = conv2d_implicit::Tile::of(spec, input, method, product_f16);
        let kernel = ConvKernel::Implicit(tile);
        let (epilogue, weight_dtype) = (Epilogue::default(), GpuDtype::F16);
        let dispatch = kernel
            .dispatch(ConvLaunch { spec, input, output, epilogue, weight_dtype })
            .expect("these few sizes are within every limit");
        let weight = weight_dtype.encode(kernel.pack(spec, &Probe::values(1, spec.weight_len())));
        // Not `expect`: how to print the error would be downloaded by every visitor.
        let weight = weight.unwrap_or_else(|_| unreachable!("numbers below 1 are within f16"));
        let (x, bias) = (Probe::values(0, input.len()), Probe::values(2, spec.out_channels));
        let [x, bias] = [&x, &bias].map(|values| bytemuck::cast_slice(values));
        self.run_once(&dispatch, &[x, weight.bytes(), bias, bias], output.len()).await
    }
}
