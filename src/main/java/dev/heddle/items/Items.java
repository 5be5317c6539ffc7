package dev.heddle.items;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.web.Failure;

/// The catalogue in the database.
public final class Items {
    private final Database db;

    public Items(Database db) {
        this.db = db;
    }

    private static final String FIND = "select id, name, description, price, created_at from items where id = ?";

    public Optional<Item> find(long id) {
        return db.one(FIND, Items::item, id);
    }

    private static final String LIST = """
            select id, name, description, price, created_at from items where id > ? order by id limit ?
            """;

    /// At most `limit` things in order of their ids, with an id over `after`.
    public List<Item> list(long after, int limit) {
        return db.list(LIST, Items::item, after, limit);
    }

    private static final String CREATE = """
            insert into items (name, description, price) values (?, ?, ?)
            returning id, name, description, price, created_at
            """;

    public Item create(ItemBody body) {
        return db.one(CREATE, Items::item, body.name(), body.description(), body.price()).orElseThrow();
    }

    private static final String CREATE_ALL = """
            insert into items (name, description, price)
            select name, description, price
              from unnest(cast(? as text[]), cast(? as text[]), cast(? as numeric[])) as new (name, description, price)
            """;

    /// Stores all of `bodies`, in one statement, or none.
    public void createAll(List<ItemBody> bodies) {
        db.update(CREATE_ALL, bodies.stream().map(ItemBody::name).toArray(String[]::new),
                bodies.stream().map(ItemBody::description).toArray(String[]::new),
                bodies.stream().map(ItemBody::price).toArray(BigDecimal[]::new));
    }

    private static final String REPLACE = """
            update items set name = ?, description = ?, price = ? where id = ?
            returning id, name, description, price, created_at
            """;

    /// @throws Failure if there is no such thing
    public Item replace(long id, ItemBody body) {
        return db.one(REPLACE, Items::item, body.name(), body.description(), body.price(), id)
                .orElseThrow(() -> unknown(id));
    }

    private static final String DELETE = "delete from items where id = ?";

    /// @throws Failure if there is no such thing
    public void delete(long id) {
        if (db.update(DELETE, id) == 0) {
            throw unknown(id);
        }
    }

    private static final String EXPORT = "select id, name, description, price, created_at from items order by id";

    /// Gives every thing in order of ids to `sink`, as the database's cursor brings them: all from one moment, and in
    /// memory only some at a time.
    public <X extends Exception> void export(Row.Sink<Item, X> sink) throws X {
        db.each(EXPORT, Items::item, sink);
    }

    /// The failure of asking for an id that nothing has.
    static Failure unknown(long id) {
        return Failure.notFound("item " + id + " does not exist");
    }

    private static Item item(Row row) {
        return new Item(row.number("id"), row.text("name"), row.text("description"), row.decimal("price"),
                row.instant("created_at"));
    }
}
