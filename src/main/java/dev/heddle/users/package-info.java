/// People: stored, searched, shown.
@NullMarked
package dev.heddle.users;

import org.jspecify.annotations.NullMarked;
