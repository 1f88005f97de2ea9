//! What a pickle builds here: plain data, in one list that values refer to by number, so that what Python shares is shared
//! and no depth of nesting costs stack.

/// A value on the pickle's stack. Texts lie in the pickle itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    None,
    False,
    Int(i64),
    Text(&'a str),
    /// A name that the pickle looks up, by its number in [`Pickled::globals`].
    Global(u32),
    /// A list, dictionary, object or tensor, by its number in [`Pickled::nodes`].
    Node(u32),
    /// Whatever else: `True`, a number with a fraction, bytes, a set, a NumPy scalar.
    Other,
}

/// Pairs in the order in which they were set.
pub(super) type Items<'a> = Vec<(Value<'a>, Value<'a>)>;

#[derive(Debug)]
pub(super) enum Node<'a> {
    /// A tuple, or a list.
    List(Vec<Value<'a>>),
    Dict(Items<'a>),
    /// An instance of a class that is not known here: what it would have as a dictionary or list, and the state that it
    /// would be given. Nothing of its class is used.
    Object {
        items: Items<'a>,
        state: Value<'a>,
    },
    /// A storage, by its number in [`Pickled::storages`].
    Storage(u32),
    Tensor(Box<Tensor>),
}

/// A module and a name in it, as a pickle names a class or a function.
pub(super) type Global<'a> = (&'a str, &'a str);

/// The type of stored values: its name in safetensors, and bytes per value.
pub(super) type Kind = (&'static str, u64);

/// Values in the file that tensors refer to.
#[derive(Debug)]
pub(super) struct Storage<'a> {
    pub key: &'a str,
    pub kind: Kind,
    pub elements: u64,
    /// Where the part begins that tensors see, and how many elements it has; the old format stores views so.
    pub view: (u64, u64),
}

#[derive(Debug)]
pub(super) struct Tensor {
    /// Its number in [`Pickled::storages`].
    pub storage: u32,
    pub kind: Kind,
    /// In elements, as are the strides.
    pub offset: u64,
    pub shape: Vec<u64>,
    pub strides: Vec<u64>,
}

/// What a pickle has built.
#[derive(Debug)]
pub(super) struct Pickled<'a> {
    pub nodes: Vec<Node<'a>>,
    pub globals: Vec<Global<'a>>,
    pub storages: Vec<Storage<'a>>,
    pub root: Value<'a>,
    /// The place after its last instruction.
    pub end: usize,
}

impl<'a> Pickled<'a> {
    pub(super) fn node(&self, value: Value<'a>) -> Option<&Node<'a>> {
        match value {
            Value::Node(index) => self.nodes.get(index as usize),
            _ => None,
        }
    }

    /// The elements of a list or tuple.
    pub(super) fn list(&self, value: Value<'a>) -> Option<&[Value<'a>]> {
        match self.node(value) {
            Some(Node::List(values)) => Some(values),
            _ => None,
        }
    }

    pub(super) fn items(&self, value: Value<'a>) -> Option<&Items<'a>> {
        match self.node(value) {
            Some(Node::Dict(items)) => Some(items),
            _ => None,
        }
    }

    pub(super) fn tensor(&self, value: Value<'a>) -> Option<&Tensor> {
        match self.node(value) {
            Some(Node::Tensor(tensor)) => Some(tensor),
            _ => None,
        }
    }

    /// The value under a text in a dictionary; the last one, as in Python.
    pub(super) fn get(&self, dict: Value<'a>, key: &str) -> Option<Value<'a>> {
        let items = self.items(dict)?;
        items.iter().rev().find(|(name, _)| *name == Value::Text(key)).map(|&(_, value)| value)
    }
}
