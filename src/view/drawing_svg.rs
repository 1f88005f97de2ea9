//! A [`Drawing`] as SVG text, with the classes of the page's stylesheet: index.html shows one until the page is drawn.

use std::fmt::{Display, Formatter, Result};

use super::drawing::{Bar, BlockShape, Drawing, Text};
use super::number::px;

impl Display for Drawing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, r#"<svg viewBox="0 0 {:.0} {:.0}">"#, self.width, self.height)?;
        rect(f, "in", &self.input)?;
        rect(f, "pw", &self.stem)?;
        for block in &self.blocks {
            write_block(f, block)?;
        }
        rect(f, "in", &self.head)?;
        writeln!(f, r#"<g class="texts">"#)?;
        for Text { x, y, text, quiet } in &self.texts {
            let class = if *quiet { r#" class="quiet""# } else { "" };
            writeln!(f, r#"<text{class} x="{}" y="{}">{text}</text>"#, px(*x), px(*y))?;
        }
        f.write_str("</g>\n</svg>")
    }
}

fn write_block(f: &mut Formatter<'_>, block: &BlockShape) -> Result {
    for (class, bar) in ["pw", "gr", "pw"].iter().zip(&block.bars) {
        rect(f, class, bar)?;
    }
    writeln!(f, r#"<path class="cut" d="{}" stroke-width="{:.2}"/>"#, block.cuts, block.cut_width)?;
    writeln!(f, r#"<path class="arc" d="{}"/>"#, block.arc)?;
    writeln!(f, r#"<circle class="add" cx="{}" cy="{}" r="2"/>"#, px(block.add.0), px(block.add.1))
}

fn rect(f: &mut Formatter<'_>, class: &str, bar: &Bar) -> Result {
    let [x, y, width, height] = [bar.x, bar.y, bar.width, bar.height].map(px);
    writeln!(f, r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="1.5"/>"#)
}
