package dev.heddle.images;

import dev.heddle.formats.Dimensions;

/// What is done to a picture.
public sealed interface Operation {
    /// Stretches or shrinks it to exactly this size.
    record Resize(Dimensions size) implements Operation {}

    /// Turns it clockwise. The picture becomes as large as it takes to hold all of it; what is new in its corners is
    /// transparent, or white where the format knows no transparency.
    record Rotate(int degrees) implements Operation {
        /// How many quarter turns clockwise that is, if it is a whole number of them.
        boolean isQuarterTurns() {
            return degrees % 90 == 0;
        }

        int quarterTurns() {
            return Math.floorMod(degrees / 90, 4);
        }
    }

    /// Shrinks it, in its own shape, until no side is longer than `longestSide`; a smaller one stays as it is.
    record Thumbnail(int longestSide) implements Operation {}

    /// How large a picture of size `before` is afterwards.
    default Dimensions after(Dimensions before) {
        return switch (this) {
            case Resize(Dimensions size) -> size;
            case Rotate turn when turn.isQuarterTurns() -> turn.quarterTurns() % 2 == 0 ? before : before.turned();
            case Rotate(int degrees) -> {
                double sine = Math.abs(Math.sin(Math.toRadians(degrees)));
                double cosine = Math.abs(Math.cos(Math.toRadians(degrees)));
                yield new Dimensions((int) Math.ceil(before.width() * cosine + before.height() * sine),
                        (int) Math.ceil(before.width() * sine + before.height() * cosine));
            }
            case Thumbnail(int longestSide) -> before.within(longestSide);
        };
    }
}
