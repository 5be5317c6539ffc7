package dev.heddle.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.heddle.formats.Dimensions;
import dev.heddle.formats.Format;
import dev.heddle.formats.Head;
import dev.heddle.formats.TestPictures;
import dev.heddle.images.Operation.Resize;
import dev.heddle.images.Operation.Rotate;
import dev.heddle.images.Operation.Thumbnail;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
    @TempDir
    private Path folder;

    @Test
    void aPictureStaysInItsFormatButAGifBecomesAPng() throws IOException {
        assertEquals(Format.PNG, decode(TestPictures.png(8, 6)).format());
        assertEquals(Format.JPEG, decode(TestPictures.jpeg(8, 6)).format());
        assertEquals(Format.PNG, decode(TestPictures.gif(8, 6)).format());
        byte[] start = Arrays.copyOf(encoded(decode(TestPictures.jpeg(8, 6))), Format.TELLING_BYTES);
        assertEquals(Format.JPEG, Format.of(start));
    }

    @Test
    void eachOperationHasTheSizeThatWasForetold() throws IOException {
        Picture picture = decode(TestPictures.png(60, 40));
        for (Operation operation : List.of(new Resize(new Dimensions(7, 90)), new Resize(new Dimensions(1, 1)),
                new Thumbnail(30), new Thumbnail(500), new Thumbnail(1), new Rotate(0), new Rotate(90), new Rotate(-90),
                new Rotate(180), new Rotate(360), new Rotate(45), new Rotate(-1), new Rotate(271))) {
            assertEquals(operation.after(picture.size()), picture.after(operation).size(), operation::toString);
        }
        assertEquals(new Dimensions(30, 20), new Thumbnail(30).after(picture.size()));
        assertEquals(new Dimensions(71, 71), new Rotate(45).after(picture.size()));
    }

    @ParameterizedTest
    @CsvSource({"90, BRYG", "-90, GYRB", "180, YBGR", "270, GYRB", "360, RGBY", "0, RGBY"})
    void aQuarterTurnIsClockwiseAndMovesEveryPixel(int degrees, String corners) throws IOException {
        BufferedImage turned = image(decode(TestPictures.png(8, 6)).after(new Rotate(degrees)));

        assertEquals(corners, corners(turned));
    }

    @Test
    void fourQuarterTurnsChangeNoPixel() throws IOException {
        var noise = new BufferedImage(31, 17, BufferedImage.TYPE_INT_ARGB);
        var random = new Random(1);
        for (int i = 0; i < 31 * 17; i++) {
            noise.setRGB(i % 31, i / 31, random.nextInt());
        }
        Picture picture = decode(TestPictures.encoded(noise, "png"));
        Picture turned = picture;
        for (int i = 0; i < 4; i++) {
            turned = turned.after(new Rotate(90));
        }
        assertSamePixels(image(picture), image(turned));
    }

    @Test
    void whatIsNewInTheCornersIsTransparentOrWhite() throws IOException {
        BufferedImage png = image(decode(TestPictures.png(60, 40)).after(new Rotate(30)));
        BufferedImage jpeg = image(decode(TestPictures.jpeg(60, 40)).after(new Rotate(30)));

        assertEquals(0, png.getRGB(0, 0) >>> 24);
        assertTrue(new Color(jpeg.getRGB(0, 0)).getGreen() > 240);
        assertEquals("RGBY", corners(png.getSubimage(png.getWidth() / 2 - 9, png.getHeight() / 2 - 9, 18, 18)));
    }

    @ParameterizedTest
    @CsvSource({"1, RGBY", "2, GRYB", "3, YBGR", "4, BYRG", "5, RBGY", "6, BRYG", "7, YGBR", "8, GYRB"})
    void aPictureIsTurnedAsItsCameraWasHeld(int orientation, String corners) throws IOException {
        byte[] jpeg = TestPictures.withSegment(TestPictures.jpeg(64, 48), 0xE1, TestPictures.exif(orientation, ""));

        Picture picture = decode(jpeg);

        assertEquals(corners, corners(image(picture)));
        assertEquals(orientation < 5 ? new Dimensions(64, 48) : new Dimensions(48, 64), picture.size());
    }

    @Test
    void nothingThatTheFileSaysBesideThePixelsComesOut() throws IOException {
        byte[] jpeg = TestPictures.withSegment(
                TestPictures.withSegment(TestPictures.jpeg(64, 48), 0xFE,
                        "N 52 secret".getBytes(StandardCharsets.UTF_8)),
                0xE1, TestPictures.exif(1, "N 52 secret"));
        byte[] png = TestPictures.with(TestPictures.png(64, 48),
                TestPictures.chunk("tEXt", "Location\0N 52 secret".getBytes(StandardCharsets.UTF_8)));

        for (byte[] file : List.of(jpeg, png)) {
            String out = new String(encoded(decode(file)), StandardCharsets.ISO_8859_1);
            assertFalse(out.contains("secret"));
            assertFalse(out.contains("Exif"));
        }
    }

    @Test
    void everyKindOfPngKeepsItsColours() throws IOException {
        var alpha = new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB);
        alpha.setRGB(4, 4, 0x40_FF_80_00);
        var palette = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_INDEXED);
        palette.setRGB(4, 4, 0xFF_33_66_99);
        var bits = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_BINARY);
        bits.setRGB(4, 4, -1);
        var grey = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(4, 4, 0, 128);
        var deepGrey = new BufferedImage(9, 9, BufferedImage.TYPE_USHORT_GRAY);
        deepGrey.getRaster().setSample(4, 4, 0, 128 * 257);

        assertEquals(0x40_FF_80_00, middle(alpha));
        assertEquals(0xFF_33_66_99, middle(palette));
        assertEquals(-1, middle(bits));
        assertEquals(0xFF_80_80_80, middle(grey));
        assertEquals(0xFF_80_80_80, middle(deepGrey));
        assertEquals(0xC8_80_80_80, middle(custom(ColorSpace.CS_GRAY, DataBuffer.TYPE_BYTE, 128, 200)));
        assertEquals(0xC8_80_80_80, middle(custom(ColorSpace.CS_GRAY, DataBuffer.TYPE_USHORT, 0x8080, 0xC8C8)));
        assertEquals(0xC0_80_40_FF,
                middle(custom(ColorSpace.CS_sRGB, DataBuffer.TYPE_USHORT, 0x8080, 0x4040, 0xFFFF, 0xC0C0)));
    }

    @Test
    void aResizedPictureLooksAsBefore() throws IOException {
        for (byte[] file : List.of(TestPictures.png(600, 400), TestPictures.jpeg(600, 400),
                TestPictures.gif(600, 400))) {
            assertEquals("RGBY", corners(image(decode(file).after(new Thumbnail(50)))));
            assertEquals("RGBY", corners(image(decode(file).after(new Resize(new Dimensions(900, 100))))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif"})
    void pixelsThatAreNonsenseAreRefusedAndNeverABug(String format) {
        byte[] whole = TestPictures.encoded(TestPictures.quarters(30, 20), format);
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] broken = whole.clone();
            for (int i = 0; i < 4; i++) {
                broken[13 + random.nextInt(broken.length - 13)] = (byte) random.nextInt();
            }
            try {
                decode(broken);
            } catch (Failure _) {
                refused++;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void fewerPixelsThanSaidAreRefused() {
        assertThrows(Failure.class, () -> decode(TestPictures.lyingPng(3_000, 3_000)));
    }

    /// Where there is a palette, the JDK's decoder would inflate these to a gigabyte.
    @Test
    void compressedNotesAreNotInflated() throws IOException {
        var palette = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_INDEXED);
        byte[] bomb = TestPictures.chunk("zTXt", TestPictures.together(new byte[]{'x', 0, 0},
                TestPictures.deflated(new byte[50 << 20])));
        byte[][] bombs = new byte[40][];
        Arrays.fill(bombs, bomb);

        assertEquals(new Dimensions(9, 9),
                decode(TestPictures.with(TestPictures.encoded(palette, "png"), bombs)).size());
    }

    @Test
    void anInterruptEndsTheWork() throws IOException {
        byte[] png = TestPictures.png(2_000, 1_000);
        Picture picture = decode(png);

        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> picture.encode(new ByteArrayOutputStream()));
        assertTrue(Thread.interrupted());
    }

    private int middle(BufferedImage image) throws IOException {
        return image(decode(TestPictures.encoded(image, "png"))).getRGB(4, 4);
    }

    private static BufferedImage custom(int space, int type, int... samples) {
        var model = new ComponentColorModel(ColorSpace.getInstance(space), true, false, Transparency.TRANSLUCENT, type);
        WritableRaster raster = model.createCompatibleWritableRaster(9, 9);
        raster.setPixel(4, 4, samples);
        return new BufferedImage(model, raster, false, null);
    }

    /// The colours in the four corners, a little inside: above from left to right, then below.
    private static String corners(BufferedImage image) {
        int right = image.getWidth() - 2;
        int bottom = image.getHeight() - 2;
        return letter(image.getRGB(1, 1)) + letter(image.getRGB(right, 1)) + letter(image.getRGB(1, bottom))
                + letter(image.getRGB(right, bottom));
    }

    private static String letter(int rgb) {
        var colour = new Color(rgb);
        boolean isRed = colour.getRed() > 127;
        boolean isGreen = colour.getGreen() > 127;
        return isRed && isGreen ? "Y" : isRed ? "R" : isGreen ? "G" : "B";
    }

    private static void assertSamePixels(BufferedImage one, BufferedImage other) {
        assertEquals(one.getWidth(), other.getWidth());
        for (int i = 0; i < one.getWidth() * one.getHeight(); i++) {
            int x = i % one.getWidth();
            int y = i / one.getWidth();
            assertEquals(one.getRGB(x, y), other.getRGB(x, y), x + ", " + y);
        }
    }

    private static BufferedImage image(Picture picture) throws IOException {
        return TestPictures.decoded(encoded(picture));
    }

    private static byte[] encoded(Picture picture) throws IOException {
        var out = new ByteArrayOutputStream();
        picture.encode(out);
        return out.toByteArray();
    }

    private Picture decode(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("picture"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            return Picture.decode(channel, Head.read(channel, 25_000_000));
        }
    }
}
