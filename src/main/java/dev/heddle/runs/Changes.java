package dev.heddle.runs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.gates.Unavailable;

import org.jspecify.annotations.Nullable;

/// Who waits for a change of which task. What changes here is told at once; what others change, when [Watch] sees it.
/// Thread-safe.
public final class Changes {
    private static final int MOST_WATCHED = 10_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ConcurrentHashMap<UUID, Post> posts = new ConcurrentHashMap<>();

    /// Where those stand who wait for one task.
    private static final class Post {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        // Guarded by the map's lock on the entry.
        private int seats;
        // Guarded by the post's lock.
        private long count;
        private @Nullable Object last;
    }

    /// A place to wait in, from before the task is looked at until it is closed. Used by one thread.
    public final class Seat implements AutoCloseable {
        private final UUID id;
        private final Post post;

        private Seat(UUID id, Post post) {
            this.id = id;
            this.post = post;
        }

        /// How many changes were told until now.
        public long count() {
            post.lock.lock();
            try {
                return post.count;
            } finally {
                post.lock.unlock();
            }
        }

        /// Waits until more than `seen` changes were told; false if `nanos` pass first.
        public boolean awaitMoreThan(long seen, long nanos) throws InterruptedException {
            long left = nanos;
            post.lock.lockInterruptibly();
            try {
                while (post.count <= seen) {
                    if (left <= 0) {
                        return false;
                    }
                    left = post.changed.awaitNanos(left);
                }
                return true;
            } finally {
                post.lock.unlock();
            }
        }

        @Override
        public void close() {
            posts.computeIfPresent(id, (_, found) -> --found.seats == 0 ? null : found);
        }
    }

    /// @throws Unavailable if changes of ten thousand other tasks are waited for already
    public Seat seat(UUID id) {
        if (posts.size() >= MOST_WATCHED && !posts.containsKey(id)) {
            throw new Unavailable("too many tasks are watched already", RETRY_AFTER);
        }
        Post post = posts.compute(id, (_, found) -> {
            Post here = found == null ? new Post() : found;
            here.seats++;
            return here;
        });
        return new Seat(id, post);
    }

    /// Tells who waits for this task that it has changed.
    public void tell(UUID id) {
        Optional.ofNullable(posts.get(id)).ifPresent(Changes::tell);
    }

    /// Tells who waits for this task, unless `state` is what it was told of last.
    void tell(UUID id, Object state) {
        Post post = posts.get(id);
        if (post != null && !state.equals(post.last)) {
            post.last = state;
            tell(post);
        }
    }

    /// The tasks that somebody waits for.
    Set<UUID> watched() {
        return Set.copyOf(posts.keySet());
    }

    private static void tell(Post post) {
        post.lock.lock();
        try {
            post.count++;
            post.changed.signalAll();
        } finally {
            post.lock.unlock();
        }
    }
}
