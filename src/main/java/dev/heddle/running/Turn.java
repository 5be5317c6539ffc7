package dev.heddle.running;

/// A gathered call: at place `number`, from 0, of the gathering called `gathering`.
record Turn(String gathering, int number) {}
