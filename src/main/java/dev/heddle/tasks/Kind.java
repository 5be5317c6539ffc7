package dev.heddle.tasks;

/// A kind of task: its name, the type of its data (a record, or `JsonNode` for any JSON), how it is tried, and what it does.
///
/// Callers may ask for it by `POST /tasks`, unless it [#isInternal]; a record that callers fill in is public and says
/// `@Valid`, so that its constraints are known.
public record Kind<D>(String name, Class<D> data, Rules rules, Work<D> work, boolean isInternal) {
    private static final int LONGEST_NAME = 50;

    public Kind {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a kind's name has 1 to 50 characters, not '" + name + "'");
        }
    }

    public Kind(String name, Class<D> data, Rules rules, Work<D> work) {
        this(name, data, rules, work, false);
    }

    /// The same kind, which only the house itself enqueues.
    public Kind<D> internal() {
        return new Kind<>(name, data, rules, work, true);
    }
}
