//! Requests for pictures, with their titles, descriptions and credits.

use crate::protocol::{Credit, PictureRequest, PictureSource};
use crate::zoo::cifar10::{CLASSES, Item, SOURCE};
use crate::zoo::samples::Sample;

/// A request for one of the sample pictures. `id` must be larger than that of every earlier request, here and below.
pub fn sample(id: u64, sample: &Sample) -> PictureRequest {
    let credit =
        Credit { author: sample.credit.clone(), licence: sample.licence.clone(), source: sample.source.clone() };
    let source = PictureSource::Url(sample.path());
    PictureRequest { id, title: sample.title.clone(), alt: sample.alt.clone(), credit: Some(credit), source }
}

/// A request for a picture of the test set, by its index on the sheet.
pub fn test_picture(id: u64, place: usize, item: Item) -> PictureRequest {
    let class = CLASSES.get(item.class).copied().unwrap_or_default();
    let credit = Credit {
        author: "CIFAR-10: A. Krizhevsky, 2009".into(),
        licence: "No formal licence; the authors ask to be cited".into(),
        source: SOURCE.into(),
    };
    PictureRequest {
        id,
        title: format!("Test picture {}: {class}", item.number),
        alt: format!("CIFAR-10 test picture {}, 32 by 32 pixels: {class}.", item.number),
        credit: Some(credit),
        source: PictureSource::TestPicture(place),
    }
}

/// A request for a picture of the visitor's own. A picture pasted from the screen has no name.
pub fn visitor_picture(id: u64, name: &str) -> PictureRequest {
    let title = if name.is_empty() { "Pasted picture".to_owned() } else { name.to_owned() };
    let alt = format!("Your picture, {title}");
    PictureRequest { id, title, alt, credit: None, source: PictureSource::File }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_picture_is_told_by_number_and_class() {
        let request = test_picture(7, 3, Item { number: 41, class: 5 });
        assert_eq!((request.id, request.title.as_str()), (7, "Test picture 41: dog"));
        assert_eq!(request.source, PictureSource::TestPicture(3));
    }

    #[test]
    fn a_picture_without_a_name_was_pasted() {
        assert_eq!(visitor_picture(1, "").title, "Pasted picture");
        assert_eq!(visitor_picture(1, "a.jpg").alt, "Your picture, a.jpg");
    }
}
