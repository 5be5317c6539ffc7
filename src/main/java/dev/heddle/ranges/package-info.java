/// Which part of a content a request asks for (RFC 9110 section 14).
@NullMarked
package dev.heddle.ranges;

import org.jspecify.annotations.NullMarked;
