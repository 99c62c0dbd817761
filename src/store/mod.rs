//! Connections, migrations, the one writer with group commit. Never here: what any table means.
