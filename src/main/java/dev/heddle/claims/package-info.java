/// Who owns which task, as the database knows it: each claim of a task ends the claim before.
@NullMarked
package dev.heddle.claims;

import org.jspecify.annotations.NullMarked;
