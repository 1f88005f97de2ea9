//! Finds the network's tensors in what a pickle has built: a state_dict, one in dictionaries of other things, or a whole
//! module, whose tensors are in the `_parameters` and `_buffers` of its `_modules`.

use std::collections::BTreeMap;

use super::TorchError;
use super::value::{Node, Pickled, Tensor, Value};

/// Dictionaries in dictionaries that are looked into.
const MAX_DEPTH: usize = 24;
/// The most tensors of a network. ResNeXt-101 has 626.
const MAX_PARTS: usize = 100_000;
/// The most dictionaries and modules among which the network is searched.
const MAX_CANDIDATES: usize = 256;
/// Keys that are looked at before a file is refused: what is shared in a pickle may be met again and again.
const MAX_WORK: usize = 1 << 23;
/// The longest name of a tensor, in bytes.
const MAX_NAME: usize = 1000;
/// How much of what was left aside is listed.
const MAX_LISTED: usize = 40;

/// A network's tensors and where they were.
pub(super) struct Found<'p> {
    pub tensors: BTreeMap<String, &'p Tensor>,
    pub path: Vec<String>,
    pub left_aside: Vec<String>,
}

/// A dictionary or module that may be the network, and the way to it: each container and the key in it.
struct Candidate<'a> {
    value: Value<'a>,
    way: Vec<(Value<'a>, String)>,
    is_network: bool,
}

/// How well a key fits a network's tensors; the lowest is taken. Averaged weights are taken where there are no others.
fn rank(key: &str) -> u8 {
    let key = key.to_ascii_lowercase();
    if key.split(['_', '.', '-']).any(|word| word == "ema" || word == "swa" || word == "averaged") {
        return 4;
    }
    match key.as_str() {
        "state_dict" => 0,
        _ if key.contains("state_dict") || key == "model_state" => 1,
        "model" | "net" | "network" | "module" => 2,
        _ => 3,
    }
}

impl Candidate<'_> {
    /// Candidates with convolutions go before those without, then the worst key of the way counts.
    fn rank(&self) -> (bool, u8) {
        (!self.is_network, self.way.iter().map(|(_, key)| rank(key)).max().unwrap_or(0))
    }

    fn path(&self) -> Vec<String> {
        self.way.iter().map(|(_, key)| key.clone()).collect()
    }
}

pub(super) fn find<'p>(pickled: &'p Pickled<'p>) -> Result<Found<'p>, TorchError> {
    let mut search = Search { pickled, seen: vec![false; pickled.nodes.len()], left: MAX_WORK, candidates: Vec::new() };
    search.visit(pickled.root, &mut Vec::new())?;
    let mut candidates = search.candidates;
    let Some(best) = candidates.iter().map(Candidate::rank).min() else {
        let root = members(pickled, pickled.root).into_iter().take(MAX_LISTED);
        let found = root.map(|(key, value)| told(pickled, &key, value)).collect();
        return Err(TorchError::NoNetwork { found });
    };
    candidates.retain(|candidate| candidate.rank() == best);
    let taken = match candidates.pop() {
        Some(taken) if candidates.is_empty() => taken,
        last => {
            let paths = candidates.iter().chain(&last).take(MAX_LISTED).map(|candidate| candidate.path().join("."));
            return Err(TorchError::SeveralNetworks { paths: paths.collect() });
        }
    };
    let mut tensors = BTreeMap::new();
    if module(pickled, taken.value).is_some() {
        flatten(pickled, taken.value, "", MAX_DEPTH, &mut MAX_WORK.clone(), &mut tensors)?;
    } else {
        for &(key, value) in pickled.items(taken.value).into_iter().flatten() {
            if let (Value::Text(name), Some(tensor)) = (key, pickled.tensor(value)) {
                insert(&mut tensors, name.to_owned(), tensor)?;
            }
        }
    }
    Ok(Found { tensors, path: taken.path(), left_aside: left_aside(pickled, &taken) })
}

fn insert<'p>(tensors: &mut BTreeMap<String, &'p Tensor>, name: String, tensor: &'p Tensor) -> Result<(), TorchError> {
    if name.len() > MAX_NAME || tensors.len() >= MAX_PARTS {
        return Err(too_many());
    }
    match tensors.insert(name.clone(), tensor) {
        Some(_) => Err(TorchError::Duplicate(name)),
        None => Ok(()),
    }
}

