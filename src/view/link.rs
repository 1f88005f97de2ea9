//! The page's state in its address: `?model=cifar10&depth=20&cardinality=8&plan=fused&weights=f32&backend=cpu&runs=10`.

/// What an address asks for. A field is empty where the address does not name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    pub model: Option<String>,
    pub depth: Option<usize>,
    pub cardinality: Option<usize>,
    pub plan: Option<String>,
    /// What the weights are on the GPU: `f32` or `f16`.
    pub weights: Option<String>,
    /// What to run on: `webgpu` or `cpu`.
    pub backend: Option<String>,
    pub runs: Option<usize>,
    /// The address of a mirror of the host that keeps the large networks.
    pub hub: Option<String>,
}

impl Link {
    /// Reads a query, with or without its `?`, and lists what it did not understand.
    pub fn parse(query: &str) -> (Self, Vec<String>) {
        let mut link = Self::default();
        let mut unknown = Vec::new();
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let understood = match key {
                "model" => set(&mut link.model, word(value)),
                "depth" => set(&mut link.depth, value.parse().ok()),
                "cardinality" => set(&mut link.cardinality, value.parse().ok()),
                "plan" => set(&mut link.plan, word(value)),
                "weights" => set(&mut link.weights, word(value)),
                "backend" => set(&mut link.backend, word(value)),
                "runs" => set(&mut link.runs, value.parse().ok()),
                "hub" => set(&mut link.hub, origin(value)),
                _ => false,
            };
            if !understood {
                // Shown to the reader: short, whatever came.
                unknown.push(pair.chars().take(40).collect());
            }
        }
        (link, unknown)
    }

    /// The query, with its `?`; empty where nothing is set.
    pub fn query(&self) -> String {
        let number = |value: Option<usize>| value.map(|value| value.to_string());
        let pairs = [
            ("model", self.model.clone()),
            ("depth", number(self.depth)),
            ("cardinality", number(self.cardinality)),
            ("plan", self.plan.clone()),
            ("weights", self.weights.clone()),
            ("backend", self.backend.clone()),
            ("runs", number(self.runs)),
            ("hub", self.hub.clone()),
        ];
        let pairs: Vec<String> =
            pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    let understood = value.is_some();
    if understood {
        *field = value;
    }
    understood
}

/// `https://host`, with a port and a path if need be; of a query's characters, those that need no escaping.
fn origin(value: &str) -> Option<String> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    (!host.is_empty() && host.chars().all(plain)).then(|| value.trim_end_matches('/').to_owned())
}

/// Names in the address are letters, digits, `-` and `_`, so that nothing needs escaping.
fn word(value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!value.is_empty() && value.chars().all(plain)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let link = Link {
            model: Some("cifar10".into()),
            depth: Some(20),
            cardinality: Some(8),
            plan: Some("fused".into()),
            weights: Some("f16".into()),
            backend: Some("cpu".into()),
            runs: Some(10),
            hub: Some("http://127.0.0.1:8081/mirror".into()),
        };
        let query = "?model=cifar10&depth=20&cardinality=8&plan=fused&weights=f16&backend=cpu&runs=10&hub=http://127.0.0.1:8081/mirror";
        assert_eq!(link.query(), query);
        assert_eq!(Link::parse(&link.query()), (link, vec![]));
        assert_eq!(Link::default().query(), "");
        assert_eq!(Link::parse(""), (Link::default(), vec![]));
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_rest_obeyed() {
        let (link, unknown) = Link::parse("?cardinality=many&plan=plain&colour=blue&&model=%3Cb%3E&hub=ftp://a");
        assert_eq!(link, Link { plan: Some("plain".into()), ..Link::default() });
        assert_eq!(unknown, ["cardinality=many", "colour=blue", "model=%3Cb%3E", "hub=ftp://a"]);
    }
}
