package dev.heddle.redis;

/// What Redis answered. That it holds nothing and that it cannot be asked are two things: who mistakes the second for
/// the first takes a silence for a fact.
public sealed interface Answer<T> {
    /// Redis holds this, or did what was asked with this outcome.
    record Value<T>(T value) implements Answer<T> {}

    /// Redis holds nothing at the key.
    record Miss<T>() implements Answer<T> {}

    /// There is no Redis, or it did not answer in time, or it refused. Whether it did what was asked is not known.
    record Away<T>() implements Answer<T> {}
}
