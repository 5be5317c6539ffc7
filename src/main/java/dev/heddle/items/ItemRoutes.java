package dev.heddle.items;

import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Parameter.from;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

import dev.heddle.json.Json;
import dev.heddle.pages.Cursors;
import dev.heddle.pages.Page;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import org.jspecify.annotations.Nullable;

/// What can be asked about the catalogue.
public final class ItemRoutes {
    private static final int MOST_IN_BATCH = 10_000;
    private static final Parameter<Long> ID = Parameter.id("id", "Which item.");
    private static final Parameter<Optional<String>> CURSOR = Parameter.optionalText("cursor", 200,
            "The `next_cursor` of the page before.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, from(1, 1_000), "How many at most.");
    private static final Parameter<Optional<String>> Q = Parameter.optionalText("q", 200, "Any text; it is said back.");

    private final Items items;
    private final ItemImport imports;
    private final Cursors.Scope cursors;

    public ItemRoutes(Items items, ItemImport imports, Cursors cursors) {
        this.items = items;
        this.imports = imports;
        this.cursors = cursors.scope("items");
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/items", "List items by id, page by page.").with(CURSOR, LIMIT).givesPage(Item.class)
                        .handledBy(this::list),
                Route.get("/items/", "Say back the guides' common parameter.").with(Q).gives(Said.class).unlisted()
                        .handledBy(request -> new Said(request.value(Q).orElse(null))),
                Route.post("/items", "Create an item.").takes(ItemBody.class).creates(Item.class)
                        .handledBy(this::create),
                Route.get("/items/{id}", "Read an item.").with(ID).gives(Item.class).fails(NOT_FOUND)
                        .handledBy(this::find),
                Route.put("/items/{id}", "Replace an item.").with(ID).takes(ItemBody.class).gives(Item.class)
                        .fails(NOT_FOUND)
                        .handledBy(request -> items.replace(request.value(ID), request.body(ItemBody.class))),
                Route.delete("/items/{id}", "Delete an item.").with(ID).fails(NOT_FOUND).handledBy(this::delete),
                Route.post("/batch-insert", "Create many items, all or none.").takesList(ItemBody.class, MOST_IN_BATCH)
                        .gives(Inserted.class).handledBy(this::createAll),
                Route.post("/items/import", "Create items from a stream of NDJSON or CSV, as many as are good.")
                        .takesStream(MediaType.NDJSON, MediaType.CSV).gives(ItemImport.Imported.class).withoutDeadline()
                        .pinned()
                        .handledBy(request -> imports.run(request.mediaType(), request.content())),
                Route.get("/items/export", "Read all items as a stream, one JSON object a line.")
                        .givesStream(MediaType.NDJSON).withoutDeadline().pinned()
                        .handledBy(_ -> Reply.stream(out -> items.export(item -> writeLine(out, item)))));
    }

    private Object list(Request request) {
        int limit = request.value(LIMIT);
        List<Item> found = items.list(cursors.read(request.value(CURSOR)), limit + 1);
        return Page.of(found, limit, Item::id, cursors);
    }

    private Object create(Request request) {
        Item item = items.create(request.body(ItemBody.class));
        return Reply.of(item).at("/items/" + item.id());
    }

    private Object find(Request request) {
        long id = request.value(ID);
        return items.find(id).orElseThrow(() -> Items.unknown(id));
    }

    private Object delete(Request request) {
        items.delete(request.value(ID));
        return "";
    }

    record Inserted(int inserted) {}

    /// What `/items/?q=` says.
    record Said(@Nullable String q) {}

    private Object createAll(Request request) {
        List<ItemBody> bodies = request.bodyList(ItemBody.class);
        items.createAll(bodies);
        return new Inserted(bodies.size());
    }

    private static void writeLine(OutputStream out, Item item) throws IOException {
        out.write(Json.write(item));
        out.write('\n');
    }
}
