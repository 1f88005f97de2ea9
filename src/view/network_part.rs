//! The parts of a network that a visitor can point at: the stem, every block, the head; each with the rows of its table.

use crate::model::{Block, Graph, Layer, Op};
use crate::protocol::StepProfile;

use super::number::resolution;

/// The stem, a block, or the head.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPart {
    /// `stem`, `layer1.0`, `head`.
    pub name: String,
    /// Its channels, as in the network's description: `3→64`, `64→128→256, 32×4`, `2048→1000`; `2048` without a head.
    pub channels: String,
    /// The same in words.
    pub words: String,
    /// Its index in [`Graph::blocks`]; `None` for the stem and the head.
    pub block: Option<usize>,
    /// One per layer, batch norm and ReLU excepted.
    pub rows: Vec<Row>,
}

/// A layer with weights and what follows it directly (batch norm, ReLU), or a layer without weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `conv2`, without the block's name.
    pub name: String,
    /// `3×3 in 32 groups of 4`
    pub operation: String,
    /// Whether it is a convolution with more than one group.
    pub grouped: bool,
    /// Channels and spatial size of input and output: `128→128 · 56²`
    pub shape: String,
    /// Number of trained values, batch norm included.
    pub parameters: u64,
    /// Multiply-adds for one picture.
    pub macs: u64,
    /// Names of the graph's layers it covers.
    pub layers: Vec<String>,
}

/// The time of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowTime {
    /// It was not measured.
    Unknown,
    /// Milliseconds.
    Measured(f64),
    /// It is computed, and timed, in the row of this name.
    Within(String),
}

impl NetworkPart {
    /// What [`NetworkPart::channels`] means.
    pub fn channels_explained(&self) -> &'static str {
        match self.block {
            Some(_) => {
                "Channels in → inside → out of this block (the paper’s bottleneck), then its cardinality × the channels of each \
                 group in the 3×3 convolution."
            }
            None => "Channels that go in → channels that come out.",
        }
    }

    /// Number of trained values in all rows.
    pub fn parameters(&self) -> u64 {
        self.rows.iter().map(|row| row.parameters).sum()
    }

    /// Multiply-adds of all rows for one picture.
    pub fn macs(&self) -> u64 {
        self.rows.iter().map(|row| row.macs).sum()
    }

    /// Milliseconds of every row, from what each dispatch took and the layers it covered.
    ///
    /// A dispatch counts for the row of its first layer; the rows of its other layers are [`RowTime::Within`] that one.
    pub fn times(&self, steps: &[StepProfile]) -> Vec<RowTime> {
        let mut times = vec![RowTime::Unknown; self.rows.len()];
        let row_of = |layer: &String| self.rows.iter().position(|row| row.layers.contains(layer));
        for StepProfile { layers, ms, .. } in steps {
            let Some(first) = layers.first().and_then(row_of) else { continue };
            times[first] = match times[first] {
                RowTime::Measured(before) => RowTime::Measured(before + ms),
                _ => RowTime::Measured(*ms),
            };
            for other in layers.iter().filter_map(row_of).filter(|&other| other != first) {
                if times[other] == RowTime::Unknown {
                    times[other] = RowTime::Within(self.rows[first].name.clone());
                }
            }
        }
        times
    }

    /// Milliseconds of the whole part, where it was measured.
    pub fn total(times: &[RowTime]) -> Option<f64> {
        let measured = times.iter().filter_map(|time| if let RowTime::Measured(ms) = time { Some(*ms) } else { None });
        measured.fold(None, |sum: Option<f64>, ms| Some(sum.unwrap_or(0.0) + ms))
    }
}

