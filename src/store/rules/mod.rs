//! What a download decides, and the formats that it reads and writes: plain values, without a browser. Only wasm32 uses it;
//! natively it is compiled for its tests.

pub(super) mod chunk;
pub(super) mod chunk_writer;
pub(super) mod hex;
mod html;
pub(super) mod manifest;
pub(super) mod remote_file;
pub(super) mod response_head;
pub(super) mod retry;
pub(super) mod transfer_rate;
