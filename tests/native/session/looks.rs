//! What the page shows beyond the answer.

use cardinal::model::BlockForm;
use cardinal::protocol::{
    ClassActivation, Command, Event, Forms, Group, GroupLook, Looks, Notice, OCCLUSION_SIDE, Occlusion, Work,
};

use super::bench::Bench;
use super::fake::Outcome;

const MAPS: Looks = Looks { class_activation: true, group: None, forms: None, occlusion: None };
const COVERED: Looks = Looks { class_activation: false, group: None, forms: None, occlusion: Some(0) };
const PARTS: usize = OCCLUSION_SIDE * OCCLUSION_SIDE;

impl Bench {
    fn look(&mut self, looks: Looks) {
        self.command(Command::Look(looks), None);
    }

    /// Looks at a group of the second convolution of the first block.
    fn look_at_group(&mut self, group: usize) {
        let look = GroupLook { layer: "layer1.0.conv2".into(), group, first: 0 };
        self.look(Looks { group: Some(look), ..Looks::default() });
    }

    fn groups(&self) -> Vec<Group> {
        let groups = |event| if let Event::Group(group) = event { Some(group) } else { None };
        self.events().into_iter().filter_map(groups).collect()
    }

    fn look_at_forms(&mut self, block: &str) {
        self.look(Looks { forms: Some(block.into()), ..Looks::default() });
    }

    fn forms(&self) -> Vec<Forms> {
        let forms = |event| if let Event::Forms(forms) = event { Some(forms) } else { None };
        self.events().into_iter().filter_map(forms).collect()
    }

    fn maps(&self) -> Vec<ClassActivation> {
        let maps = |event| if let Event::ClassActivation(maps) = event { Some(maps) } else { None };
        self.events().into_iter().filter_map(maps).collect()
    }

    fn occlusions(&self) -> Vec<Occlusion> {
        let map = |event| if let Event::Occlusion(map) = event { Some(map) } else { None };
        self.events().into_iter().filter_map(map).collect()
    }
}

#[test]
fn maps_are_made_only_when_they_are_asked_for_and_once_per_answer() {
    let mut bench = Bench::started(true);
    bench.settle();
    assert!(bench.maps().is_empty(), "nobody has asked");
    bench.look(MAPS);
    bench.settle();
    let maps = bench.maps();
    assert_eq!((maps.len(), maps[0].picture, maps[0].width), (1, 1, 2));
    assert_eq!(maps[0].maps.len(), 1, "one per class of the answer");
    assert_eq!(maps[0].maps[0][0], 3.0, "the class's own");
    assert_eq!(bench.last_work(), Work::Ready);
    // Looking away and back computes nothing.
    bench.look(Looks::default());
    bench.look(MAPS);
    bench.settle();
    assert_eq!(bench.maps().len(), 1);
}

