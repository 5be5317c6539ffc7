package dev.heddle.pool;

/// How the pool stands at one moment: open connections, those of them idle and in use, threads in line, and how many
/// were turned away so far.
public record PoolStats(int size, int idle, int active, int waiting, long refused) {
}
