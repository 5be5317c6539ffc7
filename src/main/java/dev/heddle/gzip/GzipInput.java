package dev.heddle.gzip;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import dev.heddle.wire.BrokenRequest;

/// What a gzip stream holds (RFC 1952), read strictly: what is cut or damaged is refused when that shows. Several
/// members, one after the other, are one content. Whoever reads must bound how much: a thousandth of it may have been
/// sent.
///
/// Ours, because [java.util.zip.GZIPInputStream] calls itself once for each empty member, of which a body of 1 MiB can
/// hold 50,000, and passes over what follows the last one. Used by one thread.
public final class GzipInput extends InputStream {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MOST_NAME_BYTES = 64 * 1024;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean isInMember;
    private boolean hasEnded;

    public GzipInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// @throws BrokenRequest if it is not gzip, or cut, or damaged
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!hasEnded && length > 0) {
            if (!isInMember) {
                begin();
                isInMember = true;
            }
            int count = inflate(bytes, offset, length);
            if (count > 0) {
                check.update(bytes, offset, count);
                return count;
            } else if (inflater.finished()) {
                finish();
            }
        }
        return hasEnded ? -1 : 0;
    }

    /// Gives back the memory outside of the heap. What it reads from stays open.
    @Override
    public void close() {
        hasEnded = true;
        inflater.end();
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        if (inflater.needsInput()) {
            if (at == end) {
                fill();
            }
            inflater.setInput(buffer, at, end - at);
            at = end;
        }
        try {
            int count = inflater.inflate(bytes, offset, length);
            if (inflater.needsDictionary()) {
                throw damaged();
            }
            return count;
        } catch (DataFormatException _) {
            throw damaged();
        }
    }

    /// RFC 1952 section 2.3.1: the head of a member.
    private void begin() throws IOException {
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw damaged();
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw damaged();
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipName();
        }
        if ((flags & COMMENT) != 0) {
            skipName();
        }
        if ((flags & HEADER_CHECK) != 0) {
            skip(2);
        }
    }

    /// The end of a member: what it should have held. Another member may follow.
    private void finish() throws IOException {
        at = end - inflater.getRemaining();
        long wantedCheck = number();
        long wantedLength = number();
        if (wantedCheck != check.getValue() || wantedLength != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw damaged();
        }
        check.reset();
        inflater.reset();
        isInMember = false;
        if (at == end && !hasMore()) {
            close();
        }
    }

    private boolean hasMore() throws IOException {
        end = in.read(buffer, 0, BUFFER_BYTES);
        at = 0;
        return end > 0;
    }

    private void fill() throws IOException {
        if (!hasMore()) {
            close();
            throw new BrokenRequest("the compressed body is cut");
        }
    }

    private int next() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++] & 0xff;
    }

    private long number() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private void skipName() throws IOException {
        for (int i = 0; next() != 0; i++) {
            if (i == MOST_NAME_BYTES) {
                throw damaged();
            }
        }
    }

    private BrokenRequest damaged() {
        close();
        return new BrokenRequest("the body is not gzip, as it says that it is");
    }
}
