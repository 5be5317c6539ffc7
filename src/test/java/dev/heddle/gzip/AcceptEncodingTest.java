package dev.heddle.gzip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.gzip.AcceptEncoding.Choice;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    /// RFC 9110 section 12.5.3, its examples among them.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                    | PLAIN
            ' '                                   | PLAIN
            gzip                                  | GZIP
            GZip                                  | GZIP
            x-gzip                                | GZIP
            compress, gzip                        | GZIP
            gzip, deflate, br, zstd               | GZIP
            br                                    | PLAIN
            deflate, br                           | PLAIN
            identity                              | PLAIN
            *                                     | GZIP
            *;q=0                                 | PLAIN
            compress;q=0.5, gzip;q=1.0            | GZIP
            gzip;q=1.0, identity; q=0.5, *;q=0    | GZIP
            gzip;q=0                              | PLAIN
            gzip;q=0.0                            | PLAIN
            gzip;q=0.000                          | PLAIN
            gzip;q=0, *                           | PLAIN
            gzip;q=0.001                          | GZIP
            br, *;q=0.1                           | GZIP
            gzip;q=0.5, identity                  | PLAIN
            gzip;q=0.5, identity;q=0.5            | GZIP
            gzip;q=0.5, identity;q=0.501          | PLAIN
            gzip, identity;q=0                    | ONLY_GZIP
            gzip, *;q=0                           | ONLY_GZIP
            identity;q=0                          | PLAIN
            identity;q=0, *                       | ONLY_GZIP
            gzip;q=0, identity;q=0                | PLAIN
            gzip ; q=0                            | PLAIN
            gzip;Q=0                              | PLAIN
            gzip;q=2                              | PLAIN
            gzip;q=-1                             | PLAIN
            gzip;q=0.0001                         | PLAIN
            gzip;q=abc                            | PLAIN
            gzip;q                                | PLAIN
            gzip;level=9                          | PLAIN
            gzipped                               | PLAIN
            ,,gzip,,                              | GZIP
            gzip;q=abc, gzip                      | GZIP
            ;                                     | PLAIN
            """)
    void theCallerGetsWhatItTakes(String header, Choice choice) {
        assertEquals(choice, AcceptEncoding.choice(header));
    }
}
