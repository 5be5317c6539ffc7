-- Secrets that sign what is handed out and comes back, such as cursors; the same on every node.
create table keys (
    name       text        not null,
    secret     bytea       not null,
    created_at timestamptz not null default now(),
    constraint keys_pkey primary key (name),
    constraint keys_secret_check check (octet_length(secret) = 32)
);
