package dev.heddle.wire;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import org.jspecify.annotations.Nullable;

/// Makes connections of Helidon's HTTP/1.1 that read strictly: see [StrictReader]. Immutable.
public final class StrictSelector implements ServerConnectionSelector {
    private final Http1ConnectionSelector plain;

    /// Register nothing else that speaks HTTP/1.1, and keep Helidon from discovering it (`protocolsDiscoverServices`).
    public StrictSelector(Http1Config config) {
        this.plain = Http1ConnectionSelector.builder().config(config).build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return plain.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return plain.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return plain.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var strict = new StrictContext(context);
        return new Watched(plain.connection(strict), strict::bytes);
    }

    /// A connection whose requests can find out how long their caller stays.
    private record Watched(ServerConnection plain, Supplier<byte @Nullable []> bytes)
            implements
                ServerConnection,
                InterruptableTask<Void> {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            ScopedValue.where(Presence.BYTES, bytes).<@Nullable Void, InterruptedException>call(() -> {
                plain.handle(limit);
                return null;
            });
        }

        /// Asked when the server stops, of connections that wait for a request.
        @Override
        public boolean canInterrupt() {
            return plain instanceof InterruptableTask<?> task && task.canInterrupt();
        }

        @Override
        public Duration idleTime() {
            return plain.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            plain.close(interrupt);
        }
    }

    /// A connection that is read through a [StrictReader], and otherwise as it was.
    private static final class StrictContext implements ConnectionContext {
        private final ConnectionContext plain;
        private final DataReader reader;

        StrictContext(ConnectionContext plain) {
            this.plain = plain;
            this.reader = new StrictReader(this::bytes);
        }

        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public ListenerContext listenerContext() {
            return plain.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return plain.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return plain.dataWriter();
        }

        @Override
        public Router router() {
            return plain.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return plain.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return plain.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return plain.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return plain.localPeer();
        }

        @Override
        public boolean isSecure() {
            return plain.isSecure();
        }

        @Override
        public String socketId() {
            return plain.socketId();
        }

        @Override
        public String childSocketId() {
            return plain.childSocketId();
        }

        /// As Helidon's own reader does, so that a broken socket ends the connection without a word in the log.
        byte @Nullable [] bytes() {
            try {
                return plain.serverSocket().get();
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("cannot read from the socket", e);
            }
        }
    }
}
