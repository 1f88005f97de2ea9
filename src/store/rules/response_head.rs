//! Status and headers of a response, as far as they say how its body can be used.

/// What the head of a usable response says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResponseHead {
    /// Offset in the file of the body's first byte.
    pub start: u64,
    /// Bytes of the body; `None` where the header does not count bytes of the file, since they were compressed.
    pub length: Option<u64>,
    /// Bytes of the whole file, as far as the server says.
    pub total: Option<u64>,
    /// Whether `total` is certain. A server of another origin may compress without this page being told, and then the
    /// length is that of the compressed bytes.
    pub is_total_certain: bool,
    /// What identifies this version of the file: its ETag, or else the date of its last change, which pages may read from
    /// every origin.
    pub version: Option<String>,
}

/// Why the body of a response cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadError {
    /// The range that was asked for is not what the server sends: status 416, or a part that begins elsewhere.
    RangeNotServed,
    /// A status that stands for no file, nor for the range.
    Status(u16),
    /// A web page.
    Html,
}

impl ResponseHead {
    /// Reads the head of the response to a request for the bytes from offset `from` on, where zero asks for the whole file.
    /// `header` gives the headers that the browser lets the page read; `is_cross_origin` is for responses of type `cors`.
    ///
    /// # Errors
    /// The body is not the file, nor the rest of it.
    pub(crate) fn read(
        from: u64,
        status: u16,
        is_cross_origin: bool,
        header: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, HeadError> {
        let range = header("content-range").and_then(|value| content_range(&value));
        let start = match status {
            416 if from > 0 => return Err(HeadError::RangeNotServed),
            206 if range.is_some_and(|(start, _)| start != from) => return Err(HeadError::RangeNotServed),
            // Where the page may not read Content-Range, the status alone says that the range follows.
            206 if from > 0 => from,
            200 => 0,
            status => return Err(HeadError::Status(status)),
        };
        if header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html")) {
            return Err(HeadError::Html);
        }
        let is_plain = header("content-encoding").is_none_or(|encoding| encoding == "identity");
        let length = header("content-length").filter(|_| is_plain).and_then(|bytes| bytes.parse().ok());
        let is_part = start > 0;
        let total_of_part = || range.and_then(|(_, total)| total).or(length.map(|length: u64| start + length));
        Ok(Self {
            start,
            length,
            total: if is_part { total_of_part() } else { length },
            // Browsers ask for ranges without compression.
            is_total_certain: is_plain && (is_part || !is_cross_origin),
            version: header("etag").or_else(|| header("last-modified")),
        })
    }
}

/// The first byte and the size of the whole file in `bytes 5-9/10`; the size is `None` in `bytes 5-9/*`.
fn content_range(value: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        from: u64,
        status: u16,
        is_cross_origin: bool,
        headers: &[(&str, &str)],
    ) -> Result<ResponseHead, HeadError> {
        ResponseHead::read(from, status, is_cross_origin, |name| {
            headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn content_ranges() {
        assert_eq!(content_range("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(content_range("bytes 5-9/*"), Some((5, None)));
        for other in ["bytes */10", "items 5-9/10", "bytes 5-9", ""] {
            assert_eq!(content_range(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_whole_file() {
        let headers = [("content-length", "10"), ("etag", "\"v1\""), ("last-modified", "today")];
        let head = ResponseHead {
            start: 0,
            length: Some(10),
            total: Some(10),
            is_total_certain: true,
            version: Some("\"v1\"".into()),
        };
        assert_eq!(read(0, 200, false, &headers), Ok(head.clone()));
        assert_eq!(read(0, 200, true, &headers), Ok(ResponseHead { is_total_certain: false, ..head.clone() }));
        assert_eq!(read(5, 200, false, &headers), Ok(head.clone()), "a server without ranges sends everything");
        assert_eq!(read(0, 200, false, &headers[..1]).unwrap().version, None);
        assert_eq!(read(0, 200, false, &headers[2..]).unwrap().version.as_deref(), Some("today"));
    }

    #[test]
    fn the_rest_of_a_file() {
        let head = ResponseHead { start: 5, length: Some(5), total: Some(10), is_total_certain: true, version: None };
        let headers = [("content-length", "5"), ("content-range", "bytes 5-9/10")];
        for is_cross_origin in [false, true] {
            assert_eq!(read(5, 206, is_cross_origin, &headers).as_ref(), Ok(&head));
            assert_eq!(read(5, 206, is_cross_origin, &headers[..1]).as_ref(), Ok(&head), "the range is hidden");
        }
        let hidden = read(5, 206, true, &[]).unwrap();
        assert_eq!((hidden.start, hidden.length, hidden.total), (5, None, None));
        assert_eq!(read(5, 416, false, &[]), Err(HeadError::RangeNotServed));
        assert_eq!(read(4, 206, false, &headers), Err(HeadError::RangeNotServed), "it begins elsewhere");
        assert_eq!(read(0, 206, false, &headers), Err(HeadError::RangeNotServed));
        assert_eq!(read(0, 206, false, &[]), Err(HeadError::Status(206)), "nobody asked for a range");
    }

    #[test]
    fn compression_hides_the_length() {
        let headers = [("content-length", "7"), ("content-encoding", "gzip")];
        let head = read(0, 200, false, &headers).unwrap();
        assert_eq!((head.length, head.total, head.is_total_certain), (None, None, false));
        let headers = [("content-length", "7"), ("content-encoding", "identity")];
        assert_eq!(read(0, 200, false, &headers).unwrap().total, Some(7));
    }

    #[test]
    fn refusals() {
        assert_eq!(read(0, 404, false, &[("content-type", "text/html")]), Err(HeadError::Status(404)));
        assert_eq!(read(0, 416, false, &[]), Err(HeadError::Status(416)));
        assert_eq!(read(0, 200, false, &[("content-type", "Text/HTML; charset=utf-8")]), Err(HeadError::Html));
    }
}
