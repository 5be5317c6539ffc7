package dev.heddle.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.heddle.running.Snapshot.RunningRequest;
import dev.heddle.server.ExchangeListener.Asked;

import org.junit.jupiter.api.Test;

class SurveyTest {
    private final List<Entry<Asked>> entries = new ArrayList<>(
            IntStream.range(0, 500).mapToObj(i -> new Entry<>(asked(i))).toList());

    @Test
    void othersComeInThePlacesOfThoseThatEndMeanwhile() {
        List<Entry<Asked>> seen = List.copyOf(entries);
        seen.subList(0, 450).forEach(entry -> entry.leave(entries));

        Snapshot snapshot = new Survey().of(seen);

        assertEquals(IntStream.range(450, 500).mapToObj(String::valueOf).toList(),
                snapshot.requests().stream().map(RunningRequest::id).sorted().toList());
    }

    @Test
    void aCallThatEndsMeanwhileIsNotShown() {
        Entry<Asked> request = entries.getFirst();
        var over = new Entry<>(new Turn("gather", 0));
        request.calls().add(over);
        over.leave(new ArrayList<>());
        new Entry<>(new Turn("gather", 1)).stand(request.calls());

        RunningRequest shown = new Survey().of(List.of(request)).requests().getFirst();

        assertEquals(List.of(1), shown.calls().stream().map(Snapshot.RunningCall::turn).toList());
    }

    private static Asked asked(int i) {
        return new Asked(String.valueOf(i), "GET", "/", _ -> Optional.empty());
    }
}
