package dev.heddle.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import javax.net.ssl.SSLSocket;

import dev.heddle.calls.CallFailed.Reason;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import io.helidon.common.socket.TlsSocket;
import io.helidon.common.tls.Tls;
import io.helidon.webclient.api.ClientUri;

/// Opens connections to one address, and keeps at most so many of them for later: the last one used is the next.
///
/// Ours, because in that of Helidon's client (4.1.7) one that comes back when enough are kept waits 10 ms first; a kept one
/// is watched by a thread that changes its read timeout behind the back of its next user, and swallows that one's
/// interrupt; every read timeout has a cache of its own; and connecting knows of no deadline. Thread-safe.
final class Connections implements AutoCloseable {
    /// Shorter than what most servers grant a silent connection, so that few of those that are taken have been closed.
    private static final Duration LONGEST_KEPT = Duration.ofSeconds(30);
    private static final List<String> HTTP_1_1 = List.of("http/1.1");

    private final String host;
    private final int port;
    private final boolean isSecure;
    private final Tls tls;
    private final LinkedBlockingDeque<Connection> kept;
    private volatile boolean isClosed;

    Connections(ClientUri address, Tls tls, int most) {
        this.host = address.host();
        this.port = address.port();
        this.isSecure = address.scheme().equals("https");
        this.tls = tls;
        this.kept = new LinkedBlockingDeque<>(most);
    }

    /// One that was kept, or a new one.
    ///
    /// @throws CallFailed     if there can be none
    /// @throws DeadlinePassed if the current [Deadline] passes first
    Connection take() throws InterruptedException {
        for (Connection connection = kept.pollFirst(); connection != null; connection = kept.pollFirst()) {
            if (connection.idleTime().compareTo(LONGEST_KEPT) < 0) {
                return connection;
            }
            connection.closeResource();
        }
        return open();
    }

    /// A new one. Fails as [#take()] does.
    Connection open() throws InterruptedException {
        Deadline deadline = Deadline.current();
        deadline.check();
        var socket = new Socket();
        try (var _ = deadline.whenPassed(() -> closeQuietly(socket))) {
            return new Connection(this, socket, connected(socket));
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket);
            throw translated(e);
        }
    }

    /// Whether the connection is kept for later; else its owner must close it.
    boolean keep(Connection connection) {
        boolean isKept = !isClosed && kept.offerFirst(connection);
        if (isClosed) {
            close();
        }
        return isKept;
    }

    int kept() {
        return kept.size();
    }

    @Override
    public void close() {
        isClosed = true;
        for (Connection connection = kept.poll(); connection != null; connection = kept.poll()) {
            connection.closeResource();
        }
    }

    private HelidonSocket connected(Socket socket) throws IOException {
        InetSocketAddress target = target();
        socket.setTcpNoDelay(true);
        socket.connect(target);
        if (!isSecure) {
            return PlainSocket.client(socket, host);
        }
        SSLSocket secure = tls.createSocket(HTTP_1_1, socket, target);
        secure.startHandshake();
        return TlsSocket.client(secure, host);
    }

    /// The address goes by the name that the settings say: for one that is all digits, TLS would otherwise ask the DNS for
    /// a name and hold the certificate against that.
    private InetSocketAddress target() throws UnknownHostException {
        byte[] address = InetAddress.getByName(host).getAddress();
        return new InetSocketAddress(InetAddress.getByAddress(host, address), port);
    }

    private static RuntimeException translated(Exception e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw (InterruptedException) new InterruptedException("interrupted while connecting").initCause(e);
        }
        // Then it is the deadline that has closed the socket.
        if (Deadline.current().isPassed()) {
            return new DeadlinePassed(e);
        }
        return new CallFailed(Reason.UNREACHABLE, "cannot be reached", e);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It never was of use.
        }
    }
}
