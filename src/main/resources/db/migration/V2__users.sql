create extension if not exists pg_trgm;

create table users (
    id         bigint generated always as identity constraint users_pkey primary key,
    username   text not null constraint users_username_length check (char_length(username) between 1 and 50),
    email      text not null constraint users_email_length check (char_length(email) between 3 and 100),
    full_name  text not null constraint users_full_name_length check (char_length(full_name) <= 100),
    age        integer constraint users_age_range check (age between 0 and 150),
    version    bigint not null default 1,
    created_at timestamptz not null default now()
);

-- Ada and ada are one person, and one GitHub login.
create unique index users_username_key on users (lower(username));
create unique index users_email_key on users (lower(email));

-- Serves "contains": a trigram index finds any three letters anywhere in a column.
create index users_search_idx on users using gin (username gin_trgm_ops, email gin_trgm_ops, full_name gin_trgm_ops);