fn too_many() -> TorchError {
    TorchError::TooManyValues { limit: MAX_PARTS }
}

/// Counts the keys of an object or dictionary before they are looked at.
fn look<'p>(pickled: &'p Pickled<'p>, value: Value<'p>, left: &mut usize) -> Result<(), TorchError> {
    let keys = |value| pickled.items(value).map_or(0, Vec::len);
    let count = match pickled.node(value) {
        Some(Node::Object { items, state }) => {
            let parts = ["_parameters", "_buffers", "_modules"].map(|part| pickled.get(*state, part).map_or(0, keys));
            items.len() + keys(*state) + parts.iter().sum::<usize>()
        }
        Some(Node::Dict(items)) => items.len(),
        Some(Node::List(values)) => values.len(),
        _ => 0,
    };
    *left = left.checked_sub(count + 1).ok_or_else(too_many)?;
    Ok(())
}

struct Search<'p> {
    pickled: &'p Pickled<'p>,
    seen: Vec<bool>,
    left: usize,
    candidates: Vec<Candidate<'p>>,
}

impl<'p> Search<'p> {
    /// Looks into a value, and into what it holds; into each one once.
    fn visit(&mut self, value: Value<'p>, way: &mut Vec<(Value<'p>, String)>) -> Result<(), TorchError> {
        let Value::Node(index) = value else { return Ok(()) };
        let pickled = self.pickled;
        if way.len() > MAX_DEPTH || std::mem::replace(&mut self.seen[index as usize], true) {
            return Ok(());
        }
        look(pickled, value, &mut self.left)?;
        if self.candidates.len() >= MAX_CANDIDATES {
            return Err(too_many());
        }
        let kept = |is_network| Candidate { value, way: way.clone(), is_network };
        if module(pickled, value).is_some() {
            // A module without convolutions is a loss or a metric, or a part that was saved alone.
            let is_network = has_convolution(pickled, value, &mut self.left, MAX_DEPTH)?;
            self.candidates.push(kept(is_network));
            return Ok(());
        }
        if let Some(items) = pickled.items(value) {
            let weights = items.iter().filter(|(key, _)| matches!(key, Value::Text(name) if name.ends_with("weight")));
            let tensors = weights.filter_map(|&(_, value)| pickled.tensor(value));
            let ranks: Vec<usize> = tensors.map(|tensor| tensor.shape.len()).take(MAX_PARTS).collect();
            if !ranks.is_empty() {
                self.candidates.push(kept(ranks.contains(&4)));
                return Ok(());
            }
        }
        for (key, value) in members(pickled, value) {
            if !key.to_ascii_lowercase().contains("optim") {
                way.push((Value::Node(index), key));
                self.visit(value, way)?;
                way.pop();
            }
        }
        Ok(())
    }
}

/// The state of a whole pickled module.
fn module<'p>(pickled: &'p Pickled<'p>, value: Value<'p>) -> Option<Value<'p>> {
    match pickled.node(value) {
        Some(&Node::Object { state, .. }) => {
            let is_module = pickled.get(state, "_modules").is_some() && pickled.get(state, "_parameters").is_some();
            is_module.then_some(state)
        }
        _ => None,
    }
}

/// What a module has under one of its attributes, by name.
fn part<'p>(pickled: &'p Pickled<'p>, state: Value<'p>, attribute: &str) -> impl Iterator<Item = (&'p str, Value<'p>)> {
    let items = pickled.get(state, attribute).and_then(|items| pickled.items(items));
    items.into_iter().flatten().filter_map(|&(key, value)| match key {
        Value::Text(name) => Some((name, value)),
        _ => None,
    })
}

