package dev.heddle.web;

import java.util.Locale;

/// The names of what bodies can hold (RFC 9110 section 8.3.1).
public final class MediaType {
    public static final String JSON = "application/json";
    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String CSV = "text/csv";
    public static final String EVENTS = "text/event-stream";
    public static final String TEXT = "text/plain";

    public static final String FORM = "multipart/form-data";

    private MediaType() {
    }

    /// The type and subtype that a `Content-Type` names, in lower case, without parameters.
    public static String of(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
