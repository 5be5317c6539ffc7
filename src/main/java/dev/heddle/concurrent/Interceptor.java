package dev.heddle.concurrent;

import java.lang.ScopedValue.CallableOp;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/// Stands around each call that [Gather] makes in the work it is bound to, on the thread of that call: to give it a span, or
/// to note that it runs. It must be thread-safe, because gathered calls run at once.
public abstract class Interceptor {
    private static final ScopedValue<Interceptor> CURRENT = ScopedValue.newInstance();

    /// Makes `call`, which stands at place `turn`, from 0, of the gathering called `name`; returns what it returns and throws
    /// what it throws.
    public abstract <T extends @Nullable Object> T around(String name, int turn, Callable<? extends T> call)
            throws Exception;

    /// What becomes of `work` that the thread at hand hands over to another thread and waits for. Called on the first thread;
    /// what it returns is called on the other.
    public <T extends @Nullable Object> Callable<? extends T> handedOver(Callable<? extends T> work) {
        return work;
    }

    /// Runs `work`, in which, and in all that it gathers, this one stands around each call. Those that are bound already
    /// stand around it.
    public final <T extends @Nullable Object, X extends Throwable> T bind(CallableOp<? extends T, X> work) throws X {
        Interceptor bound = CURRENT.isBound() ? new Nested(CURRENT.get(), this) : this;
        return ScopedValue.where(CURRENT, bound).call(work);
    }

    /// `work` for another thread, with whatever is bound here bound there.
    public static <T extends @Nullable Object> Callable<? extends T> carried(Callable<? extends T> work) {
        if (!CURRENT.isBound()) {
            return work;
        }
        Interceptor bound = CURRENT.get();
        Callable<? extends T> handedOver = bound.handedOver(work);
        return () -> ScopedValue.where(CURRENT, bound).call(handedOver::call);
    }

    /// The one that is bound here, if any. Forks inherit it, so a gathering looks once for all of its calls.
    static @Nullable Interceptor current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    private static final class Nested extends Interceptor {
        private final Interceptor outer;
        private final Interceptor inner;

        Nested(Interceptor outer, Interceptor inner) {
            this.outer = outer;
            this.inner = inner;
        }

        @Override
        public <T extends @Nullable Object> T around(String name, int turn, Callable<? extends T> call)
                throws Exception {
            return outer.around(name, turn, () -> inner.around(name, turn, call));
        }

        @Override
        public <T extends @Nullable Object> Callable<? extends T> handedOver(Callable<? extends T> work) {
            return outer.handedOver(inner.handedOver(work));
        }
    }
}
