//! The HTTP floor: router, limits, health, metrics, drain.
