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
    /// @throws Failure if a part is cut or not UTF-8, is `.` or `..`, or hides a slash, a backslash or a control
    ///         character
    public static List<String> segments(String rawPath) {
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
        boolean isHiding = text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (isHiding || text.equals(".") || text.equals("..")) {
            throw Failure.unreadable("the path holds what no path of ours does");
        }
        return text;
    }

    private static String decode(String raw) {
        if (raw.indexOf('%') < 0 && isAscii(raw)) {
            return raw;
        }
        byte[] in = raw.getBytes(StandardCharsets.ISO_8859_1);
        var out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
            } else if (i + 2 < in.length && HexFormat.isHexDigit(in[i + 1]) && HexFormat.isHexDigit(in[i + 2])) {
                out.put((byte) (HexFormat.fromHexDigit(in[i + 1]) << 4 | HexFormat.fromHexDigit(in[i + 2])));
                i += 2;
            } else {
                throw Failure.unreadable("the address holds a percent sign without two hexadecimal digits");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException _) {
            throw Failure.unreadable("the address is not UTF-8");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
