package dev.heddle.items;

import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.gates.Unavailable;
import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;
import dev.heddle.wire.BrokenRequest;

/// Stores a stream of things as it arrives: one reads, several store, and the queue between them is bounded, so that
/// the sender is slowed down to what the database takes and memory stays the same however long the stream is.
///
/// It is what `asyncio.Queue` is for, in threads that block: a full queue holds up the reader, an empty one the
/// workers. Neither waits for ever: the workers take what comes until the reader says that there is no more, also when
/// they can no longer store it, and whoever is cancelled is interrupted in its wait.
public final class ItemImport {
    private static final Logger LOG = System.getLogger(ItemImport.class.getName());
    private static final int WORKERS = 3;
    private static final int CHUNK = 500;
    private static final int MOST_CHUNKS_WAITING = 4;
    private static final List<Line.Good> NO_MORE = List.of();

    /// What became of an import: how many things were stored, how many lines were read and yet not stored, and why, for
    /// the first 100.
    public record Imported(long imported, long failed, List<LineError> errors) {
        public Imported {
            errors = List.copyOf(errors);
        }
    }

    /// What was wrong with a line, counted from 1.
    public record LineError(long line, String msg) {}

    private final Items items;

    public ItemImport(Items items) {
        this.items = items;
    }

    /// Stores what `content` holds, as `mediaType` says; in no certain order. Bad lines are passed over. When the
    /// database refuses, the import ends with what was done, and says so at the line of the first thing that was not stored.
    ///
    /// @throws Failure if the header line of a CSV is not one; or if the body is cut, and then it says what was done
    public Imported run(String mediaType, InputStream content) throws InterruptedException {
        Line.Source lines = mediaType.equals(MediaType.CSV) ? new CsvLines(content) : new NdjsonLines(content);
        var chunks = new ArrayBlockingQueue<List<Line.Good>>(MOST_CHUNKS_WAITING);
        var tally = new Tally();
        var team = new ArrayList<Callable<Boolean>>(Collections.nCopies(WORKERS, () -> store(chunks, tally)));
        team.addFirst(() -> read(lines, chunks, tally));
        boolean isWhole = Gather.named("import").all(team).getFirst();
        if (!isWhole) {
            throw Failure.unreadable("the body is cut; before that, " + tally.summary());
        }
        return tally.outcome();
    }

    /// Reads to the end, or until the import has ended early; says whether the body was whole so far.
    private static boolean read(Line.Source lines, BlockingQueue<List<Line.Good>> chunks, Tally tally)
            throws InterruptedException {
        var chunk = new ArrayList<Line.Good>(CHUNK);
        boolean isWhole = true;
        try {
            Optional<Line> line = lines.next();
            while (line.isPresent()) {
                sort(line.get(), chunk, tally);
                if (chunk.size() == CHUNK) {
                    chunks.put(List.copyOf(chunk));
                    chunk.clear();
                }
                line = tally.isEnded() ? Optional.empty() : lines.next();
            }
        } catch (BrokenRequest _) {
            isWhole = false;
        }
        if (!chunk.isEmpty()) {
            chunks.put(List.copyOf(chunk));
        }
        chunks.put(NO_MORE);
        return isWhole;
    }

    private static void sort(Line line, List<Line.Good> good, Tally tally) {
        switch (line) {
            case Line.Good item -> good.add(item);
            case Line.Bad(long number, String msg) -> tally.bad(number, msg);
        }
    }

    private boolean store(BlockingQueue<List<Line.Good>> chunks, Tally tally) throws InterruptedException {
        for (List<Line.Good> chunk = chunks.take(); !chunk.isEmpty(); chunk = chunks.take()) {
            if (tally.isEnded()) {
                tally.left(chunk.size());
            } else {
                store(chunk, tally);
            }
        }
        // For the next worker: there is room, since the reader puts nothing behind it.
        chunks.put(NO_MORE);
        return true;
    }

    private void store(List<Line.Good> chunk, Tally tally) {
        try {
            items.createAll(chunk.stream().map(Line.Good::body).toList());
            tally.stored(chunk.size());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            tally.end(chunk.getFirst().number(), "the import ended here: " + reason(e));
            tally.left(chunk.size());
        }
    }

    private static String reason(RuntimeException failure) {
        return switch (failure) {
            case Unavailable unavailable -> unavailable.getMessage();
            case DeadlinePassed _ -> "the database did not answer in time";
            default -> {
                LOG.log(Level.ERROR, "event=bug part=import", failure);
                yield "the server made a mistake, which it has noted";
            }
        };
    }
}
