package dev.heddle.runs;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.time.Duration;

import dev.heddle.settings.Page;

/// How tasks are claimed, watched and kept.
///
/// - `poll`: how often a node looks for tasks that others have made, or that are due again.
/// - `heartbeat`: how often it says of each task it runs that it lives. Four missed ones, looked for at every second,
///   and another node takes the task: after six heartbeats and a `poll` at the latest.
/// - `watch`: how often it looks whether what it runs was cancelled, and what others did to what is waited for here.
/// - `progress`: how often progress is written at the most.
/// - `backoff`: about how long after its first failure a task is tried again; doubled each time, up to `longestBackoff`.
/// - `grace`: how long tasks may go on when the node stops, before they are interrupted and handed back.
/// - `keep`: how long what is finished can be seen; looked for every `prune`.
public record RunSettings(Duration poll, Duration heartbeat, Duration watch, Duration progress, Duration backoff,
        Duration longestBackoff, Duration grace, Duration keep, Duration prune) {

    public static RunSettings read(Page page) {
        return new RunSettings(
                page.duration("poll", ofSeconds(1), ofMillis(10), ofMinutes(1)),
                page.duration("heartbeat", ofSeconds(4), ofMillis(50), ofMinutes(5)),
                page.duration("watch", ofMillis(500), ofMillis(10), ofMinutes(1)),
                page.duration("progress", ofMillis(100), ofMillis(10), ofMinutes(1)),
                page.duration("backoff", ofSeconds(1), ofMillis(1), ofHours(1)),
                page.duration("longest-backoff", ofMinutes(5), ofMillis(1), ofDays(1)),
                page.duration("grace", ofSeconds(5), ofMillis(1), ofHours(1)),
                page.duration("keep", ofDays(7), ofMillis(1), ofDays(3650)),
                page.duration("prune", ofMinutes(1), ofMillis(10), ofDays(1)));
    }

    public RunSettings {
        if (longestBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException("tasks.longest-backoff must be at least tasks.backoff");
        }
    }
}
