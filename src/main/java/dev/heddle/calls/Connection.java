package dev.heddle.calls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import dev.heddle.calls.CallFailed.Reason;
import dev.heddle.concurrent.Deadline;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.SocketWriter;
import io.helidon.webclient.api.ClientConnection;
import org.jspecify.annotations.Nullable;

/// One connection to an upstream, used for one call after the other.
///
/// The socket is closed when the call's [Deadline] passes, so that an upstream cannot stretch a call by sending a byte now and
/// then; and what is read is counted here, because Helidon's client (4.1.7) reads a chunk as long as its sender says before
/// anybody can count it. Used by one thread at a time.
final class Connection implements ClientConnection, AutoCloseable {
    private static final int MOST_HEADER_BYTES = 32 * 1024;

    private final Connections home;
    private final Socket socket;
    private final HelidonSocket stream;
    private final DataReader reader = new DataReader(this::read);
    private final DataWriter writer;

    private Deadline.@Nullable Guard deadline;
    private long bytesLeft;
    private int calls;
    private boolean hasAnswered;
    private boolean isInUse;
    private long lastUseNanos;

    /// `socket` is the plain one below `stream`.
    Connection(Connections home, Socket socket, HelidonSocket stream) {
        this.home = home;
        this.socket = socket;
        this.stream = stream;
        this.writer = SocketWriter.create(stream);
    }

    /// A call begins, which ends with the current [Deadline] and whose answer has at most `mostBytes` in its body.
    void begin(int mostBytes) {
        deadline = Deadline.current().whenPassed(this::closeSocket);
        // Chunks may be framed by five bytes each; more than twice the body is no honest framing.
        bytesLeft = 2L * mostBytes + MOST_HEADER_BYTES;
        calls++;
        hasAnswered = false;
        isInUse = true;
    }

    /// Whether this call failed before a byte came back, on a connection that had served another before.
    boolean isStale() {
        return calls > 1 && !hasAnswered;
    }

    /// How long ago the last call ended.
    Duration idleTime() {
        return Duration.ofNanos(System.nanoTime() - lastUseNanos);
    }

    /// The call has ended. Unless its answer was read to its end, the connection is of no use any more.
    @Override
    public void close() {
        if (isInUse) {
            closeResource();
        }
    }

    /// Called when the answer was read to its end. What came behind the end belongs to no call.
    @Override
    public void releaseResource() {
        end();
        lastUseNanos = System.nanoTime();
        if (isCutOff() || reader.available() > 0 || !home.keep(this)) {
            closeSocket();
        }
    }

    @Override
    public void closeResource() {
        end();
        closeSocket();
    }

    private void end() {
        isInUse = false;
        if (deadline != null) {
            deadline.close();
        }
    }

    private boolean isCutOff() {
        return deadline != null && deadline.hasRun();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException _) {
            // Closed is what it shall be.
        }
    }

    @Override
    public DataReader reader() {
        return reader;
    }

    @Override
    public DataWriter writer() {
        return writer;
    }

    @Override
    public HelidonSocket helidonSocket() {
        return stream;
    }

    @Override
    public String channelId() {
        return stream.childSocketId();
    }

    /// Not what Helidon thinks, but what is left of the deadline counts.
    @Override
    public void readTimeout(Duration readTimeout) {
    }

    static CallFailed tooMuch(int mostBytes) {
        return new CallFailed(Reason.GARBAGE, "answers more than " + mostBytes + " bytes");
    }

    private byte[] read() {
        byte[] bytes = stream.get();
        if (bytes != null) {
            hasAnswered = true;
            bytesLeft -= bytes.length;
        }
        if (bytesLeft < 0) {
            throw new CallFailed(Reason.GARBAGE, "answers too many bytes");
        }
        return bytes;
    }
}
