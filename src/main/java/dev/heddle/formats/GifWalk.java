package dev.heddle.formats;

import java.io.IOException;

/// Walks through a GIF file (GIF89a specification) to the end of its first frame, which is all of it that is ever shown
/// here: so it does not matter how many follow. Used once.
///
/// Notes of applications and comments are left out: the JDK's decoder puts them together at a cost that grows with the
/// square of their length.
final class GifWalk {
    private static final int SIGNATURE_BYTES = 6;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int FRAME = 0x2C;

    private final Bytes bytes;
    private final Segment.Kept kept = new Segment.Kept();

    GifWalk(Bytes bytes) {
        this.bytes = bytes;
    }

    Head head() throws IOException {
        bytes.skip(SIGNATURE_BYTES);
        int width = bytes.u16LowFirst();
        Dimensions size = Head.size(width, bytes.u16LowFirst());
        int flags = bytes.u8();
        bytes.skip(2 + paletteBytes(flags));
        kept.keep(0, bytes.position());
        passExtensions();
        frame(size);
        return new Head(Format.GIF, size, Orientation.UPRIGHT, kept.all());
    }

    private void passExtensions() throws IOException {
        long from = bytes.position();
        int block = bytes.u8();
        while (block == EXTENSION) {
            boolean isKept = bytes.u8() == GRAPHIC_CONTROL;
            passBlocks();
            if (isKept) {
                kept.keep(from, bytes.position());
            }
            from = bytes.position();
            block = bytes.u8();
        }
        if (block != FRAME) {
            throw Head.refused("holds no pixels");
        }
    }

    /// The first frame must fill the picture; one that does not would be shown on a ground that nobody chose.
    private void frame(Dimensions size) throws IOException {
        long from = bytes.position() - 1;
        int left = bytes.u16LowFirst();
        int top = bytes.u16LowFirst();
        int width = bytes.u16LowFirst();
        int height = bytes.u16LowFirst();
        if (left != 0 || top != 0 || width != size.width() || height != size.height()) {
            throw Head.refused("has a first frame that does not fill it");
        }
        bytes.skip(paletteBytes(bytes.u8()));
        int bits = bytes.u8();
        if (bits < 2 || bits > 8) {
            throw Head.refused("is no GIF inside");
        }
        passBlocks();
        kept.keep(from, bytes.position());
    }

    private void passBlocks() throws IOException {
        for (int length = bytes.u8(); length > 0; length = bytes.u8()) {
            bytes.skip(length);
        }
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }
}
