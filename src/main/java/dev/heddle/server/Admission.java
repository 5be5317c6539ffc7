package dev.heddle.server;

import java.util.Map;
import java.util.function.Supplier;

import dev.heddle.web.Failure;

/// Decides, before anything else is done for a request, whether its caller is let in.
///
/// Called on the request's thread; thread-safe.
@FunctionalInterface
public interface Admission {
    /// Lets everybody in.
    Admission EVERYBODY = (_, _) -> Map.of();

    /// Lets in the caller at the IP address that `peer` says, who asks for `route` (the path's pattern, or `unknown` where there is
    /// no such route), and returns headers for the answer, by name.
    ///
    /// @throws Failure if the caller is not let in
    Map<String, String> admit(Supplier<String> peer, String route);
}
