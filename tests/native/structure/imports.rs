//! Which file of `src/` needs which: imports and paths, followed through re-exports to the file that defines a name.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::tokens;

type Path = Vec<String>;

/// A name that a file takes in, and where from.
struct Import {
    /// `None` for `*`.
    name: Option<String>,
    path: Path,
    is_public: bool,
    /// Whether the file's own code has the name; one that it only passes on is no need of it.
    is_used: bool,
}

impl Import {
    fn is_needed(&self) -> bool {
        !self.is_public || self.is_used
    }
}

struct File {
    path: String,
    imports: Vec<Import>,
    /// Paths in the code, from `crate`.
    paths: Vec<Path>,
}

/// All files by the path of their module.
pub struct Files(BTreeMap<Path, File>);

impl Files {
    /// From paths below `src/` and their texts.
    pub fn new<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let sources: Vec<_> = sources.into_iter().map(|(path, text)| (module_of(path), path, text)).collect();
        let modules: BTreeSet<Path> = sources.iter().map(|(module, ..)| module.clone()).collect();
        let file = |(module, path, text): (Path, &str, &str)| {
            let file = File::read(&module, path, &tokens(text), &modules);
            (module, file)
        };
        Self(sources.into_iter().map(file).collect())
    }

    /// Every file, and the files that it needs.
    pub fn needs(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let needs = |file: &File| {
            let needed = || file.imports.iter().filter(|import| import.is_needed());
            let named = needed().map(|import| &import.path).chain(&file.paths);
            let named = named.filter_map(|path| self.target(path, &mut Vec::new()));
            let globs = needed().filter(|import| import.name.is_none()).filter_map(|import| self.0.get(&import.path));
            let globs = globs.filter(|other| !other.only_passes_on()).map(|other| other.path.as_str());
            named.chain(globs).filter(|target| *target != file.path).collect()
        };
        self.0.values().map(|file| (file.path.as_str(), needs(file))).collect()
    }

    /// The file that defines what a path names; none for a module, which is only a place.
    fn target(&self, path: &[String], seen: &mut Vec<Path>) -> Option<&str> {
        let length = (0..=path.len()).rev().find(|&length| self.0.contains_key(&path[..length]))?;
        let (file, name) = (&self.0[&path[..length]], path.get(length)?);
        if seen.iter().any(|seen| seen == path) {
            return None;
        }
        seen.push(path.to_vec());
        for import in &file.imports {
            let rest = &path[length + 1..];
            let passed_on = match &import.name {
                Some(own) if own == name => self.target(&[&import.path, rest].concat(), seen),
                None => {
                    // A glob passes on what its module defines; whether this name is among it, nobody can tell without compiling.
                    let found = self.target(&[&import.path, &path[length..]].concat(), seen);
                    found.filter(|_| file.only_passes_on())
                }
                _ => None,
            };
            if passed_on.is_some() {
                return passed_on;
            }
        }
        Some(&file.path)
    }
}

impl File {
    fn read(module: &Path, path: &str, tokens: &[String], modules: &BTreeSet<Path>) -> Self {
        let mut file = Self { path: path.into(), imports: Vec::new(), paths: Vec::new() };
        let mut at = 0;
        let (mut found, mut words) = (Vec::new(), BTreeSet::new());
        while at < tokens.len() {
            let next = tokens.get(at + 1).map_or("", String::as_str);
            if tokens[at] == "use" && next != "<" {
                let is_public = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
                let mut leaves = Vec::new();
                at = leaves_of(tokens, at + 1, &Vec::new(), &mut leaves);
                for (name, path) in leaves {
                    if let Some(path) = absolute(module, &path, modules, &[]) {
                        file.imports.push(Import { name, path, is_public, is_used: false });
                    }
                }
            } else if next == "::" && (at == 0 || tokens[at - 1] != "::") {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && tokens.get(at + 2).is_some_and(|token| is_word(token))
                {
                    path.push(tokens[at + 2].clone());
                    at += 2;
                }
                words.insert(path[0].clone());
                found.push(path);
                at += 1;
            } else {
                // A module is declared by its name, and that is all.
                if at == 0 || tokens[at - 1] != "mod" {
                    words.insert(tokens[at].clone());
                }
                at += 1;
            }
        }
        for import in &mut file.imports {
            import.is_used = import.name.as_ref().is_some_and(|name| words.contains(name));
        }
        let resolved = found.iter().filter_map(|path| absolute(module, path, modules, &file.imports));
        file.paths = resolved.collect();
        file
    }

    /// Whether all that it does is to declare modules and pass on their names.
    fn only_passes_on(&self) -> bool {
        self.paths.is_empty() && self.imports.iter().all(|import| import.is_public)
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The names and paths of an import, which may have braces in braces; returns the place behind it.
fn leaves_of(tokens: &[String], mut at: usize, before: &Path, leaves: &mut Vec<(Option<String>, Path)>) -> usize {
    let mut path = before.clone();
    while at < tokens.len() {
        match tokens[at].as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = leaves_of(tokens, at, &path, leaves);
                    at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
                }
                return at + 1;
            }
            "*" => {
                leaves.push((None, path));
                return at + 1;
            }
            "as" => {
                leaves.push((tokens.get(at + 1).cloned(), path));
                return at + 2;
            }
            "self" if !path.is_empty() && path.last() != Some(&"super".to_owned()) => at += 1,
            word if is_word(word) => {
                path.push(word.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    if path.len() > before.len() || !before.is_empty() {
        leaves.push((path.last().cloned(), path));
    }
    at
}

/// A path from the root of the crate; none for one that leads out of it.
fn absolute(module: &Path, path: &[String], modules: &BTreeSet<Path>, imports: &[Import]) -> Option<Path> {
    let (first, rest) = path.split_first()?;
    let mut base = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => module[..module.len().checked_sub(1)?].to_vec(),
        name => {
            let child = [module.as_slice(), &[name.to_owned()]].concat();
            let imported = imports.iter().find(|import| import.name.as_deref() == Some(name));
            match imported {
                Some(import) => import.path.clone(),
                None if modules.contains(&child) => child,
                None => return None,
            }
        }
    };
    for part in rest {
        if part == "super" {
            base.pop();
        } else {
            base.push(part.clone());
        }
    }
    Some(base)
}

fn module_of(path: &str) -> Path {
    let path = path.trim_end_matches(".rs");
    let mut module: Path = path.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}
