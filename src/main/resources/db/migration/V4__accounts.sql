-- Amounts are whole minor units (cents), so that nothing is ever rounded.
create table accounts (
    id            bigint generated always as identity constraint accounts_pkey primary key,
    owner         text not null constraint accounts_owner_length check (char_length(owner) between 1 and 100),
    balance_minor bigint not null,
    created_at    timestamptz not null default now(),
    constraint accounts_balance_check check (balance_minor >= 0),
    -- Far below what a bigint holds, so that a balance plus an amount cannot overflow; and far above any amount, so
    -- that a transfer of too much is refused for the want of money on one side, and not for its wealth on the other.
    constraint accounts_balance_limit check (balance_minor <= 999999999999999999)
) with (fillfactor = 70);  -- room for the next version of a row on its own page, so that no index entry is written

-- What happened, and between whom: a transfer has two entries, whose sum is nothing; money that comes from outside or
-- goes there has one. The entries of an account sum up to its balance.
create table transactions (
    id           bigint generated always as identity constraint transactions_pkey primary key,
    kind         text not null
                 constraint transactions_kind_check check (kind in ('opening', 'deposit', 'withdraw', 'transfer')),
    amount_minor bigint not null constraint transactions_amount_check check (amount_minor between 1 and 999999999999999),
    created_at   timestamptz not null default now()
);

create table entries (
    transaction_id bigint not null constraint entries_transaction_id_fkey references transactions,
    account_id     bigint not null constraint entries_account_id_fkey references accounts,
    amount_minor   bigint not null constraint entries_amount_check check (amount_minor <> 0),
    constraint entries_pkey primary key (transaction_id, account_id)
);

create index entries_account_id_idx on entries (account_id, transaction_id);

-- What was answered to a request that bore an Idempotency-Key, so that it is answered the same when it comes again.
-- Written in the transaction of its effect, so `answer` is null only within that. `failure` is the kind of a refusal,
-- whose sentence is the answer then.
create table idempotency_keys (
    key         text not null constraint idempotency_keys_pkey primary key,
    fingerprint bytea not null constraint idempotency_keys_fingerprint_check check (octet_length(fingerprint) = 32),
    failure     text,
    answer      bytea,
    headers     bytea,
    created_at  timestamptz not null default now(),
    constraint idempotency_keys_key_length check (char_length(key) between 1 and 255)
);

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
