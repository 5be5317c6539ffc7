package dev.heddle.observe;

/// How the pool of database connections stands, in the words of SQLAlchemy's pool, which the guides show: open
/// connections, those waiting for work, those in use, those beyond the pool's size (never any), and callers in line.
public record PoolStatus(int size, int checkedIn, int checkedOut, int overflow, int waiting) {}
