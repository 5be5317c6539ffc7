package dev.heddle.runs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Ledger;
import dev.heddle.claims.Ledger.Glance;
import dev.heddle.claims.Ledger.Step;

/// Keeps what runs here and what the database says of it together: writes progress of all tries in one statement, and
/// interrupts tries whose task was cancelled or is another's by now.
final class Watch implements AutoCloseable {
    private final Ledger ledger;
    private final Changes changes;
    private final Map<UUID, Try> running = new ConcurrentHashMap<>();
    private final Rounds writes;
    private final Rounds looks;

    Watch(Ledger ledger, Changes changes, RunSettings settings) {
        this.ledger = ledger;
        this.changes = changes;
        this.writes = new Rounds("task-progress", settings.progress(), this::write);
        this.looks = new Rounds("task-watch", settings.watch(), this::look);
    }

    void start() {
        writes.start();
        looks.start();
    }

    void add(Try one) {
        // A try that lost its task and still runs gives place to the one that has it now.
        Optional.ofNullable(running.put(one.claim().id(), one)).ifPresent(Try::interrupt);
    }

    void remove(Try one) {
        running.remove(one.claim().id(), one);
    }

    /// Interrupts the try of this task, if there is one here.
    void interrupt(UUID id) {
        Optional.ofNullable(running.get(id)).ifPresent(Try::interrupt);
    }

    /// How many tries are under way.
    int size() {
        return running.size();
    }

    void write() {
        var steps = new ArrayList<Step>();
        for (Try one : running.values()) {
            one.unwritten().ifPresent(reached -> steps.add(new Step(one.claim(), reached)));
        }
        if (!steps.isEmpty()) {
            Set<UUID> written = Set.copyOf(ledger.progress(steps));
            written.forEach(changes::tell);
            steps.stream().map(step -> step.claim().id()).filter(id -> !written.contains(id)).map(running::get)
                    .filter(Objects::nonNull).forEach(Try::rewrite);
        }
    }

    void look() {
        var ids = new HashSet<UUID>(running.keySet());
        ids.addAll(changes.watched());
        if (ids.isEmpty()) {
            return;
        }
        List<Try> before = List.copyOf(running.values());
        var seen = new ConcurrentHashMap<UUID, Glance>();
        ledger.look(ids).forEach(glance -> seen.put(glance.id(), glance));
        before.stream().filter(one -> !isOwner(one.claim(), seen)).forEach(Try::interrupt);
        seen.forEach(changes::tell);
    }

    private static boolean isOwner(Claim claim, Map<UUID, Glance> seen) {
        Glance glance = seen.get(claim.id());
        return glance != null && glance.status().equals("running") && glance.attempt() == claim.attempt();
    }

    @Override
    public void close() {
        looks.close();
        writes.close();
    }
}
