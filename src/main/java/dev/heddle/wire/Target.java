package dev.heddle.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import dev.heddle.web.Failure;

/// The path and the query of a request, decoded strictly (RFC 3986 section 2.1; UTF-8 as RFC 3629 has it).
public final class Target {
    private Target() {
    }

    /// The parts of `rawPath` between slashes. A trailing slash shows as an empty last part; `/` has no part.
    ///
    /// @throws Failure if the path does not begin with a slash, or a part of it is cut or not UTF-8, is `.` or `..`, or
    ///         hides a slash, a backslash or a control character
    public static List<String> segments(String rawPath) {
        if (!rawPath.startsWith("/")) {
            throw Failure.unreadable("the path does not begin with a slash");
        }
        var segments = new ArrayList<String>(4);
        int from = 1;
        while (from < rawPath.length()) {
            int slash = rawPath.indexOf('/', from);
            int to = slash < 0 ? rawPath.length() : slash;
            segments.add(segment(rawPath.substring(from, to)));
            from = to + 1;
            if (slash == rawPath.length() - 1) {
                segments.add("");
            }
        }
        return segments;
    }

    /// The values that `rawQuery` gives by name; of a name given twice, the last.
    ///
    /// @throws Failure if it is cut or not UTF-8
    public static Map<String, String> query(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return Map.of();
        }
        var values = new HashMap<String, String>();
        for (String pair : rawQuery.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            values.put(decode(name.replace('+', ' ')), decode(value.replace('+', ' ')));
        }
        return values;
    }

    private static String segment(String raw) {
        String text = decode(raw);
        if (isHiding(text) || text.equals(".") || text.equals("..")) {
            throw Failure.unreadable("the path holds what no path of ours does");
        }
        return text;
    }

    private static boolean isHiding(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                return true;
            }
        }
        return false;
    }

    private static String decode(String raw) {
        checkAscii(raw);
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes(raw).flip()).toString();
        } catch (CharacterCodingException _) {
            throw Failure.unreadable("the address is not UTF-8");
        }
    }

    private static ByteBuffer bytes(String raw) {
        var bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
            } else if (isHexDigit(raw, i + 1) && isHexDigit(raw, i + 2)) {
                bytes.put((byte) HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else {
                throw Failure.unreadable("the address holds a percent sign without two hexadecimal digits");
            }
        }
        return bytes;
    }

    private static boolean isHexDigit(String text, int at) {
        return at < text.length() && HexFormat.isHexDigit(text.charAt(at));
    }

    /// Helidon reads each byte that is not ASCII as U+FFFD, so that two different addresses would look alike.
    private static void checkAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                throw Failure.unreadable("the address holds a byte that should be percent-encoded");
            }
        }
    }
}
