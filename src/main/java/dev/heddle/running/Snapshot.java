package dev.heddle.running;

import java.time.Instant;
import java.util.List;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The requests that were in flight at `takenAt`: how many, and the oldest of them.
record Snapshot(Instant takenAt, int inFlight, List<RunningRequest> requests) {
    /// A request: what its answer will call it, what it asks for, its age, the time that is left to it (null: no end is set),
    /// where it stands (the kind of thread, its state, the frames that tell most, the innermost first), how many calls of
    /// it are in flight, and the first of these.
    record RunningRequest(String id, String method, String path, double ageSeconds, @Nullable Double timeLeftSeconds,
            String thread, String state, List<String> frames, int callsInFlight, List<RunningCall> calls) {}

    /// A gathered call: its place, from 0, in the gathering of that name, and the same of it. swagger-core would leave out what
    /// a record says of its own kind, so that is named.
    record RunningCall(String gathering, int turn, double ageSeconds, @Nullable Double timeLeftSeconds,
            String thread, String state, List<String> frames, int callsInFlight,
            @ArraySchema(schema = @Schema(ref = "#/components/schemas/RunningCall")) List<RunningCall> calls) {}

    /// The same with the oldest `limit` requests at most.
    Snapshot limit(int limit) {
        return requests.size() <= limit ? this : new Snapshot(takenAt, inFlight, requests.subList(0, limit));
    }
}
