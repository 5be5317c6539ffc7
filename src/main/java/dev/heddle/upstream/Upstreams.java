package dev.heddle.upstream;

import java.util.List;
import java.util.function.Supplier;

import dev.heddle.settings.Settings;

/// The other people's APIs that this server calls. Each has its own connections, gate, circuit and retry budget, so that
/// one that fails takes nothing from the others. Callers of ours never choose a host.
public final class Upstreams implements AutoCloseable {
    /// The settings of each.
    public record All(UpstreamSettings github, UpstreamSettings posts, UpstreamSettings external) {
        /// The public ones by default, and the lab upstream for `external`.
        public static All read(Settings settings) {
            return new All(UpstreamSettings.read(settings.page("upstream.github"), "https://api.github.com"),
                    UpstreamSettings.read(settings.page("upstream.posts"), "https://jsonplaceholder.typicode.com"),
                    UpstreamSettings.read(settings.page("upstream.external"), UpstreamSettings.LAB));
        }

        private boolean needLab() {
            return github.isLab() || posts.isLab() || external.isLab();
        }

        private All withLabAt(String address) {
            return new All(github.withLabAt(address), posts.withLabAt(address), external.withLabAt(address));
        }
    }

    private final Upstream github;
    private final Upstream posts;
    private final Upstream external;

    private Upstreams(All settings) {
        github = Upstream.open("github", settings.github());
        posts = Upstream.open("posts", settings.posts());
        external = Upstream.open("external", settings.external());
    }

    /// Connects to none yet. `lab` starts the lab upstream and says its address; it is asked only if a setting names it.
    public static Upstreams open(All settings, Supplier<String> lab) {
        return new Upstreams(settings.needLab() ? settings.withLabAt(lab.get()) : settings);
    }

    public Github github() {
        return new Github(github);
    }

    /// Articles: `posts/1`.
    public Upstream posts() {
        return posts;
    }

    /// Any API, that has `data`.
    public Upstream external() {
        return external;
    }

    public List<Upstream> all() {
        return List.of(github, posts, external);
    }

    @Override
    public void close() {
        all().forEach(Upstream::close);
    }
}
