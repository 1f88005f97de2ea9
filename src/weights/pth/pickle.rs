//! The machine that a pickle is a program for, with the instructions that Python writes for protocols 2 to 5. It builds plain
//! data ([`Value`]) and calls nothing: what a call makes is in the table of `globals.rs`.

use super::TorchError;
use super::globals::{Call, call, dtype_kind, storage_kind, unreadable};
use super::value::{Global, Items, Node, Pickled, Storage, Tensor, Value};

/// The longest pickle that is read, in bytes. ResNeXt-101 with its optimiser has 200 kB.
pub(super) const MAX_PICKLE_BYTES: u64 = 1 << 24;
/// The most values that a pickle may make, which bounds the memory that it takes: some 40 bytes per value. ResNeXt-101 with its
/// optimiser takes 60 000 of them.
pub(super) const MAX_VALUES: usize = 1 << 21;

/// Runs the pickle that begins at `start`, and builds what it describes.
pub(super) fn run(bytes: &[u8], start: usize) -> Result<Pickled<'_>, TorchError> {
    let pickled =
        Pickled { nodes: Vec::new(), globals: Vec::new(), storages: Vec::new(), root: Value::None, end: start };
    let (stack, marks, memo) = (Vec::new(), Vec::new(), Vec::new());
    let mut machine = Machine { bytes, at: start, start, stack, marks, memo, made: 0, pickled };
    while !machine.step()? {}
    machine.pickled.end = machine.at;
    Ok(machine.pickled)
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    start: usize,
    stack: Vec<Value<'a>>,
    /// Places in the stack.
    marks: Vec<usize>,
    memo: Vec<Option<Value<'a>>>,
    /// Values that were made so far.
    made: usize,
    pickled: Pickled<'a>,
}

type Step<T> = Result<T, TorchError>;

