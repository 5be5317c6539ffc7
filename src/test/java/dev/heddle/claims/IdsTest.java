package dev.heddle.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;

import dev.heddle.claims.Claim.Reached;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @Test
    void anIdSaysItsTimeAndIsLikeNoOther() {
        long before = System.currentTimeMillis();
        var ids = new HashSet<UUID>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(Ids.next());
        }
        long after = System.currentTimeMillis();

        assertEquals(10_000, ids.size());
        for (UUID id : ids) {
            long millis = id.getMostSignificantBits() >>> 16;
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            assertTrue(millis >= before && millis <= after);
            assertEquals(Optional.of(id), Ids.read(id.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "01890000-0000-7000-8000-00000000000", "01890000-0000-7000-8000-0000000000000",
            "01890000-0000-7000-8000-00000000000G", "01890000-0000-7000-8000-00000000000A", "1-2-3-4-5"})
    void whatIsWrittenOtherwiseIsNoId(String text) {
        assertEquals(Optional.empty(), Ids.read(text));
    }

    @ParameterizedTest
    @CsvSource({"0,0,0,0,true", "1,2,0,0,true", "1,2,1,2,true", "1,4,1,2,false", "1,2,2,4,false", "2,4,1,2,true",
            "3,100,2,50,false", "3000000000,3000000000,2999999999,3000000000,true"})
    void progressIsAheadInStepsAndInParts(long current, long total, long before, long beforeTotal, boolean isAhead) {
        assertEquals(isAhead, new Reached(current, total).isAhead(new Reached(before, beforeTotal)));
    }
}
