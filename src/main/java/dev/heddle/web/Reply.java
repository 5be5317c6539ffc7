package dev.heddle.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.heddle.events.EventStream;

/// A handler's answer with what goes beside the value: a place, a version, headers. A handler that has none of these
/// returns the value itself.
///
/// Header values must be ours, never a caller's text: the server writes them as they are. Immutable.
public final class Reply {
    /// Writes an answer that is made piece by piece; runs on the request's thread.
    @FunctionalInterface
    public interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Sends the events of an answer that is a stream of them; runs on a virtual thread of its own, as long as it
    /// likes.
    @FunctionalInterface
    public interface Events {
        void sendTo(EventStream events) throws Exception;
    }

    /// Bytes of a known `length` that never change under their `tag` (letters, digits and dashes): it becomes a strong
    /// `ETag` (RFC 9110 section 8.8.3). The whole is given, or the one range of it that the caller asks for.
    public record Content(String mediaType, String tag, long length, Reader reader) {
        /// Writes `length` bytes from the one at `from` on (counted from 0); runs on the request's thread.
        @FunctionalInterface
        public interface Reader {
            void copy(long from, long length, OutputStream out) throws IOException;
        }
    }

    private final Object value;
    private final Map<String, String> headers;

    private Reply(Object value, Map<String, String> headers) {
        this.value = value;
        this.headers = headers;
    }

    public static Reply of(Object value) {
        return new Reply(value, Map.of());
    }

    /// An answer of the media type that the route declares, written by `stream`.
    public static Reply stream(Stream stream) {
        return of(stream);
    }

    /// An answer of server-sent events, sent by `events`. What it throws before the first of them, and within a second,
    /// is answered as a failure.
    public static Reply events(Events events) {
        return of(events);
    }

    /// An answer of the media type that `content` says, in whole or in part.
    public static Reply content(Content content) {
        return of(content).with("ETag", "\"" + content.tag() + "\"");
    }

    /// Where the thing that was made can be found: a path of ours.
    public Reply at(String location) {
        return with("Location", location);
    }

    /// Which version of the thing this is: becomes its `ETag`, which `If-Match` and `If-None-Match` compare.
    public Reply version(long version) {
        return with("ETag", "\"" + version + "\"");
    }

    public Reply with(String header, String text) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, text);
        return new Reply(value, Collections.unmodifiableMap(more));
    }

    public Reply with(Map<String, String> more) {
        var all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Reply(value, all);
    }

    public Object value() {
        return value;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /// Whether an `If-None-Match` of this value names this version, so that the caller has it already (RFC 9110 section
    /// 13.1.2: tags are compared weakly, and `*` names whatever there is). Never so without a version.
    public boolean isNamedBy(String ifNoneMatch) {
        String tag = headers.get("ETag");
        if (tag == null) {
            return false;
        }
        for (String each : ifNoneMatch.split(",")) {
            String named = each.strip();
            if (named.equals("*") || named.equals(tag) || named.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
