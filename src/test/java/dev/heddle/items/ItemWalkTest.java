package dev.heddle.items;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ItemWalkTest {
    private static final int WALKS = 20;

    @Test
    void walksNeitherSkipNorRepeatWhatIsThereAllTheTime() throws InterruptedException {
        try (TestApp app = TestApp.start(Map.of("HEDDLE_DB_GATE_QUEUE", "30s"))) {
            for (int i = 0; i < 100; i++) {
                app.createItem("there");
            }
            List<Long> there = walk(app);
            var isOver = new AtomicBoolean();
            Callable<Boolean> change = () -> {
                while (!isOver.get()) {
                    app.createItem("staying");
                    app.delete("/items/" + app.createItem("passing")).expect(204);
                }
                return true;
            };
            Callable<Boolean> walkOften = () -> {
                for (int i = 0; i < WALKS; i++) {
                    List<Long> met = walk(app);
                    assertEquals(met.stream().sorted().distinct().toList(), met);
                    assertEquals(there, met.stream().filter(there::contains).toList());
                }
                isOver.set(true);
                return true;
            };

            Gather.all(List.of(change, walkOften));
        }
    }

    /// The ids of all items, page by page.
    private static List<Long> walk(TestApp app) {
        var met = new ArrayList<Long>();
        JsonNode page = app.get("/items?limit=10").expect(200).json();
        page.get("items").forEach(item -> met.add(item.get("id").asLong()));
        while (page.get("has_more").asBoolean()) {
            page = app.get("/items?limit=10&cursor=" + page.get("next_cursor").asString()).expect(200).json();
            page.get("items").forEach(item -> met.add(item.get("id").asLong()));
        }
        return met;
    }
}
