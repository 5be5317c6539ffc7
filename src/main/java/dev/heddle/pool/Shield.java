package dev.heddle.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/// Stands before a lent connection: who borrows it cannot end what belongs to the lender.
///
/// `close` and `setAutoCommit` do nothing, since DbClient and others call them by habit. `commit` and `rollback` are
/// refused: to ignore them would be a lie. A reflective proxy costs some 50 ns a call; a statement costs 25,000.
final class Shield implements InvocationHandler {
    private final Lease lease;
    private final Connection raw;

    Shield(Lease lease, Connection raw) {
        this.lease = lease;
        this.raw = raw;
    }

    static Connection proxy(InvocationHandler handler) {
        return (Connection) Proxy.newProxyInstance(Shield.class.getClassLoader(), new Class<?>[]{Connection.class},
                handler);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        lease.checkOwner();
        return switch (method.getName()) {
            case "close", "setAutoCommit" -> null;
            case "commit", "abort" -> throw refusal(method);
            case "rollback" -> arguments == null ? refuse(method) : pass(raw, method, arguments);
            case "prepareStatement" -> prepared(pass(raw, method, arguments));
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> pass(raw, method, arguments);
        };
    }

    private @Nullable Object prepared(@Nullable Object statement) throws SQLException {
        if (lease.fetchSize() > 0 && statement instanceof PreparedStatement prepared) {
            prepared.setFetchSize(lease.fetchSize());
        }
        return statement;
    }

    static @Nullable Object pass(Connection raw, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(raw, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object refuse(Method method) throws SQLException {
        throw refusal(method);
    }

    private static SQLException refusal(Method method) {
        return new SQLException("this connection is lent: who began the transaction may " + method.getName() + " it");
    }
}
