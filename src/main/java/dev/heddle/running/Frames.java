package dev.heddle.running;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a stack tells a person, in a handful of frames.
///
/// A stack of 60 frames has few that matter: the innermost outside of the JDK (a driver, if any), the one that our code
/// called, and our own down to the handler, one for each class in a row. What every request stands on, and the deadlines in
/// between, tell nothing.
final class Frames {
    private static final int MOST = 8;
    private static final String HOUSE = "dev.heddle.";
    private static final String BOTTOM = Running.class.getName();
    private static final String DEADLINE = "dev.heddle.concurrent.Deadline";

    private Frames() {
    }

    /// At most eight frames of `stack`, the innermost first, such as `dev.heddle.lab.Waits.sleep(Waits.java:27)`.
    static List<String> telling(StackTraceElement[] stack) {
        int ours = firstOfOurs(stack);
        var told = new ArrayList<>(othersAbove(stack, ours));
        String last = "";
        for (int i = ours; i < stack.length && told.size() < MOST && !isBottom(stack[i]); i++) {
            String type = outermost(stack[i]);
            if (isOurs(stack[i]) && !type.equals(last)) {
                told.add(text(stack[i]));
                last = type;
            }
        }
        return List.copyOf(told);
    }

    /// What our code called, and the innermost frame of a library in it, if there is one.
    private static List<String> othersAbove(StackTraceElement[] stack, int ours) {
        if (ours == 0) {
            return List.of();
        }
        String called = text(stack[ours - 1]);
        return Arrays.stream(stack, 0, ours - 1).filter(frame -> !isJdk(frame)).findFirst()
                .map(frame -> List.of(text(frame), called)).orElse(List.of(called));
    }

    /// A class with all that is nested in it.
    private static String outermost(StackTraceElement frame) {
        return frame.getClassName().split("[$]", 2)[0];
    }

    private static int firstOfOurs(StackTraceElement[] stack) {
        int i = 0;
        while (i < stack.length && !isOurs(stack[i]) && !isBottom(stack[i])) {
            i++;
        }
        return i;
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().startsWith(HOUSE) && !frame.getClassName().startsWith(DEADLINE);
    }

    private static boolean isBottom(StackTraceElement frame) {
        return outermost(frame).equals(BOTTOM);
    }

    private static boolean isJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static String text(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }
}
