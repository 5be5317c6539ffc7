package dev.heddle.wire;

import java.util.Set;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

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
        return plain.connection(new StrictContext(context));
    }
}
