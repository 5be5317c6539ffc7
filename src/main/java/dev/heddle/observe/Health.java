package dev.heddle.observe;

import java.util.List;
import java.util.function.BooleanSupplier;

/// Whether the server lives, and whether it is ready: started, not stopping, and able to reach what it needs.
public final class Health {
    private final List<BooleanSupplier> needs;
    private volatile boolean isOpen;

    /// Each of `needs` is asked anew at every check, and must answer within a second.
    public Health(List<BooleanSupplier> needs) {
        this.needs = List.copyOf(needs);
    }

    /// From now on the server is ready as long as its needs are met.
    public void open() {
        isOpen = true;
    }

    /// From now on the server is not ready: it is stopping.
    public void shut() {
        isOpen = false;
    }

    public boolean isReady() {
        return isOpen && needs.stream().allMatch(BooleanSupplier::getAsBoolean);
    }
}
