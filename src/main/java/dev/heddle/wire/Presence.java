package dev.heddle.wire;

import java.util.function.Supplier;

import io.helidon.webserver.ServerConnectionException;
import org.jspecify.annotations.Nullable;

/// How long the caller at the other end of the current connection stays: known only to who reads its socket.
public final class Presence {
    /// Gives the next bytes of the connection, or null at its end.
    static final ScopedValue<Supplier<byte @Nullable []>> BYTES = ScopedValue.newInstance();

    private Presence() {
    }

    /// Waits until the caller closes the connection, or its sending half: browsers, proxies and curl never close but
    /// both. What the caller sends meanwhile is thrown away, so that the connection must be closed afterwards; an
    /// interrupt of a virtual thread closes it at once (`java.net.Socket`).
    ///
    /// To be called while nothing else reads, by a thread that serves the connection or was forked by one.
    public static void awaitEnd() {
        Supplier<byte @Nullable []> bytes = BYTES.get();
        try {
            byte @Nullable [] read;
            do {
                read = bytes.get();
            } while (read != null);
        } catch (ServerConnectionException _) {
            // A broken connection has ended, too.
        }
    }
}
