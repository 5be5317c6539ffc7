package dev.heddle.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
    private static final long MOST_PIXELS = 25_000_000;

    @TempDir
    private Path folder;

    @Test
    void theSizeIsReadOfEachFormat() throws IOException {
        assertEquals(new Dimensions(40, 20), read(TestPictures.png(40, 20)).size());
        assertEquals(new Dimensions(41, 21), read(TestPictures.jpeg(41, 21)).size());
        assertEquals(new Dimensions(3, 2), read(TestPictures.gif(3, 2)).size());
        assertEquals(Format.GIF, read(TestPictures.gif(3, 2)).format());
    }

    @Test
    void whatIsNoPictureIsAWrongType() {
        assertRefused(Kind.UNSUPPORTED_TYPE, "");
        assertRefused(Kind.UNSUPPORTED_TYPE, "GIF88a" + "x".repeat(100));
        assertRefused(Kind.UNSUPPORTED_TYPE, "<svg xmlns='http://www.w3.org/2000/svg'/>");
        assertRefused(Kind.UNSUPPORTED_TYPE, "\u00ff\u00d8");
        Failure webp = assertRefused(Kind.UNSUPPORTED_TYPE, "RIFF\0\0\0\0WEBPVP8 ");
        assertTrue(webp.getMessage().startsWith("WebP is not read here"), webp::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif"})
    void aPictureThatIsCutAnywhereIsRefused(String format) throws IOException {
        byte[] whole = TestPictures.encoded(TestPictures.quarters(9, 7), format);
        read(whole);
        // A GIF's last byte is behind its first frame, where nobody looks.
        int end = format.equals("gif") ? whole.length - 1 : whole.length;

        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(Failure.class, () -> read(cut), () -> "cut at " + cut.length);
        }
    }

    @Test
    void nonsenseBehindTheFirstBytesIsRefusedAndNeverABug() throws IOException {
        var random = new Random(3);
        for (String format : new String[]{"png", "jpeg", "gif"}) {
            byte[] whole = TestPictures.encoded(TestPictures.quarters(30, 20), format);
            for (int round = 0; round < 2_000; round++) {
                byte[] broken = whole.clone();
                for (int i = 0; i < 3; i++) {
                    broken[6 + random.nextInt(broken.length - 6)] = (byte) random.nextInt();
                }
                try {
                    read(broken);
                } catch (Failure expected) {
                    assertTrue(expected.kind() == Kind.INVALID || expected.kind() == Kind.UNSUPPORTED_TYPE);
                }
            }
        }
    }

    @Test
    void pixelsAreCountedBeforeTheyAreDecoded() throws IOException {
        assertEquals(25_000_000, read(TestPictures.lyingPng(5_000, 5_000)).size().pixels());
        assertRefused(TestPictures.lyingPng(5_000, 5_001));
        assertRefused(TestPictures.lyingPng(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertRefused(TestPictures.lyingPng(-1, 1));
        assertRefused(TestPictures.lyingPng(0, 1));
        assertRefused(gif(65_535, 65_535, 1, 1));
        assertRefused(resized(TestPictures.jpeg(8, 8), 65_535, 65_535));
        assertEquals(new Dimensions(4_000, 3_000), read(resized(TestPictures.jpeg(8, 8), 4_000, 3_000)).size());
    }

    @Test
    void aPictureThatContradictsItselfIsRefused() {
        byte[] jpeg = TestPictures.jpeg(8, 8);
        byte[] frame = Arrays.copyOfRange(jpeg, frameAt(jpeg) + 4, frameAt(jpeg) + 19);
        byte[] png = TestPictures.png(8, 8);

        assertRefused(TestPictures.withSegment(jpeg, 0xC0, frame));
        assertRefused(TestPictures.with(png, Arrays.copyOfRange(png, 8, 33)));
        assertRefused(gif(10, 10, 9, 10));
        assertRefused(gif(10, 10, 10, 11));
    }

    @Test
    void whatNoDecoderHereKnowsIsRefused() {
        byte[] jpeg = TestPictures.jpeg(8, 8);
        int frame = frameAt(jpeg);

        assertRefused(changed(jpeg, frame + 1, 0xC9));
        assertRefused(changed(jpeg, frame + 1, 0xC3));
        assertRefused(changed(jpeg, frame + 4, 12));
        assertRefused(changed(jpeg, frame + 9, 4));
        assertRefused(changed(TestPictures.png(8, 8), 25, 5));
        assertRefused(changed(TestPictures.png(8, 8), 24, 3));
        assertRefused(changed(TestPictures.png(8, 8), 25, 3));
    }

    @Test
    void manyScansAreRefused() throws IOException {
        byte[] jpeg = TestPictures.jpeg(8, 8);
        int scan = find(jpeg, 0xDA);
        byte[] repeated = Arrays.copyOfRange(jpeg, scan, jpeg.length - 2);
        byte[] before = Arrays.copyOf(jpeg, scan);
        byte[] end = {(byte) 0xFF, (byte) 0xD9};

        assertEquals(new Dimensions(8, 8), read(TestPictures.together(before, times(repeated, 100), end)).size());
        assertRefused(TestPictures.together(before, times(repeated, 101), end));
    }

    @Test
    void onlyWhatMakesThePixelsIsKept() throws IOException {
        byte[] bomb = TestPictures.chunk("zTXt", "x\0\0".getBytes(StandardCharsets.US_ASCII));
        byte[] png = TestPictures.png(8, 8);
        byte[] jpeg = TestPictures.jpeg(8, 8);

        Head pngHead = read(TestPictures.with(png, bomb, bomb));
        Head jpegHead = read(TestPictures.withSegment(TestPictures.withSegment(jpeg, 0xFE, new byte[60_000]), 0xE1,
                TestPictures.exif(6, "52.5 N")));

        assertEquals(png.length, kept(pngHead));
        assertEquals(2, pngHead.segments().size());
        assertEquals(jpeg.length, kept(jpegHead));
    }

    @Test
    void pixelsInTooManyPiecesAreRefused() throws IOException {
        byte[] jpeg = TestPictures.jpeg(8, 8);
        byte[] comment = {(byte) 0xFF, (byte) 0xFE, 0, 2};
        byte[] restart = {(byte) 0xFF, (byte) 0xDD, 0, 4, 0, 0};
        byte[] start = Arrays.copyOf(jpeg, 2);
        byte[] rest = Arrays.copyOfRange(jpeg, 2, jpeg.length);

        read(TestPictures.together(start, times(TestPictures.together(comment, restart), 998), rest));
        assertRefused(TestPictures.together(start, times(TestPictures.together(comment, restart), 1_001), rest));
    }

    @Test
    void aCamerasNoteSaysHowItWasHeld() throws IOException {
        byte[] jpeg = TestPictures.jpeg(30, 20);

        assertEquals(new Dimensions(30, 20),
                read(TestPictures.withSegment(jpeg, 0xE1, TestPictures.exif(3, ""))).size());
        for (int orientation = 5; orientation <= 8; orientation++) {
            byte[] turned = TestPictures.withSegment(jpeg, 0xE1, TestPictures.exif(orientation, ""));
            assertEquals(new Dimensions(20, 30), read(turned).size());
            assertEquals(new Dimensions(30, 20), read(turned).stored());
        }
        for (int nonsense : new int[]{0, 9, -1, 600}) {
            assertEquals(Orientation.UPRIGHT, read(TestPictures.withSegment(jpeg, 0xE1,
                    TestPictures.exif(nonsense, ""))).orientation());
        }
    }

    @Test
    void aNoteThatIsNonsenseSaysNothing() throws IOException {
        byte[] note = TestPictures.exif(6, "");
        var random = new Random(5);
        for (int length = 6; length < note.length; length++) {
            read(TestPictures.withSegment(TestPictures.jpeg(30, 20), 0xE1, Arrays.copyOf(note, length)));
        }
        for (int round = 0; round < 5_000; round++) {
            byte[] broken = note.clone();
            broken[6 + random.nextInt(broken.length - 6)] = (byte) random.nextInt();
            Orientation.read(Arrays.copyOfRange(broken, 6, broken.length));
        }
    }

    @Test
    void aThumbnailKeepsTheShape() {
        assertEquals(new Dimensions(100, 50), new Dimensions(4_000, 2_000).within(100));
        assertEquals(new Dimensions(1, 100), new Dimensions(1, 10_000).within(100));
        assertEquals(new Dimensions(30, 20), new Dimensions(30, 20).within(30));
    }

    private Head read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("picture"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            return Head.read(channel, MOST_PIXELS);
        }
    }

    private void assertRefused(byte[] bytes) {
        assertEquals(Kind.INVALID, assertThrows(Failure.class, () -> read(bytes)).kind());
    }

    private Failure assertRefused(Kind kind, String latin) {
        Failure failure = assertThrows(Failure.class, () -> read(latin.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(kind, failure.kind());
        return failure;
    }

    private static long kept(Head head) {
        return head.segments().stream().mapToLong(Segment::length).sum();
    }

    private static byte[] gif(int width, int height, int frameWidth, int frameHeight) {
        byte[] gif = TestPictures.gif(10, 10);
        int frame = 13 + 3 * (2 << (gif[10] & 7));
        while (gif[frame] == 0x21) {
            frame += 8;
        }
        assertEquals(0x2C, gif[frame]);
        set(gif, 6, width);
        set(gif, 8, height);
        set(gif, frame + 5, frameWidth);
        set(gif, frame + 7, frameHeight);
        return gif;
    }

    private static void set(byte[] bytes, int at, int number) {
        bytes[at] = (byte) number;
        bytes[at + 1] = (byte) (number >> 8);
    }

    private static byte[] resized(byte[] jpeg, int width, int height) {
        byte[] changed = jpeg.clone();
        ByteBuffer.wrap(changed).putShort(frameAt(jpeg) + 5, (short) height).putShort(frameAt(jpeg) + 7, (short) width);
        return changed;
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static int frameAt(byte[] jpeg) {
        return find(jpeg, 0xC0);
    }

    private static int find(byte[] jpeg, int marker) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != marker) {
            at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
        }
        return at;
    }

    private static byte[] times(byte[] bytes, int count) {
        var many = new byte[count][];
        Arrays.fill(many, bytes);
        return TestPictures.together(many);
    }
}
