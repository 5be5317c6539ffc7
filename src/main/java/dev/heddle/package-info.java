/// The roof: reads the settings, wires the rooms, starts and stops the server.
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
