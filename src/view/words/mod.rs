//! Sentences and short texts for the session's events: typed data in, text out.

mod arrival;
mod dispatches;
mod forms;
mod gpu;
mod laboratory;
mod live;
mod load;
mod map;
mod notice;
mod picture;
mod preparation;
mod race;
mod reading;
mod terms;
mod trained;
mod verdict;
mod walk;
mod work;

pub use arrival::{
    EMPTY_FOLDER, NOT_IN_A_LINK, NOTHING_DROPPED, NOTHING_PASTED, SVG, not_fetched, not_there, too_many_pictures,
    unusable,
};
pub use dispatches::{best_rate, dispatches, no_dispatches};
pub use forms::{CHOOSE_A_BLOCK, FORMS_EXPLAINED, forms_runs};
pub use gpu::{
    EMULATED, SHARED, TOO_LARGE, backend, cores_explained, gpu, gpu_explained, gpu_state, missing_gpu, runs_on,
    self_check,
};
pub use laboratory::{CHART_NOT_DRAWN, RESULT_BY_HAND, RESULT_COPIED, RESULT_NOT_STORED, result_not_read, result_read};
pub use live::{CAMERA_GONE, STOPPED_UNSEEN, UNPLAYABLE, VIDEO_LEFT_OUT, frame, live_title, no_frames, pace};
pub use load::{load, load_brief, load_share};
pub use map::{MAP_KINDS, map_explained, map_kind, map_spoken};
pub use notice::{
    LOAD_ENDED, NETWORK_LOST, not_listed, notice, peak_share, sentence, short_name, worker_missing, worker_replaced,
    worker_stopped,
};
pub use picture::{sample, test_picture, visitor_picture};
pub use preparation::preparation;
pub use race::{
    OWN_EXPLAINED, RACE_LIMITS, kept_race, own_pictures, race_accuracies, race_cost, race_counted, race_guess,
    race_losses, race_lost, race_on_cpu, race_pace, race_stage, race_trouble, race_verdict, trainer_missing,
    trainer_stopped,
};
pub use reading::{container, reading, reading_note, strides};
pub use terms::{
    block_cost_explained, dial, law, law_explained, plan_explained, setting, setting_explained, template_explained,
    weights_explained,
};
pub use trained::{NO_HEAD, NO_HEAD_ADVICE, same_training, trained_options, unnamed_classes};
pub use verdict::{Compared, QUESTION, verdict};
pub use walk::{StepWords, WALK, walk_spoken};
pub use work::work;