/// Whether a module has a convolution, itself or in its parts.
fn has_convolution<'p>(
    pickled: &'p Pickled<'p>,
    value: Value<'p>,
    left: &mut usize,
    depth: usize,
) -> Result<bool, TorchError> {
    look(pickled, value, left)?;
    let Some(state) = module(pickled, value).filter(|_| depth > 0) else { return Ok(false) };
    let is_kernel = |(_, value)| pickled.tensor(value).is_some_and(|tensor| tensor.shape.len() == 4);
    if part(pickled, state, "_parameters").any(is_kernel) {
        return Ok(true);
    }
    for (_, value) in part(pickled, state, "_modules") {
        if has_convolution(pickled, value, left, depth - 1)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The tensors of a module and of the modules in it, named as `state_dict()` names them.
fn flatten<'p>(
    pickled: &'p Pickled<'p>,
    value: Value<'p>,
    prefix: &str,
    depth: usize,
    left: &mut usize,
    tensors: &mut BTreeMap<String, &'p Tensor>,
) -> Result<(), TorchError> {
    look(pickled, value, left)?;
    let Some(state) = module(pickled, value) else { return Ok(()) };
    if depth == 0 {
        return Err(too_many());
    }
    // A text may be as long as the file, and a part may be met in many places.
    let joined = |name: &str| {
        let fits = prefix.len() + name.len() < MAX_NAME;
        if fits { Ok(format!("{prefix}{name}")) } else { Err(too_many()) }
    };
    for (name, value) in part(pickled, state, "_parameters").chain(part(pickled, state, "_buffers")) {
        if let Some(tensor) = pickled.tensor(value) {
            insert(tensors, joined(name)?, tensor)?;
        }
    }
    for (name, value) in part(pickled, state, "_modules") {
        flatten(pickled, value, &(joined(name)? + "."), depth - 1, left, tensors)?;
    }
    Ok(())
}

/// What a container holds, by name. A list's elements have their numbers for names.
fn members<'p>(pickled: &'p Pickled<'p>, value: Value<'p>) -> Vec<(String, Value<'p>)> {
    let key = |key: Value<'p>| match key {
        Value::Text(name) => shortened(name),
        Value::Int(number) => number.to_string(),
        _ => "?".to_owned(),
    };
    match pickled.node(value) {
        Some(Node::Dict(items)) => items.iter().map(|&(name, value)| (key(name), value)).collect(),
        Some(Node::List(values)) => values.iter().enumerate().map(|(i, &value)| (i.to_string(), value)).collect(),
        Some(Node::Object { items, state }) => {
            let attributes = pickled.items(*state).into_iter().flatten();
            items.iter().chain(attributes).map(|&(name, value)| (key(name), value)).collect()
        }
        _ => Vec::new(),
    }
}

/// The beginning of a text that may be as long as the file.
fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

/// What was beside the network, on every step of the way to it and in its own dictionary.
fn left_aside<'p>(pickled: &'p Pickled<'p>, taken: &Candidate<'p>) -> Vec<String> {
    let mut told_of = Vec::new();
    for (step, (container, on_the_way)) in taken.way.iter().enumerate() {
        let before: String = taken.way[..step].iter().map(|(_, key)| format!("{key}.")).collect();
        let beside = members(pickled, *container).into_iter().filter(|(key, _)| key != on_the_way);
        told_of.extend(beside.take(MAX_LISTED).map(|(key, value)| told(pickled, &format!("{before}{key}"), value)));
    }
    if module(pickled, taken.value).is_none() {
        let others = members(pickled, taken.value).into_iter().filter(|(_, value)| pickled.tensor(*value).is_none());
        told_of.extend(others.take(MAX_LISTED).map(|(key, value)| told(pickled, &key, value)));
    }
    let more = told_of.len().saturating_sub(MAX_LISTED);
    if more > 0 {
        told_of.truncate(MAX_LISTED);
        told_of.push(format!("{more} more"));
    }
    told_of
}

/// `optimizer (12 tensors)`, or the key alone.
fn told<'p>(pickled: &'p Pickled<'p>, key: &str, value: Value<'p>) -> String {
    match count_tensors(pickled, value) {
        0 => key.to_owned(),
        1 => format!("{key} (1 tensor)"),
        tensors => format!("{key} ({tensors} tensors)"),
    }
}

/// The tensors in a value, each counted once.
fn count_tensors<'p>(pickled: &'p Pickled<'p>, value: Value<'p>) -> usize {
    let mut seen = vec![false; pickled.nodes.len()];
    let (mut open, mut tensors) = (vec![value], 0);
    while let Some(value) = open.pop() {
        let Value::Node(index) = value else { continue };
        if std::mem::replace(&mut seen[index as usize], true) {
            continue;
        }
        match &pickled.nodes[index as usize] {
            Node::Tensor(_) => tensors += 1,
            Node::List(values) => open.extend(values),
            Node::Dict(items) => open.extend(items.iter().map(|&(_, value)| value)),
            Node::Object { items, state } => {
                open.push(*state);
                open.extend(items.iter().map(|&(_, value)| value));
            }
            Node::Storage(_) => {}
        }
    }
    tensors
}
