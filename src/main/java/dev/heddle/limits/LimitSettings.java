package dev.heddle.limits;

import java.time.Duration;

import dev.heddle.settings.Page;

/// Whether each client address has a limit over everything that it asks, and which; and how many clients one node
/// remembers for each limit.
public record LimitSettings(boolean isPerClient, Limit perClient, int mostClients) {
    public LimitSettings {
        if (mostClients < 1) {
            throw new IllegalArgumentException("mostClients " + mostClients);
        }
    }

    public static LimitSettings read(Page page) {
        var limit = new Limit(page.integer("requests", 100, 1, Limit.MOST_REQUESTS),
                page.duration("window", Duration.ofMinutes(1), Limit.SHORTEST, Limit.LONGEST));
        return new LimitSettings(page.flag("per-client", false), limit,
                page.integer("clients", 50_000, 1, 10_000_000));
    }
}
