package dev.heddle.formats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// Walks from marker to marker through a JPEG file (ITU-T T.81, annex B). Used once.
///
/// There may be one frame, because a second one of another size could fool a decoder, and 100 scans: each makes the
/// decoder go over all pixels again, and a scan of a few bytes is enough for that.
final class JpegWalk {
    private static final int MOST_SCANS = 100;
    private static final int END = 0xD9;
    private static final int SCAN = 0xDA;
    private static final int EXIF = 0xE1;
    private static final int ICC = 0xE2;
    private static final int COMMENT = 0xFE;
    private static final byte[] EXIF_NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ICC_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    /// What follows a frame's marker is known for these: baseline, extended and progressive, in Huffman's code.
    private static final Set<Integer> FRAMES = Set.of(0xC0, 0xC1, 0xC2);
    /// Of the others in the same row only these mark no frame: tables of two kinds, and one that is reserved.
    private static final Set<Integer> NO_FRAMES = Set.of(0xC4, 0xC8, 0xCC);
    /// Of the notes of applications a decoder wants JFIF's and Adobe's, which say how colours are meant.
    private static final Set<Integer> COLOUR_NOTES = Set.of(0xE0, 0xEE);

    private final Bytes bytes;
    private final Segment.Kept kept = new Segment.Kept();
    private @Nullable Dimensions size;
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean isExifSeen;
    private int scans;

    JpegWalk(Bytes bytes) {
        this.bytes = bytes;
    }

    Head head() throws IOException {
        bytes.skip(2);
        kept.keep(0, 2);
        int marker = marker();
        while (marker != END) {
            marker = pass(marker);
        }
        kept.keep(bytes.position() - 2, bytes.position());
        if (size == null || scans == 0) {
            throw Head.refused("holds no pixels");
        }
        return new Head(Format.JPEG, size, orientation, kept.all());
    }

    /// Passes over what follows a marker, and says which comes next.
    private int pass(int marker) throws IOException {
        long from = bytes.position() - 2;
        int length = bytes.u16() - 2;
        if (length < 0 || marker < 0xC0 || marker >= 0xD0 && marker <= 0xD8) {
            throw Head.refused("is no JPEG inside");
        }
        long end = bytes.position() + length;
        boolean isKept = look(marker, length);
        bytes.skip(end - bytes.position());
        int next = marker == SCAN ? afterScan() : marker();
        long nextFrom = bytes.position() - 2;
        if (isKept) {
            kept.keep(from, marker == SCAN ? nextFrom : end);
        }
        return next;
    }

    /// Looks into a segment, and says whether a decoder needs it.
    private boolean look(int marker, int length) throws IOException {
        if (marker == SCAN) {
            scans++;
            if (scans > MOST_SCANS) {
                throw Head.refused("has more than " + MOST_SCANS + " scans");
            }
            return true;
        } else if (marker < 0xD0 && !NO_FRAMES.contains(marker)) {
            frame(marker, length);
            return true;
        } else if (marker == EXIF && !isExifSeen && begins(EXIF_NAME, length)) {
            isExifSeen = true;
            orientation = Orientation.read(bytes.take(length - EXIF_NAME.length));
            return false;
        } else if (marker == ICC) {
            return begins(ICC_NAME, length);
        }
        return marker != COMMENT && (marker < 0xE0 || marker > 0xEF || COLOUR_NOTES.contains(marker));
    }

    private void frame(int marker, int length) throws IOException {
        if (size != null) {
            throw Head.refused("says twice how large it is");
        }
        if (!FRAMES.contains(marker) || length < 6) {
            throw Head.refused("is a kind of JPEG that is not read here");
        }
        int bitsPerSample = bytes.u8();
        int height = bytes.u16();
        size = Head.size(bytes.u16(), height);
        int components = bytes.u8();
        if (bitsPerSample != 8 || components != 1 && components != 3) {
            throw Head.refused("has colours that are not read here: only grey and RGB of 8 bits are");
        }
    }

    private boolean begins(byte[] name, int length) throws IOException {
        return length >= name.length && Arrays.equals(name, bytes.take(name.length));
    }

    /// The next marker; any number of fill bytes may stand before it (section B.1.1.2).
    private int marker() throws IOException {
        if (bytes.u8() != 0xFF) {
            throw Head.refused("is no JPEG inside");
        }
        return code();
    }

    private int code() throws IOException {
        int code = bytes.u8();
        while (code == 0xFF) {
            code = bytes.u8();
        }
        return code;
    }

    /// The next marker behind a scan's bits, among which `FF 00` is one byte and `FF D0` to `FF D7` are marks.
    private int afterScan() throws IOException {
        while (true) {
            if (bytes.u8() == 0xFF) {
                int code = code();
                if (code != 0 && (code < 0xD0 || code > 0xD7)) {
                    return code;
                }
            }
        }
    }
}
