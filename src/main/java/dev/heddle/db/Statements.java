package dev.heddle.db;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.heddle.pool.Lease;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcParametersConfig;
import org.jspecify.annotations.Nullable;

/// Runs statements through Helidon's DbClient, on the connection that the current thread was lent.
final class Statements {
    private static final int PORTION = 1000;

    private final ScopedValue<Lease> lease;
    private final DbClient client;

    Statements(ScopedValue<Lease> lease) {
        this.lease = lease;
        // Strings and bytes go as values: a stream could not be sent again after the statement was described.
        this.client = JdbcClientBuilder.create().connectionPool(() -> lease.get().connection()).parametersSetter(
                JdbcParametersConfig.builder().useStringBinding(false).useByteArrayBinding(false).build()).build();
    }

    DbClient client() {
        return client;
    }

    <T> List<T> list(String sql, Row.Reader<T> reader, List<@Nullable Object> parameters) {
        var list = new ArrayList<T>();
        try (Stream<DbRow> rows = query(sql, parameters)) {
            rows.forEach(row -> list.add(reader.read(new Row(row))));
        }
        return List.copyOf(list);
    }

    <T> Optional<T> one(String sql, Row.Reader<T> reader, List<@Nullable Object> parameters) {
        return client.execute().createNamedGet("one", sql).params(parameters).execute()
                .map(row -> reader.read(new Row(row)));
    }

    long update(String sql, List<@Nullable Object> parameters) {
        return client.execute().createNamedDmlStatement("update", sql).params(parameters).execute();
    }

    <T, X extends Exception> void each(String sql, Row.Reader<T> reader, Row.Sink<T, X> sink,
            List<@Nullable Object> parameters) throws X {
        lease.get().fetch(PORTION);
        try (Stream<DbRow> rows = query(sql, parameters)) {
            for (Iterator<DbRow> each = rows.iterator(); each.hasNext();) {
                sink.accept(reader.read(new Row(each.next())));
            }
        } finally {
            lease.get().fetch(0);
        }
    }

    private Stream<DbRow> query(String sql, List<@Nullable Object> parameters) {
        return client.execute().createNamedQuery("list", sql).params(parameters).execute();
    }
}