/// The stem, the blocks and the head, in order.
pub fn network_parts(graph: &Graph) -> Vec<NetworkPart> {
    let first = graph.blocks.first().map_or(graph.layers.len(), |block| block.layers.start);
    let last = graph.blocks.last().map_or(first, |block| block.layers.end);
    let config = &graph.config;
    let input = graph.input_shape();
    let stem = NetworkPart {
        name: "stem".into(),
        channels: format!("{}→{}", config.in_channels, config.stem_channels),
        words: format!(
            "{} become {} channels",
            if config.in_channels == 1 { "one channel (grey)".into() } else { format!("{} colours", input.c) },
            config.stem_channels
        ),
        block: None,
        rows: rows(graph, &graph.layers[..first], ""),
    };
    let features = graph.blocks.last().map_or(config.stem_channels, |block| block.out_channels);
    let head = NetworkPart {
        name: "head".into(),
        channels: match config.num_classes {
            0 => features.to_string(),
            classes => format!("{features}→{classes}"),
        },
        words: match config.num_classes {
            0 => format!("{features} averages, and no head: no classes"),
            1 => format!("{features} averages become one score, for yes or no"),
            classes => format!("{features} averages become {classes} classes"),
        },
        block: None,
        rows: rows(graph, &graph.layers[last..], ""),
    };
    let blocks = graph.blocks.iter().enumerate().map(|(index, block)| NetworkPart {
        name: block.name.clone(),
        channels: block.widths(),
        words: block_words(block),
        block: Some(index),
        rows: rows(graph, &graph.layers[block.layers.clone()], &format!("{}.", block.name)),
    });
    std::iter::once(stem).chain(blocks).chain(std::iter::once(head)).collect()
}

fn block_words(block: &Block) -> String {
    let per_group = block.width / block.groups;
    let groups = match (block.groups, per_group) {
        (1, _) => "in one group".into(),
        (groups, 1) => format!("in {groups} groups of one channel"),
        (groups, _) => format!("in {groups} groups of {per_group}"),
    };
    format!("{} → {} → {} channels, {groups}", block.in_channels, block.width, block.out_channels)
}

fn rows(graph: &Graph, layers: &[Layer], prefix: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for layer in layers {
        let name = layer.name.strip_prefix(prefix).unwrap_or(&layer.name);
        if let (Op::BatchNorm { .. }, Some(row)) = (layer.op, rows.last_mut()) {
            row.layers.push(layer.name.clone());
            row.parameters += graph.layer_parameters(layer);
            continue;
        }
        rows.push(Row {
            // `downsample.0` is PyTorch's name for the convolution of the shortcut.
            name: name.strip_suffix(".0").unwrap_or(name).to_owned(),
            operation: operation(&layer.op),
            grouped: matches!(layer.op, Op::Conv2d { spec, .. } if spec.groups > 1),
            shape: shape(graph, layer),
            parameters: graph.layer_parameters(layer),
            macs: graph.layer_macs(layer),
            layers: vec![layer.name.clone()],
        });
    }
    rows
}

fn operation(op: &Op) -> String {
    match op {
        Op::Conv2d { spec, .. } => {
            let k = spec.kernel_size;
            let stride = if spec.stride > 1 { format!(", stride {}", spec.stride) } else { String::new() };
            match spec.groups {
                1 => format!("{k}×{k}{stride}"),
                groups => format!("{k}×{k} in {groups} groups of {}{stride}", spec.in_channels_per_group()),
            }
        }
        Op::BatchNorm { .. } => "batch norm".into(),
        Op::Add { .. } => "shortcut + branch".into(),
        Op::Concat => "concatenation".into(),
        Op::MaxPool(pool) => format!("maximum of {0}×{0}, stride {1}", pool.kernel_size, pool.stride),
        Op::GlobalAvgPool => "average of each channel".into(),
        Op::Linear { .. } => "weighted sums".into(),
        Op::Softmax => "scores to probabilities".into(),
        Op::Sigmoid => "score to probability (sigmoid)".into(),
    }
}

