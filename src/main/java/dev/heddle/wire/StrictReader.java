package dev.heddle.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import org.jspecify.annotations.Nullable;

/// What Helidon 4.1.7 reads a connection through, made strict where its parser is lenient, and bounded where it is not:
///
/// - it serves `get /` as `GET /`, though methods are case-sensitive (RFC 9110 section 9.1);
/// - it holds a whole chunk in memory, up to 2 GiB, and a chunk size line of any length;
/// - it skips two bytes after a chunk, whatever they are (RFC 9112 section 7.1 wants CR LF);
/// - a connection that ends within the headers is answered 500.
///
/// A chunk is handed on in pieces of at most 64 KiB, each as if it were a chunk. Used by one thread.
final class StrictReader extends DataReader {
    private static final int MOST_PIECE_BYTES = 64 * 1024;
    private static final int MOST_SIZE_DIGITS = 15;
    private static final byte[] VERSION = " HTTP/1.1".getBytes(StandardCharsets.US_ASCII);

    private enum Next {
        SIZE, PIECE, AFTER_PIECE, END
    }

    private Next next = Next.SIZE;
    private long left;

    StrictReader(Supplier<byte @Nullable []> bytes) {
        super(bytes);
    }

    @Override
    public void pullData() {
        try {
            super.pullData();
        } catch (InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the caller is gone", e);
        }
    }

    /// Of what Helidon reads so, only a request line ends in a version.
    @Override
    public byte[] readBytes(int length) {
        byte[] line = super.readBytes(length);
        if (isRequestLine(line) && hasLowerCaseMethod(line)) {
            throw RequestException.builder().type(EventType.BAD_REQUEST).status(Status.NOT_IMPLEMENTED_501)
                    .message("a method in lower case").build();
        }
        return line;
    }

    /// Helidon reads by line only where a chunk's size stands, and the empty line after the last chunk.
    @Override
    public String readLine() {
        if (next == Next.END) {
            next = Next.SIZE;
            expectLineEnd();
            return "";
        }
        if (left == 0) {
            left = chunkSize();
        }
        int piece = (int) Math.min(left, MOST_PIECE_BYTES);
        left -= piece;
        next = piece == 0 ? Next.END : Next.PIECE;
        return Integer.toHexString(piece);
    }

    @Override
    public BufferData readBuffer(int length) {
        BufferData data = super.readBuffer(length);
        next = next == Next.PIECE ? Next.AFTER_PIECE : next;
        return data;
    }

    @Override
    public void skip(int length) {
        if (next != Next.AFTER_PIECE) {
            super.skip(length);
            return;
        }
        next = Next.SIZE;
        if (left == 0) {
            expectLineEnd();
        }
    }

    private long chunkSize() {
        int digits = findNewLine(MOST_SIZE_DIGITS + 1);
        if (digits == 0 || digits > MOST_SIZE_DIGITS) {
            throw new BrokenRequest("a chunk's size is 1 to 15 hexadecimal digits");
        }
        long size = 0;
        for (int i = 0; i < digits; i++) {
            size = size << 4 | hexDigit(read());
        }
        super.skip(2);
        return size;
    }

    private static int hexDigit(byte ascii) {
        int digit = Character.digit(ascii, 16);
        if (digit < 0) {
            throw new BrokenRequest("a chunk's size is hexadecimal");
        }
        return digit;
    }

    private void expectLineEnd() {
        if (read() != '\r' || read() != '\n') {
            throw new BrokenRequest("a chunk is not as long as it says");
        }
    }

    private static boolean isRequestLine(byte[] line) {
        int end = line.length - VERSION.length;
        return end > 0 && Arrays.equals(line, end, line.length, VERSION, 0, VERSION.length);
    }

    private static boolean hasLowerCaseMethod(byte[] line) {
        for (int i = 0; line[i] != ' '; i++) {
            if (line[i] >= 'a' && line[i] <= 'z') {
                return true;
            }
        }
        return false;
    }
}
