package dev.heddle.web;

/// What may stand in a text that is stored.
public final class PlainText {
    private PlainText() {
    }

    /// Whether PostgreSQL stores `text` and gives it back as it was: it cannot store `\u0000` (error 22021), and its
    /// driver sends half of a surrogate pair as `?`.
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean isPaired = Character.isHighSurrogate(c) && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPaired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
