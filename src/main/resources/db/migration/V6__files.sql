-- What people upload. The last task that works on it, or did, is not referred to: finished tasks are removed after a while.
create table files (
    id         uuid constraint files_pkey primary key,
    name       text constraint files_name_length check (char_length(name) between 1 and 255),
    task_id    uuid not null,
    created_at timestamptz not null default now()
);

-- A picture as it was uploaded, or what was made of it. It never changes: a new result is a new row.
create table pictures (
    id         uuid constraint pictures_pkey primary key,
    file_id    uuid not null constraint pictures_file_id_fkey references files on delete cascade,
    role       text not null constraint pictures_role_check check (role in ('original', 'result')),
    task_id    uuid,
    media_type text not null constraint pictures_media_type_check check (media_type in ('image/jpeg', 'image/png', 'image/gif')),
    size_bytes integer not null constraint pictures_size_range check (size_bytes between 1 and 67108864),
    width      integer not null constraint pictures_width_range check (width >= 1),
    height     integer not null constraint pictures_height_range check (height >= 1),
    constraint pictures_file_id_role_key unique (file_id, role),
    constraint pictures_task_id_check check ((role = 'result') = (task_id is not null))
);

-- The bytes of a picture in pieces, each full but the last, so that nobody needs memory for all of them.
create table picture_chunks (
    picture_id uuid not null constraint picture_chunks_picture_id_fkey references pictures on delete cascade,
    place      integer not null constraint picture_chunks_place_range check (place >= 0),
    bytes      bytea not null constraint picture_chunks_bytes_length check (octet_length(bytes) between 1 and 262144),
    constraint picture_chunks_pkey primary key (picture_id, place)
);

-- Pictures are compressed already; and a part of a piece is read without the rest of it.
alter table picture_chunks alter column bytes set storage external;
