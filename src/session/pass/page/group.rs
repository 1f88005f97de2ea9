//! The step that reads one group of a convolution at work on the picture.

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Event, Group, GroupLook};
use crate::session::host::Host;
use crate::session::page::group_message;

impl<H: Host> Pass<H> {
    /// Reads the group, unless the last one read is the same of this picture and setting. The network may have no such group: the
    /// dial was turned, and what to look at follows.
    pub(super) async fn group(&self, answered: &Answered<H>, look: &GroupLook) -> Result<(), Interrupt> {
        let what = (answered.picture, self.setting.clone(), look.clone());
        self.once(&self.results.group, what, self.read_group(answered, look)).await
    }

    async fn read_group(&self, answered: &Answered<H>, look: &GroupLook) -> Result<(), Interrupt> {
        let read = self.host.group(&answered.classifier, &answered.tensor, look).await?;
        let Some(group) = read else { return Ok(()) };
        let (sizes, bytes) = group_message(&group);
        let (setting, look) = (self.setting.clone(), look.clone());
        self.host.emit_bytes(Event::Group(Group { picture: answered.picture, setting, look, sizes }), &bytes);
        Ok(())
    }
}
