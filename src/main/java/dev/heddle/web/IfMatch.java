package dev.heddle.web;

import java.util.List;
import java.util.regex.Pattern;

/// Which versions of a thing the caller is ready to overwrite (`If-Match`, RFC 9110 section 13.1.1).
///
/// An entity tag here is the version number in quotes; a tag that is not, or a weak one, matches nothing.
public record IfMatch(boolean isAny, List<Long> versions) {
    private static final Pattern TAG = Pattern.compile("\"([0-9]{1,18})\"");
    private static final IfMatch ANY = new IfMatch(true, List.of());

    public IfMatch {
        versions = List.copyOf(versions);
    }

    /// Every version: the header is absent, or `*`.
    public static IfMatch any() {
        return ANY;
    }

    /// The versions that the header's value names.
    public static IfMatch parse(String header) {
        if (header.strip().equals("*")) {
            return ANY;
        }
        List<Long> versions = Pattern.compile(",").splitAsStream(header).map(String::strip).map(TAG::matcher)
                .filter(matcher -> matcher.matches()).map(matcher -> Long.valueOf(matcher.group(1))).toList();
        return new IfMatch(false, versions);
    }

    /// Whether a thing of this version may be overwritten.
    public boolean matches(long version) {
        return isAny || versions.contains(version);
    }
}
