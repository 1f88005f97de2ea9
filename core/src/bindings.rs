//! The core for `core.js`.

use js_sys::Float32Array;
use wasm_bindgen::prelude::wasm_bindgen;

use cardinal_core::{Core, Program};

/// A core, and what it is called with from JavaScript.
#[wasm_bindgen(js_name = Core)]
pub struct Binding(Core);

#[wasm_bindgen(js_class = Core)]
impl Binding {
    /// The core of a program in bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &[u8]) -> Result<Self, String> {
        Program::from_bytes(program).map(|program| Self(Core::new(program)))
    }

    /// As [`Core::pack`].
    pub fn pack(&mut self, action: usize, weight: Vec<f32>, bias: Vec<f32>) {
        self.0.pack(action, weight, bias);
    }

    /// As [`Core::bytes`].
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// As [`Core::write`].
    pub fn write(&mut self, slot: usize, values: &[f32]) {
        self.0.write(slot, 0, values);
    }

    /// Values of a slot.
    pub fn read(&self, slot: usize, first: usize, len: usize) -> Float32Array {
        Float32Array::from(&self.0.slot(slot)[first..first + len])
    }

    /// As [`Core::compute`].
    pub fn compute(&mut self, first: usize, end: usize) -> usize {
        self.0.compute(first, end)
    }

    /// Values that go to the core `to`; `into` is an array of that length.
    pub fn outgoing(&self, action: usize, to: usize, into: &Float32Array) {
        let mut at = 0;
        for values in self.0.outgoing(action, to) {
            let end = at + values.len() as u32;
            into.subarray(at, end).copy_from(values);
            at = end;
        }
    }

    /// Whether the action is an exchange.
    #[wasm_bindgen(js_name = isExchange)]
    pub fn is_exchange(&self, action: usize) -> bool {
        self.0.is_exchange(action)
    }

    /// Values that go to the core `to` at an exchange.
    #[wasm_bindgen(js_name = outgoingLength)]
    pub fn outgoing_length(&self, action: usize, to: usize) -> usize {
        self.0.outgoing(action, to).map(<[f32]>::len).sum()
    }

    /// Values that come from the core `from` at an exchange.
    #[wasm_bindgen(js_name = incomingLength)]
    pub fn incoming_length(&mut self, action: usize, from: usize) -> usize {
        self.0.incoming(action, from).map(|part| part.len()).sum()
    }

    /// Takes what the core `from` has sent.
    pub fn incoming(&mut self, action: usize, from: usize, values: &Float32Array) {
        let mut at = 0;
        for part in self.0.incoming(action, from) {
            let end = at + part.len() as u32;
            values.subarray(at, end).copy_to(part);
            at = end;
        }
    }

    /// As [`Core::finish`].
    pub fn finish(&mut self, action: usize) {
        self.0.finish(action);
    }
}
