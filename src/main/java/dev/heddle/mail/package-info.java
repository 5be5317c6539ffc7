/// Mail on its way out: through an SMTP server, or into a folder. Says of each mail what is known of it afterwards.
///
/// It stands on `settings`, because which server is for the person to say, and on `concurrent` for the deadline.
@NullMarked
package dev.heddle.mail;

import org.jspecify.annotations.NullMarked;
