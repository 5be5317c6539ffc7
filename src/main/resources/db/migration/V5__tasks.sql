-- What callers see of their tasks. The states are drawn in the package-info of dev.heddle.tasks.
create table tasks (
    id               uuid not null,
    name             text not null,
    kind             text not null,
    status           text not null default 'pending',
    data             json not null,
    unique_key       text,
    progress_current bigint not null default 0,
    progress_total   bigint not null default 0,
    -- Counts claims and never goes back: who claimed last owns the task, and nobody else may write of it.
    attempts         integer not null default 0,
    -- Tries that failed since the task was made or retried by a caller.
    failures         integer not null default 0,
    -- Attempts that were made before a caller retried it.
    attempts_before  integer not null default 0,
    created_at       timestamptz not null default now(),
    started_at       timestamptz,
    completed_at     timestamptz,
    result           json,
    error            text,
    constraint tasks_pkey primary key (id),
    constraint tasks_name_length check (char_length(name) between 1 and 200),
    constraint tasks_kind_length check (char_length(kind) between 1 and 50),
    constraint tasks_unique_key_length check (char_length(unique_key) between 1 and 200),
    constraint tasks_status_check check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
    constraint tasks_progress_range check (progress_current between 0 and progress_total),
    constraint tasks_attempts_range 
        check (attempts_before >= 0 and failures between 0 and attempts - attempts_before),
    constraint tasks_started_check check (status not in ('running', 'completed', 'failed')
        or started_at is not null and attempts > 0),
    constraint tasks_completed_check
        check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
    constraint tasks_result_check check (result is null or status = 'completed'),
    constraint tasks_error_check check (case status when 'completed' then error is null
        when 'failed' then error is not null else true end)
) with (fillfactor = 80);

-- Serves the lists by status, and the removal of what is finished; ids follow the time.
create index tasks_status_idx on tasks (status, id);

-- While a task with a key is not finished, no other of its kind can have the key.
create unique index tasks_unique_key_key on tasks (kind, unique_key)
    where unique_key is not null and status in ('pending', 'running');

-- The leases: a row for each task that is not finished, as db-scheduler 16.12 wants its table.
create table scheduled_tasks (
    task_name            text not null,
    task_instance        text not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint not null,
    constraint scheduled_tasks_pkey primary key (task_name, task_instance)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

create index scheduled_tasks_due_idx on scheduled_tasks (task_name, execution_time) where not picked;
create index scheduled_tasks_heartbeat_idx on scheduled_tasks (last_heartbeat) where picked;
