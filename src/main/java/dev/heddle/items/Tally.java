package dev.heddle.items;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.items.ItemImport.Imported;
import dev.heddle.items.ItemImport.LineError;

/// Counts what becomes of the lines of one import, and whether it has ended early. Thread-safe.
final class Tally {
    private static final int MOST_ERRORS = 100;

    // Guards what follows.
    private final ReentrantLock lock = new ReentrantLock();
    private final List<LineError> badLines = new ArrayList<>();
    private final List<LineError> ends = new ArrayList<>();
    private long imported;
    private long failed;

    // Read without the lock, by all who might still do something.
    private volatile boolean isEnded;

    /// So many things were stored.
    void stored(int count) {
        locked(() -> imported += count);
    }

    /// This line holds nothing that can be stored. Called in the order of the lines.
    void bad(long line, String msg) {
        locked(() -> {
            failed++;
            if (badLines.size() < MOST_ERRORS) {
                badLines.add(new LineError(line, msg));
            }
        });
    }

    /// So many lines were good and yet not stored.
    void left(int count) {
        locked(() -> failed += count);
    }

    /// From this line on nothing more is to be stored. Each worker may say so once.
    void end(long line, String msg) {
        isEnded = true;
        locked(() -> ends.add(new LineError(line, msg)));
    }

    boolean isEnded() {
        return isEnded;
    }

    /// The count, once all who count have ended; where the import ended is never crowded out by bad lines.
    Imported outcome() {
        var errors = new ArrayList<>(badLines.subList(0, Math.min(badLines.size(), MOST_ERRORS - ends.size())));
        errors.addAll(ends);
        errors.sort(Comparator.comparingLong(LineError::line));
        return new Imported(imported, failed, errors);
    }

    /// The count in words.
    String summary() {
        return imported + " items were imported and " + failed + " lines failed";
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
