package dev.heddle.postgres;

import java.io.IOException;

/// One of PostgreSQL's programs ended badly; the message bears the last line that it printed.
final class ToolFailed extends IOException {
    private static final long serialVersionUID = 1;

    ToolFailed(String tool, String output) {
        super(tool + ": " + output.lines().reduce((_, last) -> last).orElse("no reason given"));
    }
}
