package dev.heddle.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

import dev.heddle.web.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Cursors cursors = new Cursors(key(1));
    private final Cursors.Scope items = cursors.scope("items");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, 1L << 31, Long.MAX_VALUE})
    void aCursorLeadsBackToItsPlace(long id) {
        assertEquals(id, items.read(Optional.of(items.after(id))));
    }

    @Test
    void aCursorMayLeadToALongerId() {
        var id = new UUID(1, -2);
        String cursor = items.after(id);

        assertEquals(Optional.of(id), items.readUuid(Optional.of(cursor)));
        assertThrows(Failure.class, () -> items.read(Optional.of(cursor)));
        assertThrows(Failure.class, () -> items.readUuid(Optional.of(items.after(7))));
        assertThrows(Failure.class, () -> cursors.scope("users").readUuid(Optional.of(cursor)));
    }

    @Test
    void noCursorIsTheBeginning() {
        assertEquals(0, items.read(Optional.empty()));
        assertEquals(Optional.empty(), items.readUuid(Optional.empty()));
    }

    @Test
    void everyNodeWithTheSameKeyReadsIt() {
        var otherNode = new Cursors(key(1)).scope("items");

        assertEquals(7, otherNode.read(Optional.of(items.after(7))));
    }

    @Test
    void aCursorWithAnyBitFlippedIsRefused() {
        byte[] bytes = Base64.getUrlDecoder().decode(items.after(7));

        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] forged = bytes.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            refused(Base64.getUrlEncoder().withoutPadding().encodeToString(forged));
        }
    }

    @Test
    void aCursorWithAnyLetterChangedIsRefused() {
        String cursor = items.after(7);

        for (int i = 0; i < cursor.length(); i++) {
            for (char letter : LETTERS.toCharArray()) {
                if (letter != cursor.charAt(i)) {
                    refused(cursor.substring(0, i) + letter + cursor.substring(i + 1));
                }
            }
        }
    }

    @Test
    void aCursorCutAnywhereIsRefused() {
        String cursor = items.after(7);

        for (int length = 0; length < cursor.length(); length++) {
            refused(cursor.substring(0, length));
            refused(cursor.substring(cursor.length() - length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "A", "==", "\n", " ", "ä", "+"})
    void aCursorWithMoreBehindItIsRefused(String more) {
        refused(items.after(7) + more);
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        refused(cursors.scope("users").after(7));
        refused(cursors.scope("items ").after(7));
        refused(cursors.scope("").after(7));
    }

    @Test
    void aCursorOfAnotherKeyIsRefused() {
        refused(new Cursors(key(2)).scope("items").after(7));
    }

    @Test
    void aShortKeyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Cursors(new byte[31]));
    }

    private void refused(String cursor) {
        Failure failure = assertThrows(Failure.class, () -> items.read(Optional.of(cursor)), cursor);

        assertEquals(Failure.Kind.UNREADABLE, failure.kind());
    }

    private static byte[] key(int first) {
        var key = new byte[32];
        key[0] = (byte) first;
        return key;
    }
}
