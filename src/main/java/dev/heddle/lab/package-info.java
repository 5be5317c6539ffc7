/// The guides' own experiments: wait, compute, gather, gather a few at a time, block.
@NullMarked
package dev.heddle.lab;

import org.jspecify.annotations.NullMarked;
