package dev.heddle.answers;

import java.io.IOException;
import java.io.OutputStream;

import dev.heddle.gates.StallWatch.Guard;
import dev.heddle.gzip.GzipOutput;
import dev.heddle.wire.Patience;

import org.jspecify.annotations.Nullable;

/// An answer that is made piece by piece. Up to 16 KiB wait in memory, so that a failure before the first of them left
/// can still be answered as a failure; the status line goes out with the first bytes.
///
/// A write that the caller does not take for too long fails, and the connection with it. Used by one thread at a time.
public final class AnswerStream extends OutputStream {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int PIECE_BYTES = 64 * 1024;

    /// What is done to the stream of the connection.
    @FunctionalInterface
    private interface Step {
        void run(OutputStream out) throws IOException;
    }

    /// Sends the headers of an answer.
    @FunctionalInterface
    public interface Opener {
        /// Gives the stream for what follows the headers: `bytes` in all, or [#UNKNOWN].
        OutputStream open(long bytes) throws IOException;
    }

    /// How long an answer is of which some has left before all was known.
    public static final long UNKNOWN = Long.MAX_VALUE;

    private final Opener opener;
    private final Patience patience;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private @Nullable OutputStream out;

    public AnswerStream(Opener opener, Patience patience) {
        this.opener = opener;
        this.patience = patience;
    }

    /// Whether bytes have left, so that the status can no longer be changed.
    public boolean isUnderway() {
        return out != null;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > BUFFER_BYTES - used) {
            send();
        }
        if (length > BUFFER_BYTES) {
            sendPieces(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, used, length);
            used += length;
        }
    }

    /// Helidon copies what it is given; and what arrives piece by piece is progress, however slow.
    private void sendPieces(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        for (int from = offset; from < end; from += PIECE_BYTES) {
            int at = from;
            patiently(to -> to.write(bytes, at, Math.min(PIECE_BYTES, end - at)));
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        patiently(OutputStream::flush);
    }

    @Override
    public void close() throws IOException {
        if (out == null) {
            out = opener.open(used);
        }
        send();
        patiently(OutputStream::close);
    }

    /// Gives back what the stream holds, whether it was closed or cut.
    public void release() {
        if (out instanceof GzipOutput gzip) {
            gzip.release();
        }
    }

    private void send() throws IOException {
        if (used > 0) {
            patiently(to -> to.write(buffer, 0, used));
            used = 0;
        }
    }

    private void patiently(Step step) throws IOException {
        if (out == null) {
            out = opener.open(UNKNOWN);
        }
        Guard guard = patience.begin();
        try (guard) {
            step.run(out);
        }
    }
}
