package dev.heddle.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;

import dev.heddle.formats.Segment;

/// Some segments of a file as if they were all of it. Used by one thread.
final class SegmentInput extends ImageInputStreamImpl {
    private final FileChannel file;
    private final List<Segment> segments;
    private final long length;
    // The segment that is read, and where it begins here: a decoder mostly reads on where it was.
    private int index;
    private long indexStart;

    SegmentInput(FileChannel file, List<Segment> segments) {
        this.file = file;
        this.segments = segments;
        this.length = segments.stream().mapToLong(Segment::length).sum();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        checkClosed();
        bitOffset = 0;
        if (streamPos >= length) {
            return -1;
        }
        find();
        Segment segment = segments.get(index);
        long within = streamPos - indexStart;
        int most = (int) Math.min(count, segment.length() - within);
        int read = file.read(ByteBuffer.wrap(bytes, offset, most), segment.from() + within);
        streamPos += Math.max(0, read);
        return read;
    }

    @Override
    public long length() {
        return length;
    }

    private void find() {
        if (streamPos < indexStart) {
            index = 0;
            indexStart = 0;
        }
        while (streamPos >= indexStart + segments.get(index).length()) {
            indexStart += segments.get(index).length();
            index++;
        }
    }
}
