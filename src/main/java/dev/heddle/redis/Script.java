package dev.heddle.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A Lua script that runs on Redis as one step, between the commands of others, and returns whole numbers. Immutable.
public final class Script {
    private final byte[] text;
    private final byte[] digest;

    public Script(String lua) {
        this.text = lua.getBytes(StandardCharsets.UTF_8);
        this.digest = digest(text);
    }

    byte[] text() {
        return text.clone();
    }

    /// The name under which Redis knows a script that it has run before (`EVALSHA`).
    byte[] digest() {
        return digest.clone();
    }

    private static byte[] digest(byte[] text) {
        try {
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text);
            return HexFormat.of().formatHex(sha1).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
