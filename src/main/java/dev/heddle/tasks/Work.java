package dev.heddle.tasks;

import org.jspecify.annotations.Nullable;

/// What is done for a task of some kind, on a virtual thread; may block. What computes for long goes to the
/// [dev.heddle.gates.CpuPool].
///
/// It may be run more than once: whatever must happen once is written through [Run#inTransaction], together with the note
/// that it happened. An interrupt, which the end of time or a cancel is, must end it soon.
@FunctionalInterface
public interface Work<D> {
    /// Returns the result, which becomes JSON of at most 2 MiB; null for none.
    ///
    /// @throws TaskRefused if trying again cannot help
    /// @throws Exception   if it failed: tried again as the kind's [Rules] say. Callers are told nothing of it, but the
    ///                     sentence of a [dev.heddle.web.Failure] or a [dev.heddle.gates.Unavailable]
    @Nullable
    Object run(D data, Run run) throws Exception;
}
