package dev.heddle.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.StallWatch.Guard;

import org.jspecify.annotations.Nullable;

/// A request's body. Every way that Helidon has of saying that it is cut or wrongly framed is one here: [BrokenRequest].
///
/// A body of which nothing arrives for too long ends so, too, and one that is not there by the current [Deadline] ends
/// with [DeadlinePassed]. Used by one thread.
public final class BodyStream extends InputStream {
    private static final int BIN_BYTES = 16 * 1024;

    private final Supplier<InputStream> opener;
    private final Patience patience;
    private @Nullable InputStream in;
    private @Nullable RuntimeException failure;

    /// `opener` gives the bytes. It is asked at the first read, because most requests have no body.
    public BodyStream(Supplier<InputStream> opener, Patience patience) {
        this.opener = opener;
        this.patience = patience;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        // What follows a failure may be read as anything: nothing of it is read.
        if (failure != null) {
            throw failure;
        }
        // A sender that trickles would never be interrupted for want of progress.
        Deadline.current().check();
        Guard guard = patience.begin();
        try (guard) {
            return opened().read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            failure = failure(guard, e);
            throw failure;
        }
    }

    /// Reads on to the end and throws away what it reads, at most `most` bytes and until about `until`; says whether the
    /// end was reached.
    ///
    /// @throws BrokenRequest if it is cut or wrongly framed
    public boolean drain(int most, Deadline until) {
        var bin = new byte[BIN_BYTES];
        for (long read = 0; read <= most && !until.isPassed();) {
            int count = read(bin, 0, bin.length);
            if (count < 0) {
                return true;
            }
            read += count;
        }
        return false;
    }

    private InputStream opened() {
        if (in == null) {
            in = opener.get();
        }
        return in;
    }

    private static RuntimeException failure(Guard guard, Exception e) {
        if (guard.hasStalled()) {
            return new BrokenRequest("the body stopped arriving", e);
        } else if (Deadline.current().isPassed()) {
            return new DeadlinePassed(e);
        }
        return new BrokenRequest("the body is cut or wrongly framed", e);
    }
}
