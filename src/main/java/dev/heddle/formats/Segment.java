package dev.heddle.formats;

import java.util.ArrayList;
import java.util.List;

/// `length` bytes of a file, from the one at `from` on.
public record Segment(long from, long length) {
    /// The segments of a file that are kept, in order; those that touch are one.
    static final class Kept {
        private static final int MOST = 1_000;

        private final List<Segment> segments = new ArrayList<>();

        /// Keeps the bytes from the one at `from` to the one before `to`.
        ///
        /// @throws dev.heddle.web.Failure if they lie in too many pieces
        void keep(long from, long to) {
            Segment last = segments.isEmpty() ? new Segment(-1, 0) : segments.getLast();
            if (last.from + last.length == from) {
                segments.set(segments.size() - 1, new Segment(last.from, to - last.from));
            } else if (segments.size() == MOST) {
                throw Head.refused("has its pixels in too many pieces");
            } else {
                segments.add(new Segment(from, to - from));
            }
        }

        List<Segment> all() {
            return List.copyOf(segments);
        }
    }
}
