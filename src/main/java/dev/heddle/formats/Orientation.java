package dev.heddle.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How a picture must be moved to be seen as it was taken: first mirrored left to right, if it is, then turned clockwise.
public record Orientation(boolean isMirrored, int quarterTurns) {
    public static final Orientation UPRIGHT = new Orientation(false, 0);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    /// What a camera's note says (Exif 2.32, section 4.6.4, "Orientation"; `exif` begins with the TIFF header). A note that
    /// cannot be read says nothing.
    static Orientation read(byte[] exif) {
        var note = ByteBuffer.wrap(exif);
        if (exif.length < 8) {
            return UPRIGHT;
        }
        note.order(note.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long at = Integer.toUnsignedLong(note.getInt(4));
        if (at + 2 > exif.length) {
            return UPRIGHT;
        }
        int entries = Short.toUnsignedInt(note.getShort((int) at));
        for (int i = 0; i < entries; i++) {
            int entry = (int) at + 2 + i * ENTRY_BYTES;
            if (entry + ENTRY_BYTES > exif.length) {
                return UPRIGHT;
            }
            if (Short.toUnsignedInt(note.getShort(entry)) == TAG && note.getShort(entry + 2) == SHORT) {
                return numbered(note.getShort(entry + 8));
            }
        }
        return UPRIGHT;
    }

    private static Orientation numbered(int number) {
        return switch (number) {
            case 2 -> new Orientation(true, 0);
            case 3 -> new Orientation(false, 2);
            case 4 -> new Orientation(true, 2);
            case 5 -> new Orientation(true, 3);
            case 6 -> new Orientation(false, 1);
            case 7 -> new Orientation(true, 1);
            case 8 -> new Orientation(false, 3);
            default -> UPRIGHT;
        };
    }

    /// How large a picture of `size` is after it was moved so.
    public Dimensions applied(Dimensions size) {
        return quarterTurns % 2 == 0 ? size : size.turned();
    }
}
