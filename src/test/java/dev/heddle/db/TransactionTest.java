package dev.heddle.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.gates.Unavailable;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database DB = DATABASE.open();
    private static final String CONTEND = """
            do $$ begin raise exception 'in the way' using errcode = '40001'; end $$
            """;

    @BeforeEach
    void makeTable() {
        DB.update("drop table if exists notes");
        DB.update("create table notes (note text constraint notes_note_key unique)");
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void databaseDbClientAndDataSourceShareTheConnection() {
        List<Long> pids = DB.inTransaction(_ -> List.of(pid(), pidByDbClient(), pidByDataSource(), pid()));

        assertEquals(1, pids.stream().distinct().count(), pids.toString());
    }

    @Test
    void rollbackTakesBackWhatAllThreeWrote() {
        assertThrows(ArithmeticException.class, () -> DB.inTransaction(_ -> {
            writeByAllThree();
            throw new ArithmeticException();
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void commitKeepsWhatAllThreeWrote() {
        DB.inTransaction(_ -> {
            writeByAllThree();
            return true;
        });

        assertEquals(List.of("client", "database", "source"), notes());
    }

    @Test
    void borrowersCannotEndTheTransaction() {
        assertThrows(ArithmeticException.class, () -> DB.inTransaction(_ -> {
            try (Connection connection = DB.dataSource().getConnection()) {
                connection.setAutoCommit(true);
                write("kept?");
                assertThrows(SQLException.class, connection::commit);
                assertThrows(SQLException.class, connection::rollback);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            assertEquals(List.of("kept?"), notes());
            throw new ArithmeticException();
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void aDataSourceOutsideATransactionIsItsOwnMaster() throws SQLException {
        try (Connection connection = DB.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into notes values ('by hand')");
            connection.commit();
            statement.execute("insert into notes values ('left open')");
        }

        assertEquals(List.of("by hand"), notes());
        assertEquals(0, DB.stats().active());
    }

    @Test
    void aNestedTransactionJoins() {
        assertThrows(ArithmeticException.class, () -> DB.inTransaction(_ -> {
            long inner = DB.inTransaction(_ -> {
                write("inner");
                return pid();
            });
            assertEquals(pid(), inner);
            throw new ArithmeticException();
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void aSwallowedStatementFailureIsNotCommitted() {
        write("taken");

        DatabaseFailure failure = assertThrows(DatabaseFailure.class, () -> DB.inTransaction(_ -> {
            write("lost");
            assertThrows(ConstraintViolation.class, () -> write("taken"));
            return true;
        }));

        assertInstanceOf(ConstraintViolation.class, failure.getCause());
        assertEquals(List.of("taken"), notes());
    }

    @Test
    void aStatementThatFailsBehindOurBackIsNotCommitted() {
        assertThrows(DatabaseFailure.class, () -> DB.inTransaction(_ -> {
            write("lost");
            try (Connection connection = DB.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThrows(SQLException.class, () -> statement.execute("select * from nowhere"));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return true;
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void aSwallowedFailureOfNestedWorkIsNotCommitted() {
        assertThrows(DatabaseFailure.class, () -> DB.inTransaction(_ -> {
            assertThrows(ArithmeticException.class, () -> DB.inTransaction(_ -> {
                write("half");
                throw new ArithmeticException();
            }));
            return true;
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void anotherThreadCannotUseIt() {
        DB.inTransaction(_ -> {
            List<Callable<?>> uses = List.of(() -> write("elsewhere"), () -> DB.dataSource().getConnection(),
                    () -> DB.inTransaction(_ -> true));
            for (Outcome<?> outcome : settled(uses)) {
                assertThrows(IllegalStateException.class, outcome::orThrow);
            }
            return true;
        });

        assertEquals(List.of(), notes());
    }

    private static List<? extends Outcome<?>> settled(List<Callable<?>> calls) {
        try {
            return Gather.settle(calls);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void actionsRunAfterTheCommitAndOnlyThen() {
        var seen = new ArrayList<List<String>>();

        DB.inTransaction(tx -> {
            tx.afterCommit(() -> seen.add(notes()));
            tx.afterCommit(() -> {
                throw new ArithmeticException();
            });
            DB.inTransaction(inner -> {
                inner.afterCommit(() -> seen.add(List.of("inner")));
                return true;
            });
            write("kept");
            assertTrue(seen.isEmpty());
            return true;
        });
        assertThrows(ArithmeticException.class, () -> DB.inTransaction(tx -> {
            tx.afterCommit(() -> seen.add(List.of("never")));
            throw new ArithmeticException();
        }));

        assertEquals(List.of(List.of("kept"), List.of("inner")), seen);
    }

    @Test
    void workThatOthersWereInTheWayOfIsDoneAgain() {
        var tries = new AtomicInteger();
        var actions = new AtomicInteger();

        DB.inTransaction(tx -> {
            tx.afterCommit(actions::incrementAndGet);
            write("note");
            if (tries.incrementAndGet() < 4) {
                DB.update(CONTEND);
            }
            return true;
        });

        assertEquals(4, tries.get());
        assertEquals(1, actions.get());
        assertEquals(List.of("note"), notes());
    }

    @Test
    void afterFourTriesTheDatabaseIsBusy() {
        var tries = new AtomicInteger();

        Unavailable busy = assertThrows(Unavailable.class, () -> DB.inTransaction(_ -> {
            tries.incrementAndGet();
            return DB.update(CONTEND);
        }));

        assertEquals(4, tries.get());
        assertEquals("the database is busy", busy.getMessage());
        assertThrows(Unavailable.class, () -> DB.update(CONTEND));
    }

    @Test
    void whatIsWalkedIsNotWalkedTwice() {
        DB.update("""
                create or replace function contend() returns int language plpgsql as
                $$ begin raise exception 'in the way' using errcode = '40001'; end $$
                """);

        Unavailable busy = assertThrows(Unavailable.class,
                () -> DB.each("select contend() as n", row -> row.number("n"), _ -> {
                }));

        assertEquals("the database is busy", busy.getMessage());
    }

    @Test
    void aDeadlockIsResolvedByTryingAgain() throws Exception {
        write("a");
        write("b");
        var bothHoldOne = new CyclicBarrier(2);
        var isFirstTry = ThreadLocal.withInitial(() -> true);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> one = threads.submit(() -> lockBoth("a", "b", bothHoldOne, isFirstTry));
            Future<Boolean> other = threads.submit(() -> lockBoth("b", "a", bothHoldOne, isFirstTry));

            assertTrue(one.get());
            assertTrue(other.get());
        }
    }

    private static boolean lockBoth(String first, String second, CyclicBarrier bothHoldOne,
            ThreadLocal<Boolean> isFirstTry) {
        return DB.inTransaction(_ -> {
            lock(first);
            if (isFirstTry.get()) {
                isFirstTry.set(false);
                meet(bothHoldOne);
            }
            lock(second);
            return true;
        });
    }

    private static void lock(String note) {
        DB.one("select note from notes where note = ? for update", row -> row.text("note"), note);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aConnectionLostWithinIsUnavailableAndReplaced() {
        Unavailable away = assertThrows(Unavailable.class, () -> DB.inTransaction(_ -> {
            write("lost");
            return DB.update("select pg_terminate_backend(pg_backend_pid())");
        }));

        assertEquals("the database cannot be reached", away.getMessage());
        for (int round = 0; round < 10; round++) {
            assertEquals(List.of(), notes());
        }
    }

    @Test
    void aConnectionLostBeforeTheCommitIsUnavailableAndNotTriedAgain() {
        var tries = new AtomicInteger();

        assertThrows(Unavailable.class, () -> DB.inTransaction(_ -> {
            tries.incrementAndGet();
            write("lost");
            terminate(pid());
            return true;
        }));

        assertEquals(1, tries.get());
        assertEquals(List.of(), notes());
    }

    private static void terminate(long pid) {
        try {
            Executors.newVirtualThreadPerTaskExecutor().submit(() -> {
                try (var other = DriverManager.getConnection(DATABASE.jdbcUrl());
                        var statement = other.createStatement()) {
                    return statement.execute("select pg_terminate_backend(" + pid + ", 5000)");
                }
            }).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static long pid() {
        return DB.one("select pg_backend_pid() as pid", row -> row.number("pid")).orElseThrow();
    }

    private static long pidByDbClient() {
        return DB.client().execute().get("select pg_backend_pid() as pid").orElseThrow().column("pid")
                .get(Integer.class);
    }

    private static long pidByDataSource() {
        try (Connection connection = DB.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void writeByAllThree() {
        write("database");
        DB.client().execute().insert("insert into notes values ('client')");
        try (Connection connection = DB.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into notes values ('source')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long write(String note) {
        return DB.update("insert into notes values (?)", note);
    }

    private static List<String> notes() {
        return DB.list("select note from notes order by note", row -> row.text("note"));
    }
}
