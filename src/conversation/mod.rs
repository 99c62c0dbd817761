//! One conversation at a time: order, dedupe, persist, fan-out, handoff.
