//! The parts of CIFAR-10 that come with the page: 200 test pictures, and 5,000 to train on. Each part is one sheet of pictures with a
//! list, one line of text per picture.

/// CIFAR-10's class names, in the order of the dataset's labels.
pub const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
/// The dataset's home page.
pub const SOURCE: &str = "https://www.cs.toronto.edu/~kriz/cifar.html";
/// Side of a picture, in pixels.
pub const SIDE: usize = 32;

/// The first 20 test pictures of each class, without loss.
pub const TEST: Sheet =
    Sheet { path: "assets/test/cifar10.png", list: "assets/test/cifar10.txt", pictures: 200, columns: 20 };
/// The first 500 training pictures of each class, their levels rounded to multiples of 5. They are fetched when training opens.
pub const TRAINING: Sheet =
    Sheet { path: "assets/train/cifar10.webp", list: "assets/train/cifar10.txt", pictures: 5000, columns: 50 };

/// A sheet of pictures, row by row without gaps, and its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Path of the file with all pictures, relative to the page.
    pub path: &'static str,
    /// Path of the list, relative to the page: one line per picture, with its number and its class.
    pub list: &'static str,
    /// Number of pictures, which is known before the list is fetched.
    pub pictures: usize,
    /// Pictures per row.
    pub columns: usize,
}

/// One picture of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Item {
    /// Its index in the whole test set or training set, from 0.
    pub number: usize,
    /// Index in [`CLASSES`].
    pub class: usize,
}

impl Sheet {
    /// Reads the list, one line per picture, such as `0 cat`; `None` if a line differs from that, or if there are more or fewer.
    pub fn items(&self, list: &str) -> Option<Vec<Item>> {
        list.lines().map(item).collect::<Option<Vec<_>>>().filter(|items| items.len() == self.pictures)
    }

    /// Column and row of picture `index`, counted in pictures.
    pub fn place(&self, index: usize) -> (usize, usize) {
        (index % self.columns, index / self.columns)
    }

    /// Cuts a picture, `[32, 32, 4]`, out of the sheet, `[height, columns · 32, 4]`; both are RGBA. `None` if it lies outside.
    pub fn cut(&self, rgba: &[u8], index: usize) -> Option<Vec<u8>> {
        let (column, row) = self.place(index);
        let mut pixels = Vec::with_capacity(SIDE * SIDE * 4);
        for y in row * SIDE..(row + 1) * SIDE {
            let start = (y * self.columns + column) * SIDE * 4;
            pixels.extend_from_slice(rgba.get(start..start + SIDE * 4)?);
        }
        Some(pixels)
    }
}

fn item(line: &str) -> Option<Item> {
    let (number, name) = line.split_once(' ')?;
    let class = CLASSES.iter().position(|class| *class == name)?;
    Some(Item { number: number.parse().ok()?, class })
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
        let two = Sheet { pictures: 2, ..TEST };
        assert_eq!(
            two.items("0 cat\n17 truck\n"),
            Some(vec![Item { number: 0, class: 3 }, Item { number: 17, class: 9 }])
        );
        for wrong in ["0 cat\nmouse", "0 cat\n0 mouse", "0 cat\n", "0 cat\n1 cat\n2 cat"] {
            assert_eq!(two.items(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_picture_is_cut_from_its_place() {
        for sheet in [TEST, TRAINING] {
            // Every pixel is the number of its picture.
            let (columns, width) = (sheet.columns, sheet.columns * SIDE);
            let number = |at: usize| ((at / width / SIDE) * columns + at % width / SIDE) as u8;
            let rgba: Vec<u8> = (0..width * SIDE * 2).flat_map(|at| [number(at); 4]).collect();
            for index in [0, columns - 1, columns, 2 * columns - 1] {
                assert_eq!(sheet.cut(&rgba, index), Some(vec![index as u8; SIDE * SIDE * 4]));
            }
            assert_eq!(sheet.cut(&rgba, 2 * columns), None);
        }
    }
}
