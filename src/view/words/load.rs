//! The progress of loading a network, in words.

use super::work::step;
use crate::protocol::{DownloadProgress, LoadStatus};
use crate::view::number;

/// What a load is doing, or why it failed.
pub fn load(status: &LoadStatus) -> String {
    match status {
        LoadStatus::Asking => "requesting".into(),
        LoadStatus::Waiting => "another tab is downloading it; this one takes it from there".into(),
        LoadStatus::Downloading(progress) => download(progress),
        LoadStatus::Building(at) => step(*at),
        LoadStatus::Failed(failure) => failure.reason.clone(),
    }
}

/// The same in a button's few words: `Downloading 61 %`.
pub fn load_brief(status: &LoadStatus) -> String {
    match (status, load_share(status)) {
        (LoadStatus::Downloading(_), Some(share)) => format!("Downloading {} %", (share * 100.0) as u32),
        (LoadStatus::Asking | LoadStatus::Downloading(_), _) => "Downloading".into(),
        _ => "Loading".into(),
    }
}

/// The share that is done, from 0 to 1, where that is known.
pub fn load_share(status: &LoadStatus) -> Option<f64> {
    match status {
        LoadStatus::Asking | LoadStatus::Waiting | LoadStatus::Failed(_) => None,
        LoadStatus::Downloading(DownloadProgress { done, total, .. }) => {
            total.map(|total| *done as f64 / total.max(1) as f64)
        }
        LoadStatus::Building(at) => at.share(),
    }
}

/// `61.0 MB of 100 MB · 4.20 MB/s · 9 s left`.
fn download(download: &DownloadProgress) -> String {
    let mut words = number::bytes(download.done);
    if let Some(total) = download.total {
        words += &format!(" of {}", number::bytes(total));
    }
    if let Some(rate) = download.bytes_per_second {
        words += &format!(" · {}/s", number::bytes(rate as u64));
    }
    if let Some(left) = download.seconds_left {
        words += &format!(" · {} left", seconds(left));
    }
    words
}

/// `9 s`, `1 min 20 s`, `2 h 5 min`.
fn seconds(seconds: f64) -> String {
    match seconds.ceil() as u64 {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {} s", s / 60, s % 60),
        s => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(done: u64, total: Option<u64>, bytes_per_second: Option<f64>, seconds_left: Option<f64>) -> String {
        load(&LoadStatus::Downloading(DownloadProgress {
            done,
            total,
            bytes_per_second,
            seconds_left,
            resumed_from: 0,
        }))
    }

    #[test]
    fn downloads_say_what_is_known() {
        assert_eq!(of(61_000_000, None, None, None), "61.0 MB");
        let all = of(61_000_000, Some(100_100_000), Some(4.2e6), Some(9.2));
        assert_eq!(all, "61.0 MB of 100 MB · 4.20 MB/s · 10 s left");
        assert!(of(0, Some(9), None, Some(80.0)).ends_with(" · 1 min 20 s left"));
        assert!(of(0, Some(9), None, Some(7500.0)).ends_with(" · 2 h 5 min left"));
    }

    #[test]
    fn shares_are_told_where_the_size_is_known() {
        let download =
            DownloadProgress { done: 5, total: Some(20), bytes_per_second: None, seconds_left: None, resumed_from: 0 };
        assert_eq!(load_share(&LoadStatus::Downloading(download)), Some(0.25));
        assert_eq!(load_brief(&LoadStatus::Downloading(download)), "Downloading 25 %");
        assert_eq!(load_share(&LoadStatus::Downloading(DownloadProgress { total: None, ..download })), None);
        assert_eq!(load_share(&LoadStatus::Asking), None);
    }
}
