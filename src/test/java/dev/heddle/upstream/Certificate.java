package dev.heddle.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate for one host, signed by itself and made for a test: with its key for the server, without it for those who
/// shall trust it.
public final class Certificate {
    /// Of the stores, which hold nothing worth a secret.
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "upstream";

    private final KeyStore keys;

    private Certificate(KeyStore keys) {
        this.keys = keys;
    }

    /// Has keytool of the running JDK make one for `host` in `folder`.
    public static Certificate of(String host, Path folder) throws IOException, GeneralSecurityException {
        Path file = Files.createTempDirectory(folder, "keys").resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "san=dns:" + host,
                "-validity", "2", "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD)
                .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.txt").toFile()).start();
        try {
            assertTrue(keytool.waitFor(30, TimeUnit.SECONDS), "keytool still runs");
            assertEquals(0, keytool.exitValue(), "keytool failed");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            keytool.destroyForcibly();
        }
        return new Certificate(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
    }

    /// With which a server shows it.
    public SSLContext serving() throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /// A new file in `folder` with those certificates, none of the keys, and nothing else: who trusts it trusts them.
    public static Path trustStore(Path folder, Certificate... trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Certificate certificate : trusted) {
            store.setCertificateEntry("trusted " + store.size(), certificate.keys.getCertificate(ALIAS));
        }
        Path file = Files.createTempFile(folder, "trust", ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
