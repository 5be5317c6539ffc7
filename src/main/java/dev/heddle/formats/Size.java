package dev.heddle.formats;

/// How large a picture is, in pixels; both sides are at least 1.
public record Size(int width, int height) {
    public Size {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(width + " x " + height);
        }
    }

    public long pixels() {
        return (long) width * height;
    }

    /// After a quarter turn.
    public Size turned() {
        return new Size(height, width);
    }

    /// The same shape as large as it can be with no side longer than `most`; this one if it is so already.
    public Size within(int most) {
        int longer = Math.max(width, height);
        return longer <= most
                ? this
                : new Size(scaled(width, most, longer), scaled(height, most, longer));
    }

    private static int scaled(int side, int most, int longer) {
        return Math.max(1, (int) Math.round((double) side * most / longer));
    }

    @Override
    public String toString() {
        return width + " x " + height;
    }
}
