package dev.heddle.bench;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.common.socket.SocketOptions;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import tools.jackson.databind.json.JsonMapper;

/// The floor that Heddle is measured against: a Helidon handler that reads one item by id and writes it as JSON, with
/// nothing around it (no guard, no checks, no metrics, no deadline, no gate), by DbClient or by plain JDBC.
///
/// Arguments: `dbclient` or `jdbc`, the port, the JDBC URL.
public final class BareServer {
    private static final String SQL = "select id, name, description, price, created_at from items where id = ?";
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final JsonMapper MAPPER = new JsonMapper();

    private BareServer() {
    }

    interface Finder {
        Map<String, Object> find(long id) throws SQLException;
    }

    static void main(String[] args) {
        HikariDataSource pool = pool(args[2]);
        Finder finder = args[0].equals("dbclient") ? withDbClient(pool) : withJdbc(pool);
        WebServer.builder().host("127.0.0.1").port(Integer.parseInt(args[1]))
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .routing(HttpRouting.builder().get("/items/{id}", (request, response) -> response.header(JSON)
                        .send(MAPPER.writeValueAsBytes(finder.find(id(request))))))
                .build().start();
    }

    private static long id(ServerRequest request) {
        return Long.parseLong(request.path().pathParameters().get("id"));
    }

    private static HikariDataSource pool(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(20);
        return new HikariDataSource(config);
    }

    private static Finder withDbClient(HikariDataSource pool) {
        DbClient client = JdbcClientBuilder.create().connectionPool(() -> {
            try {
                return pool.getConnection();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }).build();
        return id -> {
            DbRow row = client.execute().createGet(SQL).addParam(id).execute().orElseThrow();
            return item(row.column("id").get(Long.class), row.column("name").get(String.class),
                    row.column("description").get(String.class), row.column("price").get(BigDecimal.class),
                    row.column("created_at").get(Timestamp.class));
        };
    }

    private static Finder withJdbc(HikariDataSource pool) {
        return id -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, id);
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    return item(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getBigDecimal(4),
                            rows.getTimestamp(5));
                }
            }
        };
    }

    private static Map<String, Object> item(long id, String name, String description, BigDecimal price,
            Timestamp created) {
        var item = new LinkedHashMap<String, Object>();
        item.put("id", id);
        item.put("name", name);
        item.put("description", description);
        item.put("price", price);
        item.put("created_at", created.toInstant().toString());
        return item;
    }
}
