/// Work that survives a restart, reports progress, can be cancelled and retried.
///
/// A task is always in one of these states; constraints of the table `tasks` hold them, and each statement that changes a
/// task names the state that it comes from:
///
/// ```
///  enqueue        a node claims it        the work returns
/// ─────────▶ pending ─────────▶ running ─────────────────▶ completed
///              │ ▲                │ │ ▲
///              │ │  tried again,  │ │ │ its node is gone:
///              │ │  handed back   │ │ │ another node claims it
///              │ ╰────────────────┤ ╰─╯
///       cancel │                  │ the work failed for good
///              │                  ├─────────────────▶ failed
///              │                  │ cancel              │
///              ╰──────────────────┴─▶ cancelled         │
///                                        │    retry     │
///              pending ◀─────────────────┴──────────────╯
/// ```
///
/// Each claim raises `attempts`, and whatever a try writes is written only while that number is its own: a node that was
/// frozen, or thought dead, can do nothing to a task that another has taken over.
@NullMarked
package dev.heddle.tasks;

import org.jspecify.annotations.NullMarked;
