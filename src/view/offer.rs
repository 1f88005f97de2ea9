//! A network as a row of the menu: its facts, the size of its download, and the text of its button.

use super::number;
use crate::protocol::CachedFile;
use crate::zoo::{Listed, Location, Network, hub};

/// The file of a network in the browser's cache; `host` is the host of the large networks.
pub fn kept_file<'a>(network: &Network, host: &str, files: &'a [CachedFile]) -> Option<&'a CachedFile> {
    let weights = network.trained.first()?;
    files.iter().find(|kept| match &weights.location {
        Location::Hub(repository) => hub::is_of(&kept.url, host, repository, weights.file()),
        Location::Url(url) => kept.url == *url,
        Location::Bundled(_) | Location::File(_) | Location::Taught => false,
    })
}

/// The texts of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `25.0 M parameters · 100 MB download · 81.19 % correct · BSD-3-Clause`
    pub facts: String,
    /// The text of its button.
    pub action: String,
}

impl Row {
    /// `kept` is what the cache has of it; `here` says whether it can be used at once.
    pub fn new(listed: &Listed, kept: Option<&CachedFile>, here: bool, chosen: bool) -> Self {
        let weights = listed.network().trained.first();
        let bytes = number::bytes(weights.map_or(0, |weights| weights.bytes));
        let from_disk = weights.is_some_and(|weights| matches!(weights.location, Location::File(_) | Location::Taught));
        let size = match (weights.map(|weights| &weights.location), kept) {
            (None, _) => "no download".into(),
            (Some(Location::Bundled(_)), _) => format!("{bytes}, shipped with the page"),
            (Some(Location::Taught), _) => "taught on this page".into(),
            (Some(Location::File(_)), _) => format!("{bytes}, from your disk"),
            (_, Some(kept)) if kept.complete => format!("kept, {}", number::bytes(kept.bytes)),
            (_, Some(kept)) => format!("{} of {bytes} kept", number::bytes(kept.bytes)),
            (_, None) if here => format!("{bytes}, in memory"),
            (_, None) => format!("{bytes} download"),
        };
        let complete = kept.is_some_and(|kept| kept.complete);
        let action = match (chosen, here || complete || from_disk, kept) {
            (true, true, _) => "In use".to_owned(),
            (_, true, _) => "Use".into(),
            (_, _, Some(_)) => "Resume download".into(),
            _ => format!("Download {bytes}"),
        };
        let top1 = weights.and_then(|weights| weights.top1).map(|share| format!("{} correct", number::accuracy(share)));
        let licence = weights.map(|weights| weights.licence.clone());
        let parameters = format!("{} parameters", number::count(listed.graph().parameters()));
        let facts: Vec<String> = [Some(parameters), Some(size), top1, licence].into_iter().flatten().collect();
        Self { facts: facts.join(" · "), action }
    }
}

/// The index of the network that a picture is offered which the chosen network may have no class for: the first hosted one.
/// `None` where the chosen network has as many classes, or none that are trained.
pub fn larger(networks: &[Listed], chosen: usize) -> Option<usize> {
    let classes = |listed: &Listed| listed.network().config.num_classes;
    let is_hosted = |listed: &Listed| {
        listed.network().trained.first().is_some_and(|weights| matches!(weights.location, Location::Hub(_)))
    };
    let place = networks.iter().position(is_hosted)?;
    let now = networks.get(chosen).filter(|now| !now.network().trained.is_empty())?;
    (classes(now) < classes(&networks[place])).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{hub::HUB, offers};

    fn hosted() -> Listed {
        let offer = offers().into_iter().find(|offer| offer.id == "resnext50_32x4d-tv2_in1k").unwrap();
        Listed::new(offer).unwrap()
    }

    fn kept(bytes: u64, complete: bool) -> CachedFile {
        let url = hub::file_url(HUB, "timm/resnext50_32x4d.tv2_in1k", Some("abc"), "model.safetensors");
        CachedFile { url, bytes, complete }
    }

    #[test]
    fn a_hosted_network_tells_the_size_of_its_download() {
        let row = Row::new(&hosted(), None, false, false);
        assert_eq!(row.facts, "25.0 M parameters · 100 MB download · 81.19 % correct · BSD-3-Clause");
        assert_eq!(row.action, "Download 100 MB");
        let part = Row::new(&hosted(), Some(&kept(20_000_000, false)), false, false);
        assert!(part.facts.contains("20.0 MB of 100 MB kept") && part.action == "Resume download");
        let whole = Row::new(&hosted(), Some(&kept(100_100_000, true)), false, false);
        assert!(whole.facts.contains("kept, 100 MB") && whole.action == "Use");
        assert_eq!(Row::new(&hosted(), None, true, true).action, "In use");
    }

    #[test]
    fn the_others_tell_where_they_are() {
        let rows: Vec<Row> =
            offers().into_iter().map(|offer| Row::new(&Listed::new(offer).unwrap(), None, true, false)).collect();
        assert!(rows[0].facts.contains("4.23 MB, shipped with the page"), "{rows:?}");
        assert!(rows[1].facts.contains("100 MB, in memory"), "{rows:?}");
        assert!(rows.last().unwrap().facts.contains("no download"), "{rows:?}");
    }

    #[test]
    fn the_first_hosted_network_is_offered_to_smaller_ones() {
        let networks: Vec<Listed> = offers().into_iter().map(|offer| Listed::new(offer).unwrap()).collect();
        let offered: Vec<_> = (0..networks.len()).map(|chosen| larger(&networks, chosen)).collect();
        assert_eq!(offered, [Some(1), None, None, None, None, None]);
        assert_eq!(larger(&networks[..1], 0), None);
    }

    #[test]
    fn kept_files_are_found_by_host_and_repository() {
        let files = [kept(5, true)];
        assert_eq!(kept_file(hosted().network(), HUB, &files), Some(&files[0]));
        assert_eq!(kept_file(hosted().network(), "http://127.0.0.1:1", &files), None);
        assert_eq!(kept_file(&offers()[0], HUB, &files), None);
    }
}
