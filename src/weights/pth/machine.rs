//! The parts of the machine that its instructions share: the bytes of the program, the stack with its marks, and what was kept.

use super::TorchError;
use super::value::{Items, Node, Pickled, Value};

/// The most values that a pickle may make, which bounds the memory that it takes: some 40 bytes per value. ResNeXt-101 with its
/// optimiser takes 60 000 of them.
const MAX_VALUES: usize = 1 << 21;

/// A pickle under way: what is left of the program, and what was built so far.
pub(super) struct Machine<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) start: usize,
    pub(super) stack: Vec<Value<'a>>,
    /// Places in the stack.
    pub(super) marks: Vec<usize>,
    pub(super) memo: Vec<Option<Value<'a>>>,
    /// Values that were made so far.
    pub(super) made: usize,
    pub(super) pickled: Pickled<'a>,
}

pub(super) type Step<T> = Result<T, TorchError>;

impl<'a> Machine<'a> {
    // The program.

    pub(super) fn take(&mut self, len: usize) -> Step<&'a [u8]> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or(TorchError::PickleEnd)?;
        self.at += len;
        Ok(bytes)
    }

    pub(super) fn take_array<const N: usize>(&mut self) -> Step<&'a [u8; N]> {
        let array = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()).ok_or(TorchError::PickleEnd)?;
        self.at += N;
        Ok(array)
    }

    pub(super) fn length1(&mut self) -> Step<usize> {
        let [length] = *self.take_array()?;
        Ok(usize::from(length))
    }

    pub(super) fn length4(&mut self) -> Step<usize> {
        Ok(u32::from_le_bytes(*self.take_array()?) as usize)
    }

    pub(super) fn length8(&mut self) -> Step<usize> {
        usize::try_from(u64::from_le_bytes(*self.take_array()?)).map_err(|_| TorchError::PickleEnd)
    }

    /// A text up to the end of its line. Names are short, so that what is none is not searched to the end of the file.
    pub(super) fn line(&mut self) -> Step<&'a str> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = rest.iter().take(1024).position(|&byte| byte == b'\n');
        let Some(len) = line else {
            return if rest.len() < 1024 { Err(TorchError::PickleEnd) } else { self.damaged("a name without an end") };
        };
        self.at += len + 1;
        std::str::from_utf8(&rest[..len]).or_else(|_| self.damaged("a name that is not in UTF-8"))
    }

    pub(super) fn place(&self) -> usize {
        self.at - self.start
    }

    pub(super) fn damaged<T>(&self, what: &'static str) -> Step<T> {
        Err(TorchError::Pickle { what, at: self.place() })
    }

    // The stack.

    /// Counts values before memory is taken for them.
    pub(super) fn make(&mut self, count: usize) -> Step<()> {
        self.made = self.made.saturating_add(count);
        if self.made > MAX_VALUES { Err(TorchError::TooManyValues { limit: MAX_VALUES }) } else { Ok(()) }
    }

    pub(super) fn push(&mut self, value: Value<'a>) -> Step<()> {
        self.make(1)?;
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn push_node(&mut self, node: Node<'a>) -> Step<()> {
        let node = self.node(node)?;
        self.push(node)
    }

    pub(super) fn node(&mut self, node: Node<'a>) -> Step<Value<'a>> {
        self.make(1)?;
        self.pickled.nodes.push(node);
        Ok(Value::Node(self.pickled.nodes.len() as u32 - 1))
    }

    pub(super) fn push_global(&mut self, module: &'a str, name: &'a str) -> Step<()> {
        self.pickled.globals.push((module, name));
        self.push(Value::Global(self.pickled.globals.len() as u32 - 1))
    }

    /// A number of `len` bytes; one that does not fit into 64 bits is of no use here.
    pub(super) fn push_long(&mut self, len: usize) -> Step<()> {
        let bytes = self.take(len)?;
        let sign = bytes.last().is_some_and(|&byte| byte > 0x7f);
        let mut number = [if sign { 0xff } else { 0 }; 8];
        let value = number.get_mut(..len).map(|low| low.copy_from_slice(bytes));
        self.push(value.map_or(Value::Other, |()| Value::Int(i64::from_le_bytes(number))))
    }

    /// Python 2's texts may be bytes of any kind, which are no names.
    pub(super) fn push_text(&mut self, len: usize, is_unicode: bool) -> Step<()> {
        match std::str::from_utf8(self.take(len)?) {
            Ok(text) => self.push(Value::Text(text)),
            Err(_) if is_unicode => self.damaged("a text that is not in UTF-8"),
            Err(_) => self.push(Value::Other),
        }
    }

    pub(super) fn push_bytes(&mut self, len: usize) -> Step<()> {
        self.take(len)?;
        self.push(Value::Other)
    }

    /// The place of the `count`th value from the top. Values below the last mark are out of reach.
    pub(super) fn depth(&self, count: usize) -> Step<usize> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(count) {
            Some(from) if from >= floor => Ok(from),
            _ => self.damaged("a value is missing"),
        }
    }

    pub(super) fn pop(&mut self) -> Step<Value<'a>> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    pub(super) fn top(&self) -> Step<Value<'a>> {
        self.depth(1).map(|from| self.stack[from])
    }

    /// All values since the last mark.
    pub(super) fn pop_mark(&mut self) -> Step<Vec<Value<'a>>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => self.damaged("a mark is missing"),
        }
    }

    pub(super) fn pop_items(&mut self) -> Step<Items<'a>> {
        let values = self.pop_mark()?;
        match values.as_chunks::<2>() {
            (pairs, []) => Ok(pairs.iter().map(|&[key, value]| (key, value)).collect()),
            _ => self.damaged("a key without a value"),
        }
    }

    pub(super) fn get(&mut self, index: usize) -> Step<()> {
        match self.memo.get(index) {
            Some(&Some(value)) => self.push(value),
            _ => self.damaged("a value that was never kept"),
        }
    }

    /// Python numbers the values that it keeps one by one.
    pub(super) fn put(&mut self, index: usize) -> Step<()> {
        let top = self.top()?;
        if index >= self.memo.len() {
            self.make(index - self.memo.len() + 1)?;
            self.memo.resize(index + 1, None);
        }
        self.memo[index] = Some(top);
        Ok(())
    }
}
