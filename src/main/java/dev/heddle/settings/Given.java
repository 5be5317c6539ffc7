package dev.heddle.settings;

/// A value as somebody wrote it; `place` says where, in words that begin a sentence about it.
record Given(String text, String place) {
    Given {
        text = text.strip();
    }

    /// The refusal of this value, of which `complaint` is the rest of the sentence.
    CannotStart refused(String complaint) {
        return new CannotStart(place + " " + complaint);
    }
}
