package dev.heddle.formats;

/// How large a picture is, in pixels; both sides are at least 1.
public record Dimensions(int width, int height) {
    public Dimensions {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(width + " x " + height);
        }
    }

    public long pixels() {
        return (long) width * height;
    }

    /// After a quarter turn.
    public Dimensions turned() {
        return new Dimensions(height, width);
    }

    /// The same shape as large as it can be with no side longer than `most`; this one if it is so already.
    public Dimensions within(int most) {
        int longer = Math.max(width, height);
        return longer <= most
                ? this
                : new Dimensions(scaled(width, most, longer), scaled(height, most, longer));
    }

    private static int scaled(int side, int most, int longer) {
        return Math.max(1, (int) Math.round((double) side * most / longer));
    }

    @Override
    public String toString() {
        return width + " x " + height;
    }
}
