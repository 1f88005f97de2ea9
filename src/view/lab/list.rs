//! The short list of results that the page keeps, and which of them are shown.

use super::result::LabResult;

/// The most results that are kept.
pub const MOST: usize = 12;

/// The value of the dial as it stands in the list of results; the ids of results have a `|`.
pub const DIAL: &str = "dial";

/// Adds a result, the newest first, in place of an earlier state of the same measurement; gives the ids of those that have no
/// room any more.
pub fn add(list: &mut Vec<LabResult>, result: LabResult) -> Vec<String> {
    let id = result.id();
    list.retain(|other| other.id() != id);
    let place = list.iter().position(|other| other.date < result.date).unwrap_or(list.len());
    list.insert(place, result);
    // What has just been added stays, however old it is.
    let mut over = Vec::new();
    while list.len() > MOST {
        let last = list.iter().rposition(|other| other.id() != id).unwrap_or_default();
        over.push(list.remove(last).id());
    }
    over
}

/// What is drawn: the result that is shown, and the one that lies over it.
///
/// `pick` is the id of the one to show, or [`DIAL`] for the measurement of the dial as it stands, `now`. Where it is neither, that is
/// shown if it has runs, otherwise the newest of the same stops. `over` is an id too; nothing lies over itself.
pub fn drawn(list: &[LabResult], pick: &str, over: &str, now: LabResult) -> Vec<LabResult> {
    let kept = |id: &str| list.iter().find(|result| result.id() == id).cloned();
    let earlier = || list.iter().find(|result| !now.is_measured() && is_of_same(result, &now)).cloned();
    let shown = if pick == DIAL { None } else { kept(pick).or_else(earlier) }.unwrap_or(now);
    let over = kept(over).filter(|over| over.id() != shown.id());
    std::iter::once(shown).chain(over).collect()
}

/// Whether two results are of the same stops, measured with the same plan on the same device.
fn is_of_same(one: &LabResult, other: &LabResult) -> bool {
    fn settings(of: &LabResult) -> [&String; 5] {
        [&of.network, &of.adapter, &of.backend, &of.plan, &of.weights]
    }
    fn stops(of: &LabResult) -> impl Iterator<Item = &String> {
        of.stops.iter().map(|stop| &stop.template)
    }
    settings(one) == settings(other) && stops(one).eq(stops(other))
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::*;

    fn at(date: &str) -> LabResult {
        LabResult { date: date.into(), ..measured(1.5) }
    }

    #[test]
    fn the_newest_is_first_and_the_oldest_goes() {
        let mut list = Vec::new();
        for date in ["2026-02", "2026-03", "2026-01"] {
            assert!(add(&mut list, at(date)).is_empty());
        }
        let dates = |list: &[LabResult]| list.iter().map(|result| result.date.clone()).collect::<Vec<_>>();
        assert_eq!(dates(&list), ["2026-03", "2026-02", "2026-01"]);
        let further = LabResult { date: "2026-02".into(), ..measured(9.0) };
        assert!(add(&mut list, further.clone()).is_empty());
        assert_eq!((list.len(), &list[1]), (3, &further), "a later state of the same measurement");
        for month in 4..=12 {
            assert!(add(&mut list, at(&format!("2026-{month:02}"))).is_empty());
        }
        assert_eq!(add(&mut list, at("2025-01")), [at("2026-01").id()], "what was just brought stays");
        assert_eq!((list.len(), dates(&list).last().map(String::as_str)), (MOST, Some("2025-01")));
    }

    #[test]
    fn without_a_choice_the_newest_of_the_same_stops_is_shown() {
        let list = [LabResult { adapter: "Other".into(), ..at("2026-03") }, at("2026-02"), at("2026-01")];
        let shown = |pick: &str, now: &LabResult| drawn(&list, pick, "", now.clone()).remove(0);
        let mut now = at("2026-04");
        assert_eq!(shown("", &now), now, "it has runs of its own");
        now.date.clear();
        for stop in &mut now.stops {
            (stop.p10_ms, stop.median_ms, stop.p90_ms) = (None, None, None);
        }
        assert_eq!(shown("", &now), list[1]);
        assert_eq!(shown(DIAL, &now), now);
        assert_eq!(shown(&list[0].id(), &now), list[0]);
        assert_eq!(shown("gone", &now), list[1]);
        assert_eq!(drawn(&list, DIAL, &list[2].id(), now.clone()), [now.clone(), list[2].clone()]);
        assert_eq!(drawn(&list, "", &list[1].id(), now), [list[1].clone()], "nothing lies over itself");
    }
}
