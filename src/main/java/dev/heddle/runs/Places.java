package dev.heddle.runs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// How many tasks of each kind may still be begun on this node. Places are taken by one thread only; any may free them.
final class Places {
    private final Map<String, Integer> sizes;
    private final Map<String, AtomicInteger> taken;
    // Kinds of which more may wait than there were places for.
    private final Set<String> crowded = ConcurrentHashMap.newKeySet();

    Places(List<Skill> skills) {
        this.sizes = skills.stream().collect(Collectors.toUnmodifiableMap(Skill::kind, Skill::atOnce));
        this.taken = skills.stream().collect(Collectors.toUnmodifiableMap(Skill::kind, _ -> new AtomicInteger()));
    }

    /// How many there are in all.
    int size() {
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// How many are free of each kind that has some. Until [#take] says better, more may wait of each.
    Map<String, Integer> free() {
        var free = new HashMap<String, Integer>();
        sizes.forEach((kind, size) -> {
            crowded.add(kind);
            int places = size - taken.get(kind).get();
            if (places > 0) {
                free.put(kind, places);
            }
        });
        return free;
    }

    /// Takes a place for each of `kinds`; what was `free` and is not taken nobody waits for.
    void take(Map<String, Integer> free, List<String> kinds) {
        var left = new HashMap<>(free);
        for (String kind : kinds) {
            taken.get(kind).incrementAndGet();
            left.merge(kind, -1, Integer::sum);
        }
        left.forEach((kind, places) -> {
            if (places > 0) {
                crowded.remove(kind);
            }
        });
    }

    /// Frees a place; returns whether somebody may wait for it.
    boolean leave(String kind) {
        taken.get(kind).decrementAndGet();
        return crowded.contains(kind);
    }
}
