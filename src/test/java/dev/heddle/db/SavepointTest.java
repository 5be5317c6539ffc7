package dev.heddle.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SavepointTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database DB = DATABASE.open();
    private static final String CONTEND = """
            do $$ begin raise exception 'in the way' using errcode = '40P01'; end $$
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
    void whatIsDoneBehindASavepointStays() {
        DB.inTransaction(tx -> {
            assertEquals(7, tx.savepoint(() -> {
                write("inside");
                return 7;
            }));
            return true;
        });

        assertEquals(List.of("inside"), notes());
    }

    @Test
    void aFailedStatementBehindASavepointUndoesThatPartOnly() {
        DB.inTransaction(tx -> {
            write("before");
            assertThrows(ConstraintViolation.class, () -> tx.savepoint(() -> {
                write("undone");
                write("before");
                return true;
            }));
            write("after");
            return true;
        });

        assertEquals(List.of("after", "before"), notes());
    }

    @Test
    void aFailureOfOnesOwnUndoesThePart() {
        DB.inTransaction(tx -> {
            assertThrows(ArithmeticException.class, () -> tx.savepoint(() -> {
                write("undone");
                throw new ArithmeticException();
            }));
            write("after");
            return true;
        });

        assertEquals(List.of("after"), notes());
    }

    @Test
    void savepointsStandWithinEachOther() {
        DB.inTransaction(tx -> tx.savepoint(() -> {
            write("outer");
            assertThrows(ConstraintViolation.class, () -> tx.savepoint(() -> {
                write("inner");
                write("outer");
                return true;
            }));
            write("after");
            return true;
        }));

        assertEquals(List.of("after", "outer"), notes());
    }

    @Test
    void whatFailedBeforeASavepointIsNotForgiven() {
        assertThrows(RuntimeException.class, () -> DB.inTransaction(tx -> {
            assertThrows(ArithmeticException.class, () -> DB.inTransaction(_ -> {
                throw new ArithmeticException();
            }));
            assertThrows(ConstraintViolation.class, () -> tx.savepoint(() -> {
                write("one");
                write("one");
                return true;
            }));
            return true;
        }));

        assertEquals(List.of(), notes());
    }

    @Test
    void whatWasToFollowTheCommitIsForgottenWithThePart() {
        var undone = new AtomicBoolean();
        var done = new AtomicBoolean();

        DB.inTransaction(tx -> {
            tx.afterCommit(() -> done.set(true));
            assertThrows(ArithmeticException.class, () -> tx.savepoint(() -> {
                tx.afterCommit(() -> undone.set(true));
                throw new ArithmeticException();
            }));
            return true;
        });

        assertTrue(done.get());
        assertFalse(undone.get());
    }

    @Test
    void contentionBehindASavepointRunsTheWholeAgain() {
        var tries = new AtomicInteger();

        DB.inTransaction(tx -> {
            write("try " + tries.incrementAndGet());
            return tx.savepoint(() -> tries.get() == 1 ? DB.update(CONTEND) : 0);
        });

        assertEquals(List.of("try 2"), notes());
    }

    @Test
    void aPassedDeadlineBehindASavepointEndsTheWhole() {
        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(300)).call(() -> DB.inTransaction(tx -> {
            write("before");
            assertThrows(DeadlinePassed.class, () -> tx.savepoint(() -> DB.update("select pg_sleep(20)")));
            return true;
        })));

        assertEquals(List.of(), notes());
    }

    private static void write(String note) {
        DB.update("insert into notes (note) values (?)", note);
    }

    private static List<String> notes() {
        return DB.list("select note from notes order by note", row -> row.text("note"));
    }
}
