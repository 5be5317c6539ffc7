package dev.heddle.upstream;

import java.util.regex.Pattern;

import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Unavailable;
import dev.heddle.web.Failure;

import tools.jackson.databind.node.ObjectNode;

/// The people of GitHub (docs.github.com, REST API, "Get a user").
public final class Github {
    /// Letters, digits and hyphens, at most 39 (what GitHub's sign-up asks for).
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})");

    private final Upstream upstream;

    Github(Upstream upstream) {
        this.upstream = upstream;
    }

    /// What GitHub tells of the user `login`, as it stands.
    ///
    /// @throws Failure        if there is no such user, or as [Upstream#get(String...)] does
    /// @throws Unavailable    as [Upstream#get(String...)] does
    /// @throws DeadlinePassed as [Upstream#get(String...)] does
    public ObjectNode user(String login) throws InterruptedException {
        if (!LOGIN.matcher(login).matches()) {
            throw Failure.notFound("github has no user of this name");
        }
        return upstream.get("users", login).orElseThrow(() -> Failure.notFound("github has no user " + login));
    }
}
