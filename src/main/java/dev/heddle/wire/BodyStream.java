package dev.heddle.wire;

import java.io.IOException;
import java.io.InputStream;

/// A request's body, in which every way that Helidon has of saying that it is cut or wrongly framed is one:
/// [BrokenRequest].
public final class BodyStream extends InputStream {
    private final InputStream from;

    public BodyStream(InputStream from) {
        this.from = from;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return from.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            throw new BrokenRequest("the body is cut or wrongly framed", e);
        }
    }

    /// Reads on to the end, at most `most` bytes, and throws them away; says whether the end was reached.
    public boolean drain(int most) {
        var bin = new byte[16 * 1024];
        for (long read = 0; read <= most;) {
            int count = read(bin, 0, bin.length);
            if (count < 0) {
                return true;
            }
            read += count;
        }
        return false;
    }
}