#[test]
fn a_new_picture_gets_its_maps_before_anything_is_measured() {
    let mut bench = Bench::started(true);
    bench.look(MAPS);
    bench.settle();
    let place = |wanted: fn(&Event) -> bool| bench.events().iter().position(wanted).expect("it was told");
    assert!(
        place(|event| matches!(event, Event::ClassActivation(_))) < place(|event| matches!(event, Event::Profile(_)))
    );
    bench.picture(2);
    bench.settle();
    assert_eq!(bench.maps().iter().map(|maps| maps.picture).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(bench.answers().len(), 2, "the answer came before, and once");
}

#[test]
fn maps_are_of_the_picture_that_is_shown_also_after_others_have_run() {
    let mut bench = Bench::started(true);
    bench.command(Command::Evaluate(true), None);
    bench.settle();
    let before = bench.answers().len();
    bench.look(MAPS);
    bench.settle();
    // The test pictures had run in between, so the picture ran again: its maps are of that last run.
    let maps = bench.maps();
    assert_eq!((maps.len(), maps[0].picture, bench.answers().len()), (1, 1, before));
    assert!(maps[0].maps[0][1] > 200.0, "of run {}", maps[0].maps[0][1]);
}

#[test]
fn maps_that_cannot_be_made_leave_the_answer_and_the_last_maps() {
    let mut bench = Bench::started(true);
    bench.look(MAPS);
    bench.settle();
    bench.turn(4);
    bench.settle_until("class_activation");
    bench.end_as("class_activation", Outcome::Bad);
    bench.settle();
    assert_eq!((bench.maps().len(), bench.answers().len()), (1, 2));
    let timed = bench.last_timed().expect("the measurements go on");
    assert_eq!((timed.setting.config.cardinality, timed.is_complete()), (4, true));
    // It is told once.
    bench.look(Looks::default());
    bench.look(MAPS);
    bench.settle();
    assert!(matches!(&bench.notices()[..], [Notice::Failed(_)]), "{:?}", bench.notices());
    assert_eq!(bench.last_work(), Work::Ready);
}

#[test]
fn a_group_is_read_only_when_it_is_asked_for_and_once() {
    let mut bench = Bench::started(true);
    bench.settle();
    assert!(bench.groups().is_empty(), "nobody has asked");
    bench.look_at_group(3);
    bench.settle();
    bench.look(Looks::default());
    bench.look_at_group(3);
    bench.settle();
    let groups = bench.groups();
    assert_eq!((groups.len(), groups[0].picture, groups[0].look.group), (1, 1, 3));
    assert_eq!((groups[0].sizes.groups, groups[0].sizes.shown), (8, 1));
    assert_eq!((bench.answers().len(), bench.last_work()), (1, Work::Ready));
    // Of another picture it is another.
    bench.picture(2);
    bench.settle();
    assert_eq!(bench.groups().iter().map(|group| group.picture).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_newer_group_takes_the_place_of_the_one_that_is_being_read() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.look_at_group(1);
    bench.settle_until("group");
    bench.look_at_group(2);
    bench.settle();
    assert_eq!(bench.groups().iter().map(|group| group.look.group).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_group_that_the_dial_has_taken_away_is_not_told() {
    let mut bench = Bench::started(true);
    bench.look_at_group(7);
    bench.settle();
    bench.turn(4);
    bench.settle();
    assert_eq!(bench.groups().len(), 1, "of eight groups, and four have no eighth");
    bench.look_at_group(3);
    bench.settle();
    assert_eq!(bench.groups()[1].setting.config.cardinality, 4);
    assert!(bench.notices().is_empty());
}

#[test]
fn a_group_that_cannot_be_read_leaves_the_answer_and_the_last_group() {
    let mut bench = Bench::started(true);
    bench.look_at_group(0);
    bench.settle();
    bench.look_at_group(1);
    bench.settle_until("group");
    bench.end_as("group", Outcome::Bad);
    bench.settle();
    assert_eq!((bench.groups().len(), bench.answers().len(), bench.last_work()), (1, 1, Work::Ready));
    assert!(matches!(&bench.notices()[..], [Notice::Failed(_)]), "{:?}", bench.notices());
}

#[test]
fn an_occlusion_map_is_made_once_and_goes_on_where_it_was_stopped() {
    let mut bench = Bench::started(false);
    bench.settle();
    bench.look(COVERED);
    for _ in 0..20 {
        bench.settle_until("classify");
        bench.end("classify");
    }
    bench.look(Looks::default());
    bench.settle();
    assert!(bench.occlusions().iter().all(|map| !map.is_complete()), "it was stopped");
    let runs = bench.world.ran.borrow().len();
    bench.look(COVERED);
    bench.settle();
    let maps = bench.occlusions();
    let last = maps.last().expect("a map");
    assert_eq!((last.picture, last.place, last.probabilities.len()), (1, 0, PARTS));
    assert_eq!(bench.world.ran.borrow().len() - runs, PARTS - 20, "the parts that were left");
    bench.look(Looks::default());
    bench.look(COVERED);
    bench.settle();
    assert_eq!((bench.occlusions().len(), bench.last_work()), (maps.len(), Work::Ready));
    // Another picture has a map of its own.
    bench.picture(2);
    bench.settle();
    let last = bench.occlusions().pop().expect("a map");
    assert_eq!((last.picture, last.is_complete()), (2, true));
}

#[test]
fn a_real_gpu_covers_several_parts_per_run_and_one_without_room_one() {
    let mut bench = Bench::started(true);
    bench.settle();
    let (networks, runs) = (bench.world.networks.get(), bench.world.ran.borrow().len());
    bench.look(COVERED);
    bench.settle();
    assert!(bench.occlusions().last().expect("a map").is_complete());
    assert_eq!(bench.world.ran.borrow().len() - runs, PARTS / 8);
    assert_eq!(bench.world.networks.get(), networks, "the second network is gone");
    bench.picture(2);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Full);
    let runs = bench.world.ran.borrow().len();
    bench.settle();
    assert!(bench.occlusions().last().expect("a map").is_complete());
    assert!(bench.world.ran.borrow().len() - runs >= PARTS);
    assert!(bench.notices().is_empty());
}

#[test]
fn forms_are_compared_once_and_timed_in_turn() {
    let mut bench = Bench::started(true);
    bench.settle();
    assert!(bench.forms().is_empty(), "nobody has asked");
    bench.look_at_forms("layer1.0");
    bench.settle();
    let told = bench.forms();
    let last = told.last().expect("it was told");
    assert_eq!((last.picture, last.block.as_str(), last.is_complete()), (1, "layer1.0", true));
    assert_eq!(last.forms.each_ref().map(|form| form.dispatches), [10, 7, 4]);
    assert_eq!(last.forms.each_ref().map(|form| form.wall.len()), [last.runs; 3]);
    assert_eq!(last.forms.each_ref().map(|form| form.wall[0]), [1.0, 2.0, 3.0]);
    let [a_to_c, b_to_c, a_to_b] = last.differences;
    assert!((5e-7..2e-6).contains(&a_to_c) && b_to_c == 0.0 && a_to_b == a_to_c, "{:?}", last.differences);
    // The differences are there before the times, and each round is told.
    assert!(told[0].forms[0].wall.is_empty() && told[0].differences == last.differences);
    assert_eq!(told.len(), last.runs + 1);
    let ran = bench.world.forms_run.borrow().clone();
    assert_eq!(ran.len(), 3 * (last.runs + 1), "one of each warms up");
    assert!(ran.chunks(3).all(|round| round == BlockForm::ALL), "{ran:?}");
    // Looking away and back computes nothing; another block does.
    bench.look(Looks::default());
    bench.look_at_forms("layer1.0");
    bench.settle();
    assert_eq!(bench.forms().len(), told.len());
    bench.look_at_forms("layer2.1");
    bench.settle();
    assert_eq!(bench.forms().last().expect("it was told").block, "layer2.1");
}

#[test]
fn a_newer_block_replaces_the_one_under_way_and_a_failure_keeps_the_last() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.look_at_forms("layer1.0");
    bench.settle_until("run_form");
    bench.look_at_forms("layer2.0");
    bench.settle();
    assert!(bench.forms().iter().all(|forms| forms.block == "layer2.0"), "the older one was dropped");
    let count = bench.forms().len();
    bench.look_at_forms("layer3.0");
    bench.settle_until("forms");
    bench.end_as("forms", Outcome::Bad);
    bench.settle();
    assert_eq!(bench.forms().len(), count);
    assert!(matches!(&bench.notices()[..], [Notice::Failed(_)]), "{:?}", bench.notices());
    assert_eq!(bench.last_work(), Work::Ready);
    // A part of the network that is no block has no forms.
    bench.look_at_forms("stem");
    bench.settle();
    assert_eq!(bench.forms().len(), count);
}
