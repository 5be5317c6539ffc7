package dev.heddle.answers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

import dev.heddle.gates.StallWatch.Guard;
import dev.heddle.wire.Patience;

import org.jspecify.annotations.Nullable;

/// An answer that is made piece by piece. Up to 16 KiB wait in memory, so that a failure before the first of them left
/// can still be answered as a failure; the status line goes out with the first bytes.
///
/// A write that the caller does not take for too long fails, and the connection with it. Used by one thread.
public final class AnswerStream extends OutputStream {
    private static final int BUFFER_BYTES = 16 * 1024;

    /// What is done to the stream of the connection.
    @FunctionalInterface
    private interface Step {
        void run(OutputStream out) throws IOException;
    }

    private final Supplier<OutputStream> opener;
    private final Patience patience;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private @Nullable OutputStream out;

    /// `opener` sends the headers and gives the stream for what follows them.
    public AnswerStream(Supplier<OutputStream> opener, Patience patience) {
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
        // In pieces, because a caller who takes one of them moves on, however slowly; and each from the beginning of an
        // array, because Helidon 4.1.7 sends the wrong bytes where a piece lies further in (FixedBufferData.writeTo).
        for (int done = 0; done < length;) {
            if (used == BUFFER_BYTES) {
                send();
            }
            int piece = Math.min(BUFFER_BYTES - used, length - done);
            System.arraycopy(bytes, offset + done, buffer, used, piece);
            used += piece;
            done += piece;
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        patiently(OutputStream::flush);
    }

    @Override
    public void close() throws IOException {
        send();
        patiently(OutputStream::close);
    }

    private void send() throws IOException {
        if (used > 0) {
            patiently(to -> to.write(buffer, 0, used));
            used = 0;
        }
    }

    private void patiently(Step step) throws IOException {
        if (out == null) {
            out = opener.get();
        }
        Guard guard = patience.begin();
        try (guard) {
            step.run(out);
        }
    }
}
