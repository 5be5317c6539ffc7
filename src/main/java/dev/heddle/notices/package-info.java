/// E-mail in the background: one, or many with progress, each address once, also after a crash; and the log of what was
/// done.
@NullMarked
package dev.heddle.notices;

import org.jspecify.annotations.NullMarked;
