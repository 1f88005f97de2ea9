//! The sample of CIFAR-10's test set that ships with the page: one sheet of pictures, and one line of text per picture.

/// CIFAR-10's class names, in the order of the dataset's labels.
pub const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Path of the PNG with all pictures, relative to the page.
pub const SHEET: &str = "assets/test/cifar10.png";
/// Path of the list, relative to the page: one line per picture, with its number and its class.
pub const LIST: &str = "assets/test/cifar10.txt";
/// The dataset's home page.
pub const SOURCE: &str = "https://www.cs.toronto.edu/~kriz/cifar.html";
/// Number of pictures: the first 20 per class. The page states it before the list is fetched.
pub const PICTURES: usize = 200;
/// Pictures per row of the sheet.
pub const COLUMNS: usize = 20;
/// Side of a picture, in pixels.
pub const SIDE: usize = 32;

/// One picture of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Item {
    /// Its index in the whole test set, from 0.
    pub number: usize,
    /// Index in [`CLASSES`].
    pub class: usize,
}

/// Reads one line per picture, such as `0 cat`; `None` if any line differs from that.
pub fn parse(list: &str) -> Option<Vec<Item>> {
    list.lines().map(item).collect()
}

fn item(line: &str) -> Option<Item> {
    let (number, name) = line.split_once(' ')?;
    let class = CLASSES.iter().position(|class| *class == name)?;
    Some(Item { number: number.parse().ok()?, class })
}

/// Column and row of picture `index` on the sheet, counted in pictures.
pub fn place(index: usize) -> (usize, usize) {
    (index % COLUMNS, index / COLUMNS)
}

/// Cuts a picture, `[32, 32, 4]`, out of the sheet, `[height, 20 · 32, 4]`; both are RGBA. `None` if it lies outside.
pub fn cut(sheet: &[u8], index: usize) -> Option<Vec<u8>> {
    let (column, row) = place(index);
    let mut pixels = Vec::with_capacity(SIDE * SIDE * 4);
    for y in row * SIDE..(row + 1) * SIDE {
        let start = (y * COLUMNS + column) * SIDE * 4;
        pixels.extend_from_slice(sheet.get(start..start + SIDE * 4)?);
    }
    Some(pixels)
}

/// Writes an opaque picture, RGBA `[32, 32, 4]`, as a BMP file: every browser reads it, and it needs no encoder.
pub fn bmp(rgba: &[u8]) -> Vec<u8> {
    const HEADERS: u32 = 54;
    let side = SIDE as i32;
    let pixels = (SIDE * SIDE * 3) as u32;
    let mut file = Vec::with_capacity((HEADERS + pixels) as usize);
    file.extend(b"BM");
    // File size, reserved, offset of the pixels; then a header of 40 bytes: sides, one plane of 24 bits, no compression.
    for word in [HEADERS + pixels, 0, HEADERS, 40] {
        file.extend(word.to_le_bytes());
    }
    // A negative height means that rows come from the top.
    file.extend([side, -side, 1 | 24 << 16, 0, pixels as i32, 0, 0, 0, 0].into_iter().flat_map(i32::to_le_bytes));
    file.extend(rgba.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_number_and_a_class() {
        assert_eq!(parse("0 cat\n17 truck\n"), Some(vec![Item { number: 0, class: 3 }, Item { number: 17, class: 9 }]));
        assert_eq!(parse("0 cat\nmouse"), None);
        assert_eq!(parse("0 mouse"), None);
    }

    #[test]
    fn a_picture_is_cut_from_its_place() {
        // Every pixel is the number of its picture.
        let width = COLUMNS * SIDE;
        let number = |at: usize| ((at / width / SIDE) * COLUMNS + at % width / SIDE) as u8;
        let sheet: Vec<u8> = (0..width * SIDE * 2).flat_map(|at| [number(at); 4]).collect();
        for index in [0, 19, 20, 39] {
            assert_eq!(cut(&sheet, index), Some(vec![index as u8; SIDE * SIDE * 4]));
        }
        assert_eq!(cut(&sheet, 40), None);
    }
}
