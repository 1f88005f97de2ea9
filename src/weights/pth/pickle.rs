//! The machine that a pickle is a program for, with the instructions that Python writes for protocols 2 to 5. It builds plain
//! data ([`Value`]) and calls nothing: what a call makes is in the table of `globals.rs`,
//! and `calls.rs` makes it.

use super::TorchError;
use super::machine::{Machine, Step};
use super::value::{Items, Node, Pickled, Value};

/// The longest pickle that is read, in bytes. ResNeXt-101 with its optimiser has 200 kB.
pub(super) const MAX_PICKLE_BYTES: u64 = 1 << 24;
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
}
