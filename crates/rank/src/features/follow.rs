use news::{Reason, Target};

use crate::{
    Feature,
    view::{Look, View},
};

/// It is about something that the reader follows (sources count for themselves): wholly when that is in the headline,
/// less when it is only mentioned.
pub struct Follow;

impl Feature for Follow {
    fn name(&self) -> &'static str {
        "follow"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        view.followed(look).map_or(0.0, |(_, much)| much)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        let target = view.followed(look).map(|(follow, _)| follow.target.clone());
        Reason::YouFollow(target.unwrap_or(Target::Story(look.story.story)))
    }
}
