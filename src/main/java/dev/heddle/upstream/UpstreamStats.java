package dev.heddle.upstream;

/// How an upstream stands at one moment: calls in flight, in line, turned away at the gate so far; whether its circuit is
/// open; calls repeated so far; connections kept for later.
public record UpstreamStats(int inFlight, int waiting, long refused, boolean isOpen, long retries, int kept) {}
