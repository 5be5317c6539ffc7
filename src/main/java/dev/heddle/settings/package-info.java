/// What the person who runs Heddle may decide: `app.yaml`, overridden by `HEDDLE_…` environment variables.
@NullMarked
package dev.heddle.settings;

import org.jspecify.annotations.NullMarked;
