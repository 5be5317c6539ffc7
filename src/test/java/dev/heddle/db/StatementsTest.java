package dev.heddle.db;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.heddle.db.ConstraintViolation.Kind;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatementsTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database DB = DATABASE.open();

    @BeforeAll
    static void makeTables() {
        DB.update("""
                create table samples (
                    id int constraint samples_pkey primary key, number bigint, words text, amount numeric, seen timestamptz,
                    agreed boolean, raw bytea, tag uuid)
                """);
        DB.update("""
                create table rooms (
                    id int constraint rooms_pkey primary key,
                    parent int constraint rooms_parent_fkey references rooms,
                    size int not null constraint rooms_size_check check (size > 0),
                    span int4range,
                    constraint rooms_span_excl exclude using gist (span with &&))
                """);
        DB.update("insert into rooms values (1, null, 1, '[1,10)')");
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void everyParameterTypeComesBackAsItWent() {
        Instant seen = Instant.parse("2026-01-02T03:04:05.678901Z");
        UUID tag = UUID.randomUUID();
        String words = "größer 🧵 " + "x".repeat(100_000);
        byte[] raw = words.getBytes();

        long written = DB.update("insert into samples values (?, ?, ?, ?, ?, ?, ?, ?)", 1, Long.MAX_VALUE, words,
                new BigDecimal("12345678901234567890.12"), seen, true, raw, tag);

        assertEquals(1, written);
        assertEquals(1,
                DB.list("select id from samples where tag = ? and seen = ?", row -> row.integer("id"), tag, seen)
                        .size());
        for (int round = 0; round < 10; round++) { // before and after the driver prepares the statement on the server
            DB.one("select * from samples where id = ?", row -> {
                assertEquals(1, row.integer("id"));
                assertEquals(Long.MAX_VALUE, row.number("number"));
                assertEquals(words, row.text("words"));
                assertEquals(new BigDecimal("12345678901234567890.12"), row.decimal("amount"));
                assertEquals(seen, row.instant("seen"));
                assertTrue(row.flag("agreed"));
                assertArrayEquals(raw, row.bytes("raw"));
                assertEquals(tag, row.uuid("tag"));
                return row;
            }, 1).orElseThrow();
        }
    }

    @Test
    void nullsComeBackAsNulls() {
        DB.update("insert into samples values (?, ?, ?, ?, ?, ?, ?, ?)", 2, null, null, null, null, null, null, null);

        DB.one("select * from samples where id = 2", row -> {
            assertNull(row.numberOrNull("number"));
            assertNull(row.textOrNull("words"));
            assertNull(row.decimalOrNull("amount"));
            assertNull(row.instantOrNull("seen"));
            assertNull(row.bytesOrNull("raw"));
            assertThrows(DatabaseFailure.class, () -> row.text("words"));
            return row;
        }).orElseThrow();
    }

    @Test
    void arraysWriteManyRowsByOneStatement() {
        List<String> read = DB.list("""
                select word || ' ' || number || ' ' || amount as line
                from unnest(cast(? as text[]), cast(? as bigint[]), cast(? as numeric[])) as t(word, number, amount)
                """, row -> row.text("line"), new String[]{"a", "b,\"{"}, new Long[]{1L, 2L},
                new BigDecimal[]{new BigDecimal("0.10"), new BigDecimal("1E+3")});

        assertEquals(List.of("a 1 0.10", "b,\"{ 2 1000"), read);
    }

    @Test
    void oneGivesTheFirstRowOrNothing() {
        assertEquals(Optional.of(1L), DB.one("select 1 as n union all select 2", row -> row.number("n")));
        assertEquals(Optional.empty(), DB.one("select 1 as n where false", row -> row.number("n")));
    }

    @Test
    void aForeignParameterTypeIsRefusedBeforeAConnectionIsTaken() {
        for (Object foreign : List.of(LocalDate.EPOCH, Kind.CHECK, 'c', 1.5, new int[0], List.of())) {
            assertThrows(IllegalArgumentException.class, () -> DB.update("select ?", foreign));
        }

        assertEquals(0, DB.stats().active());
    }

    @Test
    void failingStatementsLeakNoConnection() {
        Database two = DATABASE.open(DATABASE.settings(2));

        for (int round = 0; round < 20; round++) {
            assertThrows(DatabaseFailure.class, () -> two.update("select ?, ?", 1));
            assertThrows(DatabaseFailure.class, () -> two.one("select 1 as n", row -> row.number("m")));
            assertThrows(DatabaseFailure.class, () -> two.list("select * from nowhere", row -> row));
            assertThrows(ArithmeticException.class,
                    () -> two.list("select 1 as n", row -> Math.toIntExact(Long.MAX_VALUE)));
        }

        assertEquals(Optional.of(1L), two.one("select 1 as n", row -> row.number("n")));
        assertEquals(0, two.stats().active());
    }

    @Test
    void aRowReaderCannotAskForASecondConnection() {
        Row.Reader<Long> asking = _ -> DB.one("select 1 as n", row -> row.number("n")).orElseThrow();

        assertThrows(IllegalStateException.class, () -> DB.list("select 1 as n", asking));
        assertThrows(IllegalStateException.class, () -> DB.one("select 1 as n", row -> DB.inTransaction(_ -> 1)));
    }

    @Test
    void aConstraintIsNamedWithItsKind() {
        assertViolation("rooms_pkey", Kind.UNIQUE, "insert into rooms values (1, null, 1)");
        assertViolation("rooms_parent_fkey", Kind.FOREIGN_KEY, "insert into rooms values (2, 99, 1)");
        assertViolation("rooms_size_check", Kind.CHECK, "insert into rooms values (2, null, 0)");
        assertViolation("rooms.size", Kind.NOT_NULL, "insert into rooms values (2, null, null)");
        assertViolation("rooms_span_excl", Kind.EXCLUSION, "insert into rooms values (2, null, 1, '[9,11)')");
    }

    private static void assertViolation(String constraint, Kind kind, String sql) {
        ConstraintViolation violation = assertThrows(ConstraintViolation.class, () -> DB.update(sql));

        assertEquals(constraint, violation.constraint());
        assertEquals(kind, violation.kind());
    }

    @Test
    void eachHandsRowsOnWithoutReadingThemAll() {
        var read = new ArrayList<Long>();

        assertThrows(IOException.class,
                () -> DB.each("select generate_series(1, 1000000000) as n", row -> row.number("n"), n -> {
                    read.add(n);
                    if (n == 5000) {
                        throw new IOException("enough");
                    }
                }));

        assertEquals(5000, read.size());
        assertEquals(0, DB.stats().active());
    }

    @Test
    void eachCannotWrite() {
        assertThrows(DatabaseFailure.class,
                () -> DB.each("insert into rooms values (3, null, 1) returning id", row -> row.number("id"), _ -> {
                }));

        assertFalse(DB.one("select 1 as n from rooms where id = 3", row -> row.number("n")).isPresent());
        assertEquals(1, DB.update("insert into rooms values (4, null, 1)"),
                "the next user of the connection may write");
    }

    @Test
    void hotStatementsArePreparedOnTheServer() {
        Database one = DATABASE.open(DATABASE.settings(1));

        for (int round = 0; round < 5; round++) {
            one.one("select cast(? as bigint) as hot", row -> row.number("hot"), 1L);
        }

        assertEquals(Optional.of(1L),
                one.one("select count(*) as n from pg_prepared_statements where statement like '%as hot%'",
                        row -> row.number("n")));
    }
}
