//! One block in the forms A, B and C: drawn, as rows of a table, and with the meter of their largest difference.

pub mod figure;

use super::chart::median_and_spread;
use super::number;
use crate::protocol::Forms;

/// The paper's names (Xie et al. 2017, Fig. 3), in the order of [`Forms::forms`].
pub const NAMES: [&str; 3] = ["A", "B", "C"];

/// The end of the meter's scale, relative to the peak.
pub const LIMIT: f64 = 1e-5;

/// What the table says of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What the block is made of.
    pub what: String,
    /// Dispatches of its plan.
    pub dispatches: String,
    /// Trained values, to the unit.
    pub parameters: String,
    /// The same as digits alone.
    pub parameters_exact: String,
    /// Multiply-adds, to the unit.
    pub macs: String,
    /// The same as digits alone.
    pub macs_exact: String,
    /// The median of its runs.
    pub time: String,
    /// The same in milliseconds; `None` before the first run.
    pub ms: Option<f64>,
}

/// A row for each of [`NAMES`].
pub fn rows(forms: &Forms) -> [Row; 3] {
    let mut what = made_of(groups(forms));
    std::array::from_fn(|index| {
        let form = &forms.forms[index];
        let ms = median_and_spread(&form.wall).map(|(median, _)| median);
        Row {
            what: std::mem::take(&mut what[index]),
            dispatches: form.dispatches.to_string(),
            parameters: number::grouped(form.parameters),
            parameters_exact: form.parameters.to_string(),
            macs: number::grouped(form.macs),
            macs_exact: form.macs.to_string(),
            time: ms.map_or("–".into(), number::milliseconds),
            ms,
        }
    })
}

/// What a block of so many groups is made of in each form, in words.
pub fn made_of(groups: usize) -> [String; 3] {
    let paths = if groups == 1 { "one branch".to_owned() } else { format!("{groups} branches") };
    let grouped = if groups == 1 { "one 3×3".to_owned() } else { format!("one 3×3 in {groups} groups") };
    [
        format!("{paths} of 1×1, 3×3, 1×1, then a sum"),
        format!("{paths} of 1×1, 3×3, concatenated, then one 1×1"),
        format!("1×1, {grouped}, 1×1"),
    ]
}

/// Groups of the block's 3×3 convolution.
pub fn groups(forms: &Forms) -> usize {
    let stage = forms.block.strip_prefix("layer").and_then(|name| name.split('.').next()?.parse::<usize>().ok());
    let stage = stage.unwrap_or(1).clamp(1, forms.setting.config.blocks.len().max(1));
    forms.setting.config.groups(stage - 1)
}

/// The largest of the three differences: as a share of the meter's scale, from 0 to 1, and in words.
pub fn meter(forms: &Forms) -> (f64, String) {
    let pairs = ["A and C", "B and C", "A and B"];
    let largest = pairs
        .into_iter()
        .zip(forms.differences)
        .fold(("A and C", 0.0), |largest, pair| if pair.1 > largest.1 { pair } else { largest });
    let words = match largest {
        (_, 0.0) => "No difference between the three outputs: they are equal to the bit.".to_owned(),
        (pair, difference) => {
            let verdict = if difference <= LIMIT { "within" } else { "above" };
            format!(
                "Largest difference: {difference:.1e} of the output’s peak, between {pair}; {verdict} the limit of 1e-5."
            )
        }
    };
    ((largest.1 / LIMIT).min(1.0), words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::{Backend, FormRuns, Setting};

    fn forms(differences: [f64; 3]) -> Forms {
        let config = ResNextConfig::preset("resnext20_8x8d").unwrap();
        let (backend, plan, weight_dtype) = (Backend::Cpu, PlanKind::Fused, GpuDtype::F32);
        let runs = |dispatches, ms: f64| FormRuns {
            dispatches,
            parameters: 43_520,
            macs: 11_010_048,
            wall: vec![ms, 3.0 * ms, 2.0 * ms],
            gpu: Vec::new(),
        };
        Forms {
            picture: 1,
            setting: Setting { network: 0, config, backend, plan, weight_dtype, cores: 0 },
            block: "layer2.0".into(),
            runs: 3,
            forms: [runs(25, 4.0), runs(26, 3.0), runs(4, 1.0)],
            differences,
        }
    }

    #[test]
    fn each_form_is_told_with_its_numbers() {
        let [a, b, c] = rows(&forms([0.0; 3]));
        assert_eq!(a.what, "8 branches of 1×1, 3×3, 1×1, then a sum");
        assert_eq!(b.what, "8 branches of 1×1, 3×3, concatenated, then one 1×1");
        assert_eq!(c.what, "1×1, one 3×3 in 8 groups, 1×1");
        assert_eq!((a.time.as_str(), c.ms, c.macs.as_str()), ("8.00 ms", Some(2.0), "11,010,048"));
    }

    #[test]
    fn the_meter_says_which_two_differ_most() {
        assert_eq!(
            meter(&forms([0.0; 3])),
            (0.0, "No difference between the three outputs: they are equal to the bit.".into())
        );
        let (share, words) = meter(&forms([1e-6, 0.0, 2e-6]));
        assert!(
            (share - 0.2).abs() < 1e-12 && words.contains("2.0e-6") && words.contains("between A and B; within"),
            "{words}"
        );
        assert!(meter(&forms([2e-5, 0.0, 0.0])).1.contains("above the limit"));
    }
}
