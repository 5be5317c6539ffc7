create table items (
    id          bigint generated always as identity constraint items_pkey primary key,
    name        text not null constraint items_name_length check (char_length(name) between 1 and 200),
    description text not null constraint items_description_length check (char_length(description) <= 2000),
    -- The upper bound keeps NaN out, which is more than every number.
    price       numeric(12, 2) not null constraint items_price_range check (price between 0 and 9999999999.99),
    created_at  timestamptz not null default now()
);
