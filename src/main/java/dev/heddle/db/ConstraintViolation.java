package dev.heddle.db;

/// A constraint refused what was to be written. [#constraint()] says which, by the name that the migration gave it.
public final class ConstraintViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String constraint;
    private final Kind kind;

    ConstraintViolation(String constraint, Kind kind, Throwable cause) {
        super("constraint " + constraint + " refused the change", cause);
        this.constraint = constraint;
        this.kind = kind;
    }

    public String constraint() {
        return constraint;
    }

    public Kind kind() {
        return kind;
    }

    public enum Kind {
        UNIQUE, FOREIGN_KEY, CHECK, NOT_NULL, EXCLUSION
    }
}