impl<'a> Machine<'a> {
    /// Runs one instruction; says whether it was the last one.
    fn step(&mut self) -> Step<bool> {
        let [opcode] = *self.take_array()?;
        match opcode {
            b'.' => {
                self.pickled.root = self.pop()?;
                return Ok(true);
            }
            // PROTO and FRAME.
            0x80 => drop(self.take(1)?),
            0x95 => drop(self.take(8)?),
            b'N' => self.push(Value::None)?,
            0x88 => self.push(Value::Other)?,
            0x89 => self.push(Value::False)?,
            // A number with a fraction, and long numbers.
            b'G' => {
                self.take(8)?;
                self.push(Value::Other)?;
            }
            0x8a => {
                let len = self.length1()?;
                self.push_long(len)?;
            }
            0x8b => {
                let len = self.length4()?;
                self.push_long(len)?;
            }
            b'K' => {
                let [value] = *self.take_array()?;
                self.push(Value::Int(value.into()))?;
            }
            b'M' => {
                let value = u16::from_le_bytes(*self.take_array()?);
                self.push(Value::Int(value.into()))?;
            }
            b'J' => {
                let value = i32::from_le_bytes(*self.take_array()?);
                self.push(Value::Int(value.into()))?;
            }
            // SHORT_BINSTRING and BINSTRING, which Python 2 writes for names too; SHORT_BINUNICODE, BINUNICODE, BINUNICODE8.
            b'U' | 0x8c => {
                let len = self.length1()?;
                self.push_text(len, opcode == 0x8c)?;
            }
            b'T' | b'X' => {
                let len = self.length4()?;
                self.push_text(len, opcode == b'X')?;
            }
            0x8d => {
                let len = self.length8()?;
                self.push_text(len, true)?;
            }
            // SHORT_BINBYTES, BINBYTES, BINBYTES8 and BYTEARRAY8.
            b'C' => {
                let len = self.length1()?;
                self.push_bytes(len)?;
            }
            b'B' => {
                let len = self.length4()?;
                self.push_bytes(len)?;
            }
            0x8e | 0x96 => {
                let len = self.length8()?;
                self.push_bytes(len)?;
            }
            b']' | b')' => self.push_node(Node::List(Vec::new()))?,
            b'}' => self.push_node(Node::Dict(Vec::new()))?,
            // EMPTY_SET, and FROZENSET, whose elements are of no use here.
            0x8f => self.push(Value::Other)?,
            0x91 => {
                self.pop_mark()?;
                self.push(Value::Other)?;
            }
            // TUPLE1 to TUPLE3, TUPLE and LIST.
            0x85..=0x87 => {
                let from = self.depth(usize::from(opcode - 0x84))?;
                let values = self.stack.split_off(from);
                self.push_node(Node::List(values))?;
            }
            b't' | b'l' => {
                let values = self.pop_mark()?;
                self.push_node(Node::List(values))?;
            }
            b'd' => {
                let items = self.pop_items()?;
                self.push_node(Node::Dict(items))?;
            }
            b'(' => {
                self.make(1)?;
                self.marks.push(self.stack.len());
            }
            b'0' => drop(self.pop()?),
            b'1' => drop(self.pop_mark()?),
            b'2' => {
                let top = self.top()?;
                self.push(top)?;
            }
            // BINGET and LONG_BINGET, BINPUT and LONG_BINPUT, MEMOIZE.
            b'h' => {
                let index = self.length1()?;
                self.get(index)?;
            }
            b'j' => {
                let index = self.length4()?;
                self.get(index)?;
            }
            b'q' => {
                let index = self.length1()?;
                self.put(index)?;
            }
            b'r' => {
                let index = self.length4()?;
                self.put(index)?;
            }
            0x94 => self.put(self.memo.len())?,
            b'a' => {
                let value = self.pop()?;
                self.append(vec![value])?;
            }
            b'e' => {
                let values = self.pop_mark()?;
                self.append(values)?;
            }
            // ADDITEMS, to a set.
            0x90 => drop(self.pop_mark()?),
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.set_items(vec![(key, value)])?;
            }
            b'u' => {
                let items = self.pop_items()?;
                self.set_items(items)?;
            }
            b'c' => {
                let module = self.line()?;
                let name = self.line()?;
                self.push_global(module, name)?;
            }
            // STACK_GLOBAL.
            0x93 => match (self.pop()?, self.pop()?) {
                (Value::Text(name), Value::Text(module)) => self.push_global(module, name)?,
                _ => return self.damaged("a name that is no text"),
            },
            b'R' => {
                let arguments = self.pop()?;
                let function = self.pop()?;
                let made = self.call(function, arguments)?;
                self.push(made)?;
            }
            // NEWOBJ, and NEWOBJ_EX with arguments by name. An instance is data: its class is not asked.
            0x81 | 0x92 => {
                for _ in 0..=usize::from(opcode == 0x92) {
                    self.pop()?;
                }
                match self.pop()? {
                    Value::Global(_) => self.push_node(Node::Object { items: Vec::new(), state: Value::None })?,
                    _ => return self.damaged("an instance of what is no class"),
                }
            }
            b'b' => {
                let state = self.pop()?;
                self.build(state)?;
            }
            b'Q' => {
                let id = self.pop()?;
                let value = self.persistent(id)?;
                self.push(value)?;
            }
            _ => return Err(TorchError::Opcode { opcode, at: self.place() - 1 }),
        }
        Ok(false)
    }

    // The program.

    fn take(&mut self, len: usize) -> Step<&'a [u8]> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or(TorchError::PickleEnd)?;
        self.at += len;
        Ok(bytes)
    }

    fn take_array<const N: usize>(&mut self) -> Step<&'a [u8; N]> {
        let array = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()).ok_or(TorchError::PickleEnd)?;
        self.at += N;
        Ok(array)
    }

    fn length1(&mut self) -> Step<usize> {
        let [length] = *self.take_array()?;
        Ok(usize::from(length))
    }

    fn length4(&mut self) -> Step<usize> {
        Ok(u32::from_le_bytes(*self.take_array()?) as usize)
    }

    fn length8(&mut self) -> Step<usize> {
        usize::try_from(u64::from_le_bytes(*self.take_array()?)).map_err(|_| TorchError::PickleEnd)
    }

    /// A text up to the end of its line. Names are short, so that what is none is not searched to the end of the file.
    fn line(&mut self) -> Step<&'a str> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = rest.iter().take(1024).position(|&byte| byte == b'\n');
        let Some(len) = line else {
            return if rest.len() < 1024 { Err(TorchError::PickleEnd) } else { self.damaged("a name without an end") };
        };
        self.at += len + 1;
        std::str::from_utf8(&rest[..len]).or_else(|_| self.damaged("a name that is not in UTF-8"))
    }

    fn place(&self) -> usize {
        self.at - self.start
    }

    fn damaged<T>(&self, what: &'static str) -> Step<T> {
        Err(TorchError::Pickle { what, at: self.place() })
    }

    // The stack.

    /// Counts values before memory is taken for them.
    fn make(&mut self, count: usize) -> Step<()> {
        self.made = self.made.saturating_add(count);
        if self.made > MAX_VALUES { Err(TorchError::TooManyValues { limit: MAX_VALUES }) } else { Ok(()) }
    }

    fn push(&mut self, value: Value<'a>) -> Step<()> {
        self.make(1)?;
        self.stack.push(value);
        Ok(())
    }

    fn push_node(&mut self, node: Node<'a>) -> Step<()> {
        let node = self.node(node)?;
        self.push(node)
    }

    fn node(&mut self, node: Node<'a>) -> Step<Value<'a>> {
        self.make(1)?;
        self.pickled.nodes.push(node);
        Ok(Value::Node(self.pickled.nodes.len() as u32 - 1))
    }

    fn push_global(&mut self, module: &'a str, name: &'a str) -> Step<()> {
        self.pickled.globals.push((module, name));
        self.push(Value::Global(self.pickled.globals.len() as u32 - 1))
    }

    /// A number of `len` bytes; one that does not fit into 64 bits is of no use here.
    fn push_long(&mut self, len: usize) -> Step<()> {
        let bytes = self.take(len)?;
        let sign = bytes.last().is_some_and(|&byte| byte > 0x7f);
        let mut number = [if sign { 0xff } else { 0 }; 8];
        let value = number.get_mut(..len).map(|low| low.copy_from_slice(bytes));
        self.push(value.map_or(Value::Other, |()| Value::Int(i64::from_le_bytes(number))))
    }

    /// Python 2's texts may be bytes of any kind, which are no names.
    fn push_text(&mut self, len: usize, is_unicode: bool) -> Step<()> {
        match std::str::from_utf8(self.take(len)?) {
            Ok(text) => self.push(Value::Text(text)),
            Err(_) if is_unicode => self.damaged("a text that is not in UTF-8"),
            Err(_) => self.push(Value::Other),
        }
    }

    fn push_bytes(&mut self, len: usize) -> Step<()> {
        self.take(len)?;
        self.push(Value::Other)
    }

    /// The place of the `count`th value from the top. Values below the last mark are out of reach.
    fn depth(&self, count: usize) -> Step<usize> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(count) {
            Some(from) if from >= floor => Ok(from),
            _ => self.damaged("a value is missing"),
        }
    }

    fn pop(&mut self) -> Step<Value<'a>> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn top(&self) -> Step<Value<'a>> {
        self.depth(1).map(|from| self.stack[from])
    }

    /// All values since the last mark.
    fn pop_mark(&mut self) -> Step<Vec<Value<'a>>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => self.damaged("a mark is missing"),
        }
    }

    fn pop_items(&mut self) -> Step<Items<'a>> {
        let values = self.pop_mark()?;
        match values.as_chunks::<2>() {
            (pairs, []) => Ok(pairs.iter().map(|&[key, value]| (key, value)).collect()),
            _ => self.damaged("a key without a value"),
        }
    }

    fn get(&mut self, index: usize) -> Step<()> {
        match self.memo.get(index) {
            Some(&Some(value)) => self.push(value),
            _ => self.damaged("a value that was never kept"),
        }
    }

    /// Python numbers the values that it keeps one by one.
    fn put(&mut self, index: usize) -> Step<()> {
        let top = self.top()?;
        if index >= self.memo.len() {
            self.make(index - self.memo.len() + 1)?;
            self.memo.resize(index + 1, None);
        }
        self.memo[index] = Some(top);
        Ok(())
    }

    // Lists, dictionaries and objects.

    fn append(&mut self, values: Vec<Value<'a>>) -> Step<()> {
        match self.top()? {
            Value::Node(index) => match &mut self.pickled.nodes[index as usize] {
                Node::List(list) => list.extend(values),
                Node::Object { items, .. } => items.extend(values.into_iter().map(|value| (Value::None, value))),
                _ => return self.damaged("an element of what is no list"),
            },
            Value::Other => {}
            _ => return self.damaged("an element of what is no list"),
        }
        Ok(())
    }

    fn set_items(&mut self, new: Items<'a>) -> Step<()> {
        match self.top()? {
            Value::Node(index) => match &mut self.pickled.nodes[index as usize] {
                Node::Dict(items) | Node::Object { items, .. } => items.extend(new),
                _ => return self.damaged("a key of what is no dictionary"),
            },
            Value::Other => {}
            _ => return self.damaged("a key of what is no dictionary"),
        }
        Ok(())
    }

    /// The state of an object. That of dictionaries (`_metadata`) and of data that is left aside is not needed.
    fn build(&mut self, new: Value<'a>) -> Step<()> {
        if let Value::Node(index) = self.top()?
            && let Node::Object { state, .. } = &mut self.pickled.nodes[index as usize]
        {
            *state = new;
        }
        Ok(())
    }

    // Names and calls.

    fn global(&self, value: Value<'a>) -> Option<Global<'a>> {
        match value {
            Value::Global(index) => self.pickled.globals.get(index as usize).copied(),
            _ => None,
        }
    }

    fn call(&mut self, function: Value<'a>, arguments: Value<'a>) -> Step<Value<'a>> {
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
        let pairs = pairs.and_then(|pairs| self.pickled.list(pairs)).unwrap_or_default();
        let count = pairs.len();
        let pair = |&pair: &Value<'a>| match self.pickled.list(pair) {
            Some(&[key, value]) => Some((key, value)),
            _ => None,
        };
        // The same list may be made a dictionary many times.
        if self.made.saturating_add(count) > MAX_VALUES {
            return self.make(count).and(Ok(Value::Other));
        }
        let Some(items) = pairs.iter().map(pair).collect() else {
            return self.damaged("a dictionary of what is no pair");
        };
        self.make(count)?;
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
    fn persistent(&mut self, id: Value<'a>) -> Step<Value<'a>> {
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
