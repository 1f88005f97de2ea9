//! The worker that trains, as components use it. It is started when training is opened, and again when it is needed after it died.

mod folders;

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, DataTransfer, File, FileList};

use super::arrivals::folder::list;
use super::connection::{Connection, TRAINS, start};
use super::handle::Client;
use super::save_file::save_file;
use crate::platform::Message;
use crate::protocol::{Command, Origin, RaceCommand, RaceData, RaceEvent, RaceSetup, RaceStage};
use crate::ui::state::{Choice, Notices, Race};
use crate::view::arrival::is_archive;
use crate::view::words;

type Trainer = RefCell<Option<Connection<RaceCommand>>>;

/// Sends commands to the worker that trains. It is a handle: copies refer to the same worker.
#[derive(Clone, Copy)]
pub(crate) struct Racing {
    client: Client,
    choice: Choice,
    state: Race,
    notices: Notices,
    trainer: StoredValue<Trainer, LocalStorage>,
}

impl Racing {
    pub(crate) fn new(client: Client) -> Self {
        let trainer = StoredValue::new_local(RefCell::new(None));
        Self { client, choice: expect_context(), state: expect_context(), notices: expect_context(), trainer }
    }

    /// Asks for the race of an earlier visit.
    pub(crate) fn open(self) {
        if self.state.stage.with_untracked(|stage| *stage == RaceStage::Idle) {
            self.send(RaceCommand::Open);
        }
    }

    /// Begins the race that is chosen.
    pub(crate) fn begin(self) {
        let Race { data, epochs, seed, .. } = self.state;
        self.forget();
        let setup = untrack(|| RaceSetup {
            networks: self.state.networks(),
            data: data.get(),
            epochs: epochs.get(),
            seed: seed.get(),
            backend: self.choice.runs_on(),
            begun: js_sys::Date::new_0().to_iso_string().into(),
        });
        self.send(RaceCommand::Begin(Box::new(setup)));
    }

    /// Goes on with the race of an earlier visit.
    pub(crate) fn resume(self) {
        self.forget();
        let backend = untrack(|| self.choice.runs_on());
        self.send(RaceCommand::Resume(backend));
    }

    /// Takes the folder that was chosen, with a folder per class, or an archive.
    pub(crate) fn take_files(self, files: Option<FileList>) {
        let files = folders::chosen(files);
        match files.iter().find(|(_, file)| is_archive(&file.name())) {
            Some((_, archive)) => self.unpack(archive),
            None => self.bring(files),
        }
    }

    /// Takes the folders or the archive that were dropped; says whether there were any.
    pub(crate) fn take_dropped(self, data: Option<DataTransfer>) -> bool {
        let Some(data) = data else { return false };
        if let Some(archive) = list(data.files()).into_iter().find(|file| is_archive(&file.name())) {
            self.state.data.set(RaceData::Own);
            self.unpack(&archive);
            return true;
        }
        let Some(found) = folders::dropped(&data) else { return false };
        self.state.data.set(RaceData::Own);
        spawn_local(async move { self.bring(found.await) });
        true
    }

    fn unpack(self, archive: &File) {
        self.send_with(RaceCommand::Archive { name: archive.name() }, Some(archive.clone().into()));
    }

    fn bring(self, pictures: folders::Brought) {
        match folders::together(pictures) {
            Some((list, file)) => self.send_with(RaceCommand::Bring(list), Some(file)),
            None => self.state.told.set(words::EMPTY_FOLDER.into()),
        }
    }

    pub(crate) fn send(self, command: RaceCommand) {
        self.send_with(command, None);
    }

    fn send_with(self, command: RaceCommand, file: Option<Blob>) {
        self.state.told.set(String::new());
        self.trainer.with_value(|trainer| {
            if trainer.borrow().is_none() {
                match start(TRAINS) {
                    Ok(worker) => {
                        let receive = move |message| self.receive(message);
                        let died = move |reason: String| self.died(&reason);
                        trainer.replace(Some(Connection::new(worker, receive, died)));
                    }
                    Err(reason) => return self.fail(words::trainer_missing(&reason)),
                }
            }
            if let Some(connection) = &*trainer.borrow() {
                connection.send(&Message { file, ..command.into() });
            }
        });
    }

    /// Forgets what was told of the last race.
    fn forget(self) {
        let Race { facts, curves, look, kept, stage, .. } = self.state;
        facts.set(None);
        curves.set(Default::default());
        look.set(None);
        kept.set(None);
        stage.set(RaceStage::Preparing);
    }

    fn receive(self, message: Message<RaceEvent>) {
        let Message { what, bytes, file, .. } = message;
        let bytes = || bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
        let state = self.state;
        match what {
            RaceEvent::Kept(kept) => state.kept.set(kept.map(|kept| *kept)),
            RaceEvent::Own(own) => state.own.set(Some(own)),
            RaceEvent::Stage(stage) => state.stage.set(stage),
            RaceEvent::Began(facts) => {
                state.examples.set(Arc::new(bytes()));
                state.facts.set(Some(Arc::new(*facts)));
            }
            RaceEvent::Course(course) => state.take(course),
            RaceEvent::Look(look) => state.look.set(Some(Arc::new((look, bytes())))),
            RaceEvent::Saved { name, for_page: true } => {
                self.client.send_with(Command::Load(Origin::File(name)), file);
            }
            RaceEvent::Saved { name, .. } => {
                if let Some(file) = file {
                    save_file(&name, &file);
                }
            }
            RaceEvent::Lost { step } => self.notices.note(words::race_lost(step)),
            RaceEvent::OnCpu(reason) => self.notices.note(words::race_on_cpu(&reason)),
            RaceEvent::Trouble(reason) => state.told.set(words::race_trouble(&reason)),
        }
    }

    fn died(self, reason: &str) {
        self.trainer.with_value(|trainer| drop(trainer.take()));
        self.fail(words::trainer_stopped(reason));
        // Another worker tells what is left.
        self.send(RaceCommand::Open);
    }

    fn fail(self, reason: String) {
        self.state.stage.set(RaceStage::Failed(reason));
    }
}
