package dev.heddle.ranges;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.heddle.web.Failure;
import dev.heddle.web.Reply.Content;

/// `length` bytes of a content, from the one at `first` on (counted from 0).
public record ByteRange(long first, long length) {
    private static final Pattern UNIT = Pattern.compile("(?i)bytes=(.*)");
    private static final Pattern RANGE = Pattern.compile("([0-9]*)-([0-9]*)");
    // More digits than this are behind the end of anything.
    private static final int MOST_DIGITS = 18;

    /// The range that a request asks for by its `Range`, unless its `If-Range` says otherwise; empty for all of the content. So it is, too, where several ranges are asked
    /// for, where the content is not what the caller began with (`If-Range`), and where what stands in `Range` is not
    /// understood, which RFC 9110 section 14.2 wants to be ignored.
    ///
    /// @throws Failure if the range lies behind the end
    public static Optional<ByteRange> asked(Function<String, Optional<String>> headers, Content content) {
        Optional<String> range = headers.apply("Range");
        if (range.isEmpty() || !headers.apply("If-Range").map(tag -> isSame(tag, content)).orElse(true)) {
            return Optional.empty();
        }
        Matcher unit = UNIT.matcher(range.get().strip());
        if (!unit.matches()) {
            return Optional.empty();
        }
        List<String> ranges = Arrays.stream(unit.group(1).split(",")).map(String::strip).filter(s -> !s.isEmpty())
                .toList();
        return ranges.size() == 1 ? read(ranges.getFirst(), content.length()) : Optional.empty();
    }

    /// What `Content-Range` says of this range in a content of `total` bytes.
    public String of(long total) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + total;
    }

    /// Tags are compared strongly, so a weak one never matches; a date cannot either, since contents have none here (RFC
    /// 9110 section 13.1.5).
    private static boolean isSame(String tag, Content content) {
        return tag.strip().equals("\"" + content.tag() + "\"");
    }

    private static Optional<ByteRange> read(String text, long total) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches() || text.equals("-")) {
            return Optional.empty();
        }
        return range.group(1).isEmpty()
                ? Optional.of(last(number(range.group(2)), total))
                : between(number(range.group(1)), range.group(2), total);
    }

    private static ByteRange last(long count, long total) {
        if (count == 0 || total == 0) {
            throw behindTheEnd(total);
        }
        long length = Math.min(count, total);
        return new ByteRange(total - length, length);
    }

    private static Optional<ByteRange> between(long first, String end, long total) {
        long last = end.isEmpty() ? Long.MAX_VALUE : number(end);
        if (last < first) {
            return Optional.empty();
        }
        if (first >= total) {
            throw behindTheEnd(total);
        }
        return Optional.of(new ByteRange(first, Math.min(last, total - 1) - first + 1));
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    private static Failure behindTheEnd(long total) {
        return Failure.of(Failure.Kind.OUT_OF_RANGE, "there are only " + total + " bytes")
                .with(Map.of("Content-Range", "bytes */" + total));
    }
}
