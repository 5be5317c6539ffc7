package dev.heddle.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class PageTest {
    private final Cursors.Scope scope = new Cursors(new byte[32]).scope("numbers");

    @Test
    void aPageOfNothingIsTheLast() {
        assertEquals(new Page<>(List.of(), null, false), page(List.of(), 1));
    }

    @Test
    void asManyAsTheLimitAreTheLastPage() {
        assertEquals(new Page<>(List.of(1L, 2L), null, false), page(List.of(1L, 2L), 2));
    }

    @Test
    void oneMoreThanTheLimitIsLeftForTheNextPage() {
        Page<Long> page = page(List.of(1L, 2L, 3L), 2);

        assertEquals(List.of(1L, 2L), page.items());
        assertEquals(true, page.hasMore());
        assertEquals(2, scope.read(Optional.ofNullable(page.nextCursor())));
    }

    private Page<Long> page(List<Long> found, int limit) {
        return Page.of(found, limit, Long::longValue, scope);
    }
}