fn shape(graph: &Graph, layer: &Layer) -> String {
    let (input, output) = (graph.tensors[layer.inputs[0]].shape, graph.tensors[layer.output].shape);
    let channels = if input.c == output.c && !matches!(layer.op, Op::Conv2d { .. }) {
        output.c.to_string()
    } else {
        format!("{}→{}", input.c, output.c)
    };
    match (resolution(input), resolution(output)) {
        (from, to) if from == to => format!("{channels} · {to}"),
        (from, to) => format!("{channels} · {from}→{to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockForm, ResNextConfig};

    fn resnext50() -> Graph {
        let config = ResNextConfig::preset("resnext50_32x4d").unwrap();
        Graph::build(&config, 1, (224, 224), BlockForm::C).unwrap()
    }

    #[test]
    fn nothing_is_lost_or_counted_twice() {
        let graph = resnext50();
        let parts = network_parts(&graph);
        assert_eq!(parts.len(), 18);
        assert_eq!(parts.iter().map(NetworkPart::parameters).sum::<u64>(), graph.parameters());
        assert_eq!(parts.iter().map(NetworkPart::macs).sum::<u64>(), graph.macs());
        let covered: usize = parts.iter().flat_map(|part| &part.rows).map(|row| row.layers.len()).sum();
        assert_eq!(covered, graph.layers.len());
    }

    #[test]
    fn a_block_reads_as_its_card() {
        let parts = network_parts(&resnext50());
        let block = &parts[4];
        assert_eq!((block.name.as_str(), block.channels.as_str()), ("layer2.0", "256→256→512, 32×8"));
        assert_eq!(block.words, "256 → 256 → 512 channels, in 32 groups of 8");
        let names: Vec<&str> = block.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["conv1", "conv2", "conv3", "downsample", "add"]);
        let conv2 = &block.rows[1];
        assert_eq!(
            (conv2.operation.as_str(), conv2.shape.as_str()),
            ("3×3 in 32 groups of 8, stride 2", "256→256 · 56²→28²")
        );
        assert!(conv2.grouped && !block.rows[0].grouped);
        assert_eq!(parts[0].channels, "3→64");
        assert_eq!(parts[17].channels, "2048→1000");
    }

    #[test]
    fn a_head_of_one_logit_or_none_is_told() {
        let head = |num_classes| {
            let config = ResNextConfig { num_classes, ..ResNextConfig::cifar(1, 2, 8) };
            network_parts(&Graph::build(&config, 1, (32, 32), BlockForm::C).unwrap()).pop().unwrap()
        };
        let (none, one) = (head(0), head(1));
        assert_eq!((none.channels.as_str(), none.rows.len()), ("1024", 1));
        assert!(none.words.contains("no head"), "{}", none.words);
        assert_eq!((one.channels.as_str(), one.rows[2].name.as_str()), ("1024→1", "sigmoid"));
        assert!(one.words.contains("yes or no"), "{}", one.words);
    }

    #[test]
    fn a_dispatch_over_several_rows_is_counted_once() {
        let block = &network_parts(&resnext50())[1];
        let named = |names: &[&str]| names.iter().map(|name| format!("layer1.0.{name}")).collect::<Vec<_>>();
        let steps = [
            (named(&["conv1", "bn1"]), 1.0),
            (named(&["conv2"]), 0.5),
            (named(&["bn2"]), 0.25),
            (named(&["downsample.0", "downsample.1"]), 2.0),
            (named(&["conv3", "bn3", "add"]), 1.0),
            (vec!["layer1.1.conv1".to_owned()], 9.0),
        ]
        .map(|(layers, ms)| StepProfile { layers, ms, ..StepProfile::default() });
        let times = block.times(&steps);
        let expected = [
            RowTime::Measured(1.0),
            RowTime::Measured(0.75),
            RowTime::Measured(1.0),
            RowTime::Measured(2.0),
            RowTime::Within("conv3".into()),
        ];
        assert_eq!(times, expected);
        assert_eq!(NetworkPart::total(&times), Some(4.75));
        assert_eq!(NetworkPart::total(&block.times(&[])), None);
    }
}
