package dev.heddle;

/// The program.
public final class Main {
    private Main() {
    }
    static void main() { System.out.println("hi"); }
}
