//! Maps the names that a file gives its tensors onto PyTorch's keys, `conv1.weight` to `fc.bias`.
//!
//! The network is found by its own structure: the prefix under which stages of blocks stand, whatever it is and in whichever of
//! the [layouts](layout). What stands beside the network is left aside and told. Nothing is left aside that could belong to the
//! network: such a tensor stays, and the check that follows refuses it by name.

mod head;
mod layout;

use std::collections::BTreeMap;

use super::WeightError;
use super::header::Entry;
use head::Head;
use layout::{LAYOUTS, Layout};

/// The path in which MoCo keeps the slow copy of its encoder, which nobody wants.
const SLOW_COPY: &str = "encoder_k";

/// A file's tensors under PyTorch's keys, and what was done to their names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub entries: BTreeMap<String, Entry>,
    /// What was removed from the beginning of the names.
    pub prefix: String,
    /// Whose names the file has; empty for PyTorch's own.
    pub layout: &'static str,
    /// Modules under other names: theirs, then PyTorch's.
    pub renamed: Vec<(String, String)>,
    /// What stands beside the network.
    pub left_aside: Vec<String>,
}

/// Maps all names. A file in which no network is found keeps its names, for the error that names what it is.
pub(super) fn to_pytorch(entries: BTreeMap<String, Entry>) -> Result<Named, WeightError> {
    let Some((layout, prefix)) = network(&entries)? else { return Ok(Named { entries, ..Named::default() }) };
    let head = Head::find(&entries, layout, &prefix)?;
    let mut named = Named { layout: layout.title, ..Named::default() };
    let mut aside = Aside::default();
    for (name, mut entry) in entries {
        let inside = name.strip_prefix(prefix.as_str());
        let key = match (head.key(&name), inside) {
            (Some(key), _) => {
                squeeze(&mut entry);
                key
            }
            (None, Some(inside)) => match layout.key(inside) {
                Some(mapped) => {
                    if let Some((from, to)) = mapped.renamed {
                        named.rename(from, to);
                    }
                    mapped.key
                }
                None if may_belong(inside, &entry) => inside.to_owned(),
                None => {
                    refuse_pooling(&name, inside)?;
                    aside.add(&name, &prefix);
                    continue;
                }
            },
            (None, None) => {
                refuse_pooling(&name, head::beside(&name, &prefix))?;
                aside.add(&name, &prefix);
                continue;
            }
        };
        // Two names for one key: the second keeps its own, and is refused by it.
        let key = if named.entries.contains_key(&key) { name } else { key };
        named.entries.insert(key, entry);
    }
    if head.path != "fc" {
        named.rename(&head.path, "fc");
    }
    named.left_aside = aside.told();
    named.prefix = prefix;
    Ok(named)
}

impl Named {
    fn rename(&mut self, from: &str, to: &str) {
        if !from.is_empty() && !self.renamed.iter().any(|(known, _)| known == from) {
            self.renamed.push((from.to_owned(), to.to_owned()));
        }
    }
}

/// The layout and the prefix of the one network in the file.
fn network(entries: &BTreeMap<String, Entry>) -> Result<Option<(&'static Layout, String)>, WeightError> {
    let mut found: Vec<(&'static Layout, &str)> = Vec::new();
    for name in entries.keys() {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(dot, _)| dot + 1));
        for start in starts {
            let (prefix, inside) = name.split_at(start);
            for layout in &LAYOUTS {
                if layout.is_convolution(inside)
                    && !found.iter().any(|(other, known)| other.block == layout.block && *known == prefix)
                {
                    found.push((layout, prefix));
                }
            }
        }
    }
    if found.len() > 1 {
        found.retain(|(_, prefix)| !prefix.contains(SLOW_COPY));
    }
    match found[..] {
        [] => Ok(None),
        [(layout, prefix)] => {
            layout.refuse_other_stems(entries, prefix)?;
            Ok(Some((layout, prefix.to_owned())))
        }
        _ => Err(WeightError::Networks { prefixes: found.iter().map(|(_, prefix)| (*prefix).to_owned()).collect() }),
    }
}

/// Whether a tensor beside the blocks, under the network's own prefix, may be a part of the network: then it must not be left
/// aside. Counters, queues and losses are neither convolutions nor batch norms.
fn may_belong(inside: &str, entry: &Entry) -> bool {
    let module = inside.split('.').next().unwrap_or(inside);
    let is_of_network = ["conv", "bn", "layer", "stem", "downsample"].iter().any(|part| module.starts_with(part));
    is_of_network || head::is_word(module) || entry.shape.len() == 4 || inside.contains(".running_")
}

/// Refuses a network that pools with learned weights, which would otherwise be left aside.
fn refuse_pooling(name: &str, module: &str) -> Result<(), WeightError> {
    let module = module.split('.').next().unwrap_or(module);
    if !module.contains("pool") && module != "gem" {
        return Ok(());
    }
    Err(WeightError::Unsupported {
        what: "a network with a learned pooling",
        tensor: name.to_owned(),
        reason: "a ResNeXt takes the mean of each channel before its head, without weights",
    })
}

/// A convolution of 1×1 as head has the shape of a linear layer and two axes of length 1.
fn squeeze(entry: &mut Entry) {
    if matches!(entry.shape[..], [_, _, 1, 1]) {
        entry.shape.truncate(2);
        if let Some(strides) = &mut entry.strides {
            strides.truncate(2);
        }
    }
}

/// The tensors that are left aside, counted by what they stand in: that, the first one's name, and how many there are.
#[derive(Default)]
struct Aside(Vec<(String, String, usize)>);

impl Aside {
    fn add(&mut self, name: &str, prefix: &str) {
        let place = name.len() - head::beside(name, prefix).len();
        let end = name[place..].find('.').map_or(name.len(), |dot| place + dot);
        match self.0.iter_mut().find(|(place, ..)| *place == name[..end]) {
            Some((.., count)) => *count += 1,
            None => self.0.push((name[..end].to_owned(), name.to_owned(), 1)),
        }
    }

    fn told(self) -> Vec<String> {
        let each = self.0.into_iter().map(|(place, name, count)| match count {
            1 => name,
            _ => format!("{place} ({count} tensors)"),
        });
        each.collect()
    }
}
