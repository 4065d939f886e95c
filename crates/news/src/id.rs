macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

// Foreign protocols see entry and source ids: they always rise and stay below 2^31.
ids! {
    /// Given out by the store, always rising: old clients page by it.
    EntryId;
    ArticleId;
    /// The id of the article that began the story: known before it is recorded, and the same in every run.
    StoryId;
    SourceId;
    ReaderId;
    FollowId;
    EditionId;
    SignalId;
    RepairId;
    AlertId;
}
