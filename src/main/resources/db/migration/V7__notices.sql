-- The mails of a task, one to each address. Whoever sends one says so first, so that after a crash it is known which
-- may have been sent: these are reported, and never sent again.
--
--            is begun            the server took it
--   pending ─────────▶ sending ─────────────────────▶ sent
--      ▲                 │ │ │  it refused it for good, or put it off too often
--      │ it put it off   │ │ ╰──────────────────────────────────────────────────▶ failed
--      ╰─────────────────╯ │  no answer, or the program was killed meanwhile
--                          ╰─────────────────────────────────────────────────────▶ unknown
create table mails (
    task_id  uuid not null constraint mails_task_id_fkey references tasks (id) on delete cascade,
    position integer not null,
    address  text not null constraint mails_address_length check (char_length(address) between 3 and 254),
    state    text not null default 'pending',
    -- How often the server was asked to take it.
    tries    integer not null default 0 constraint mails_tries_range check (tries >= 0),
    -- The try of the task that began it last: only that one may say how it ended.
    attempt  integer not null default 0,
    reason   text not null default '' constraint mails_reason_length check (char_length(reason) <= 200),
    constraint mails_pkey primary key (task_id, position),
    constraint mails_state_check check (state in ('pending', 'sending', 'sent', 'failed', 'unknown')),
    constraint mails_begun_check check (state = 'pending' or tries > 0 and attempt > 0)
) with (fillfactor = 70);

-- One mail to one address, whatever its case.
create unique index mails_address_key on mails (task_id, lower(address));

-- What was done, for people to read; written by a task, at most once for each.
create table activity (
    id         bigint generated always as identity constraint activity_pkey primary key,
    task_id    uuid not null constraint activity_task_id_key unique,
    entry      text not null constraint activity_entry_length check (char_length(entry) between 1 and 500),
    created_at timestamptz not null default now()
);
