package dev.heddle.tasks;

import org.jspecify.annotations.Nullable;

/// A task to be: its kind, its data (an instance of the kind's type, or a JSON tree that says one), the name that people
/// see (the kind's where there is none), and a key that no other unfinished task of its kind can have.
public record NewTask(String kind, Object data, @Nullable String name, @Nullable String key) {
    private static final int LONGEST = 200;

    public NewTask {
        check(name);
        check(key);
    }

    public static NewTask of(String kind, Object data) {
        return new NewTask(kind, data, null, null);
    }

    /// Under this name, of 1 to 200 characters.
    public NewTask named(String newName) {
        return new NewTask(kind, data, newName, key);
    }

    /// Where an unfinished task of this kind has the key, of 1 to 200 characters, that one is meant, and no other made.
    public NewTask unique(String newKey) {
        return new NewTask(kind, data, name, newKey);
    }

    private static void check(@Nullable String text) {
        if (text != null && (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST)) {
            throw new IllegalArgumentException("a name or key has 1 to 200 characters");
        }
    }
}
