package dev.heddle.items;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Unavailable;
import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;

/// Stores a stream of things as it arrives: one reads, several store, and the queue between them is bounded, so that the
/// sender is slowed down to what the database takes and memory stays the same however long the stream is.
public final class ItemImport {
    private static final int WORKERS = 3;
    private static final int CHUNK = 1_000;
    private static final int MOST_CHUNKS_WAITING = 4;
    private static final int MOST_ERRORS = 100;

    /// What became of an import: how many things were stored, how many lines were not, and why, for the first 100.
    public record Imported(long imported, long failed, List<LineError> errors) {}

    /// What was wrong with a line, counted from 1.
    public record LineError(long line, String msg) {}

    private final Items items;

    public ItemImport(Items items) {
        this.items = items;
    }

    /// Stores what `content` holds, as `mediaType` says. Bad lines are passed over. When the database refuses, the import
    /// ends with what was done, which the answer says.
    ///
    /// @throws Failure if the header line of a CSV is not one
    public Imported run(String mediaType, InputStream content) throws InterruptedException {
        var run = new Run(mediaType.equals(MediaType.CSV) ? new CsvLines(content) : new NdjsonLines(content));
        var parts = new ArrayList<Callable<Void>>();
        parts.add(run::read);
        parts.addAll(Collections.nCopies(WORKERS, run::store));
        Gather.named("import").all(parts);
        return run.outcome();
    }

    /// One import under way. The reader never waits for ever: workers go on taking chunks, even when they can no longer
    /// store them, until the reader has said that there are no more.
    private final class Run {
        private static final List<Line.Good> END = List.of();

        private final Iterator<Line> lines;
        private final BlockingQueue<List<Line.Good>> chunks = new ArrayBlockingQueue<>(MOST_CHUNKS_WAITING);
        // Guards what follows.
        private final ReentrantLock lock = new ReentrantLock();
        private final List<LineError> errors = new ArrayList<>();
        private long imported;
        private long failed;
        private volatile boolean isEnded;

        Run(Iterator<Line> lines) {
            this.lines = lines;
        }

        Void read() throws InterruptedException {
            try {
                var chunk = new ArrayList<Line.Good>(CHUNK);
                while (!isEnded && lines.hasNext()) {
                    switch (lines.next()) {
                        case Line.Bad bad -> note(1, bad.number(), bad.msg());
                        case Line.Good good -> chunk.add(good);
                    }
                    if (chunk.size() == CHUNK) {
                        chunks.put(List.copyOf(chunk));
                        chunk.clear();
                    }
                }
                if (!chunk.isEmpty()) {
                    chunks.put(List.copyOf(chunk));
                }
            } finally {
                for (int i = 0; i < WORKERS; i++) {
                    chunks.put(END);
                }
            }
            return null;
        }

        Void store() throws InterruptedException {
            for (List<Line.Good> chunk = chunks.take(); !chunk.isEmpty(); chunk = chunks.take()) {
                if (isEnded) {
                    note(chunk.size(), chunk.getFirst().number(), "not stored, because the import had ended");
                } else {
                    store(chunk);
                }
            }
            return null;
        }

        private void store(List<Line.Good> chunk) {
            try {
                items.createAll(chunk.stream().map(Line.Good::body).toList());
            } catch (Unavailable | Failure e) {
                isEnded = true;
                note(chunk.size(), chunk.getFirst().number(), "the import ended here: " + e.getMessage());
                return;
            }
            lock.lock();
            try {
                imported += chunk.size();
            } finally {
                lock.unlock();
            }
        }

        private void note(int count, long number, String msg) {
            lock.lock();
            try {
                failed += count;
                if (errors.size() < MOST_ERRORS) {
                    errors.add(new LineError(number, msg));
                }
            } finally {
                lock.unlock();
            }
        }

        Imported outcome() {
            errors.sort(Comparator.comparingLong(LineError::line));
            return new Imported(imported, failed, List.copyOf(errors));
        }
    }
}
