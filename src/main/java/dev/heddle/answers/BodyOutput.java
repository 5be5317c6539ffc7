package dev.heddle.answers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;

/// What follows the headers of an answer. Every way that Helidon has of saying that the connection is broken is an
/// IOException here.
///
/// Closing it sends the last chunk. Helidon 4.1.7 sends that only when its routing commits the answer, which it does
/// not where the connection is to be closed: then the caller could not tell the end from a cut.
final class BodyOutput extends OutputStream {
    private final ServerResponse response;
    private final OutputStream out;

    /// What is done to Helidon's stream.
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /// Sends the headers with the first bytes; they must not be changed any more.
    BodyOutput(ServerResponse response) {
        this.response = response;
        this.out = response.outputStream();
    }

    @Override
    public void write(int b) throws IOException {
        checked(() -> out.write(b));
    }

    /// Of an array that is not written from its beginning, Helidon 4.1.7 (FixedBufferData) sends more than it is told
    /// to where the answer has a Content-Length.
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] piece = offset == 0 ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
        checked(() -> out.write(piece, 0, length));
    }

    @Override
    public void flush() throws IOException {
        checked(out::flush);
    }

    @Override
    public void close() throws IOException {
        checked(() -> {
            out.close();
            if (response instanceof RoutingResponse routing) {
                routing.commit();
            }
        });
    }

    private static void checked(Step step) throws IOException {
        try {
            step.run();
        } catch (UncheckedIOException | ServerConnectionException e) {
            throw new IOException("the connection is broken", e);
        }
    }
}
