package dev.heddle.jdbc;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/// What may be bound to a `?`, checked before a connection is taken.
public final class Parameters {
    private Parameters() {
    }

    /// The same values as the driver wants them.
    ///
    /// @throws IllegalArgumentException if one is of a type that is not known to work
    public static List<@Nullable Object> checked(@Nullable Object... parameters) {
        var bound = new @Nullable Object[parameters.length];
        for (int index = 0; index < parameters.length; index++) {
            bound[index] = checked(parameters[index]);
        }
        return Arrays.asList(bound);
    }

    private static @Nullable Object checked(@Nullable Object parameter) {
        return switch (parameter) {
            case null -> null;
            case String _,Integer _,Long _,BigDecimal _,Boolean _ -> parameter;
            case byte[] _,String[] _,Long[] _ -> parameter;
            case BigDecimal[] decimals -> Arrays.stream(decimals).map(BigDecimal::toPlainString).toArray(String[]::new);
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case UUID uuid -> typed("uuid", uuid.toString());
            default -> throw new IllegalArgumentException("a " + parameter.getClass().getName() + " cannot be bound");
        };
    }

    // DbClient would send a UUID as text, which PostgreSQL does not compare with one.
    private static PGobject typed(String type, String text) {
        var value = new PGobject();
        value.setType(type);
        try {
            value.setValue(text);
        } catch (SQLException e) {
            throw new IllegalArgumentException(text, e);
        }
        return value;
    }
}
