//! What the machine makes where a pickle calls a function or names what lies outside of it: dictionaries, tensors, storages. No
//! function is called.

use super::TorchError;
use super::globals::{Call, call, dtype_kind, storage_kind, unreadable};
use super::machine::{Machine, Step};
use super::value::{Global, Node, Storage, Tensor, Value};

impl<'a> Machine<'a> {
    fn global(&self, value: Value<'a>) -> Option<Global<'a>> {
        match value {
            Value::Global(index) => self.pickled.globals.get(index as usize).copied(),
            _ => None,
        }
    }

    pub(super) fn call(&mut self, function: Value<'a>, arguments: Value<'a>) -> Step<Value<'a>> {
        let Some(global) = self.global(function) else { return self.damaged("a call of what is no name") };
        let arguments = match self.pickled.list(arguments) {
            Some(arguments) => [0, 1, 2, 3, 4, 5, 6].map(|index| arguments.get(index).copied()),
            None => return self.damaged("a call without arguments"),
        };
        let first = arguments[0];
        match call(global) {
            Some(Call::Dict) => self.dict(first),
            Some(Call::Tensor) => self.tensor(arguments, None),
            Some(Call::TypedTensor) => match arguments[6].and_then(|dtype| self.global(dtype)) {
                Some(dtype) => self.tensor(arguments, Some(dtype)),
                None => self.damaged("a tensor without a type"),
            },
            Some(Call::Same) => match first {
                Some(tensor) if self.pickled.tensor(tensor).is_some() => Ok(tensor),
                _ => self.damaged("a parameter that is no tensor"),
            },
            Some(Call::Indirect) => match (first.and_then(|function| self.global(function)), first, arguments[2]) {
                (Some(global), Some(function), Some(arguments)) if call(global) != Some(Call::Indirect) => {
                    self.call(function, arguments)
                }
                _ => self.damaged("a tensor without a function that makes it"),
            },
            Some(Call::Instance) => self.node(Node::Object { items: Vec::new(), state: Value::None }),
            Some(Call::Data) => Ok(Value::Other),
            None => {
                let name = format!("{} {}", global.0, global.1);
                Err(match unreadable(global) {
                    Some(what) => TorchError::Tensors { what, name },
                    None => TorchError::Call { name },
                })
            }
        }
    }

    /// A dictionary of a list of pairs, as Python 2 writes it, or an empty one.
    fn dict(&mut self, pairs: Option<Value<'a>>) -> Step<Value<'a>> {
        // Counted first: the same list may be made a dictionary many times.
        self.make(pairs.and_then(|pairs| self.pickled.list(pairs)).map_or(0, <[_]>::len))?;
        let pairs = pairs.and_then(|pairs| self.pickled.list(pairs)).unwrap_or_default();
        let pair = |&pair: &Value<'a>| match self.pickled.list(pair) {
            Some(&[key, value]) => Some((key, value)),
            _ => None,
        };
        let Some(items) = pairs.iter().map(pair).collect() else {
            return self.damaged("a dictionary of what is no pair");
        };
        self.node(Node::Dict(items))
    }

    fn tensor(&mut self, arguments: [Option<Value<'a>>; 7], dtype: Option<Global<'a>>) -> Step<Value<'a>> {
        let [Some(storage), Some(Value::Int(offset)), Some(shape), Some(strides), ..] = arguments else {
            return self.damaged("a tensor without a storage or an offset");
        };
        let Some(&Node::Storage(storage)) = self.pickled.node(storage) else {
            return self.damaged("a tensor of what is no storage");
        };
        let kind = match dtype {
            None => self.pickled.storages[storage as usize].kind,
            Some(dtype) => dtype_kind(dtype).ok_or_else(|| TorchError::Tensors {
                what: "values of a special type",
                name: format!("{} {}", dtype.0, dtype.1),
            })?,
        };
        let (Some(shape), Some(strides)) = (self.sizes(shape), self.sizes(strides)) else {
            return self.damaged("a tensor whose sizes or strides are no list of whole numbers");
        };
        match u64::try_from(offset) {
            Ok(offset) if shape.len() == strides.len() => {
                self.make(shape.len())?;
                self.node(Node::Tensor(Box::new(Tensor { storage, kind, offset, shape, strides })))
            }
            _ => self.damaged("a tensor with other strides than sizes"),
        }
    }

    /// Sizes or strides. PyTorch's tensors have at most 64 of them; a ResNeXt's have four.
    fn sizes(&self, value: Value<'a>) -> Option<Vec<u64>> {
        let values = self.pickled.list(value).filter(|values| values.len() <= 64)?;
        let size = |&value: &Value<'a>| match value {
            Value::Int(size) => u64::try_from(size).ok(),
            _ => None,
        };
        values.iter().map(size).collect()
    }

    /// What lies outside of the pickle: a storage, or in old files the class of a module with its source text.
    pub(super) fn persistent(&mut self, id: Value<'a>) -> Step<Value<'a>> {
        let id = self.pickled.list(id).unwrap_or_default();
        let (key, class, elements, view) = match *id {
            [Value::Text("module"), class @ Value::Global(_), ..] => return Ok(class),
            [Value::Text("storage"), class, Value::Text(key), _, Value::Int(elements)] => (key, class, elements, None),
            [Value::Text("storage"), class, Value::Text(key), _, Value::Int(elements), view] => {
                (key, class, elements, Some(view))
            }
            _ => return self.damaged("a storage without a key or a size"),
        };
        let Some(class) = self.global(class) else { return self.damaged("a storage without a class") };
        let Some(kind) = storage_kind(class) else {
            let what = if class.1.starts_with('Q') { "quantised tensors" } else { "a storage of a special kind" };
            return Err(TorchError::Tensors { what, name: format!("{} {}", class.0, class.1) });
        };
        let Ok(elements) = u64::try_from(elements) else { return self.damaged("a storage of a negative size") };
        let view = match view {
            None | Some(Value::None) => (0, elements),
            Some(view) => match self.pickled.list(view) {
                Some(&[_, Value::Int(first), Value::Int(count)]) => {
                    let (first, count) = (u64::try_from(first).ok(), u64::try_from(count).ok());
                    let inside = first
                        .zip(count)
                        .filter(|&(first, count)| first.checked_add(count).is_some_and(|end| end <= elements));
                    match inside {
                        Some(view) => view,
                        None => return self.damaged("a part of a storage outside of it"),
                    }
                }
                _ => return self.damaged("a part of a storage without a place"),
            },
        };
        self.pickled.storages.push(Storage { key, kind, elements, view });
        let index = self.pickled.storages.len() as u32 - 1;
        self.node(Node::Storage(index))
    }
}
