package dev.heddle;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.heddle.concurrent.Gather;
import dev.heddle.db.Database;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The plan of the house. Whoever changes it changes this test in the same commit, and says why.
class ArchitectureTest {
    private static final String ROOT = "dev.heddle";
    private static final Path CLASSES = Path.of("target/classes/dev/heddle");
    private static final Path SOURCES = Path.of("src/main/java/dev/heddle");
    private static final int MOST_FILES = 9;
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?dev[.]heddle[.]([a-z]+)[.]");

    /// A room on its floor, and those of the same floor that it may stand on, each for a reason.
    private record Room(String name, int floor, Map<String, String> neighbours) {
        boolean mayUse(Room other) {
            return equals(other) || other.floor < floor || neighbours.containsKey(other.name);
        }

        String place() {
            return ROOT + "." + name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String FAILURE_SPEAKS_WEB = "what it refuses is a Failure, in the words that callers get";

    private static final List<Room> ROOMS = List.of(
            new Room("chores", 3, Map.of()),
            new Room("console", 3, Map.of()),
            new Room("lab", 3, Map.of()),
            new Room("files", 3, Map.of()),
            new Room("notices", 3, Map.of()),
            new Room("standins", 3, Map.of()),
            new Room("streams", 3, Map.of()),
            new Room("tasks", 2, Map.of()),
            new Room("users", 2, Map.of()),
            new Room("items", 2, Map.of()),
            new Room("accounts", 2, Map.of()),
            new Room("idempotency", 1, Map.of()),
            new Room("cache", 1, Map.of()),
            new Room("limits", 1, Map.of()),
            new Room("upstream", 1, Map.of()),
            new Room("keys", 1, Map.of()),
            new Room("images", 1, Map.of()),
            new Room("runs", 1, Map.of("claims", "what runs here is what this node has claimed")),
            new Room("claims", 1, Map.of()),
            new Room("observe", 0, Map.of("web", "it has routes of its own",
                    "server", "it listens to the server's exchanges",
                    "json", "its numbers are asked for as JSON, too",
                    "gates", "not being ready is an Unavailable")),
            new Room("traces", 0, Map.of("server", "requests have spans",
                    "concurrent", "gathered calls have spans")),
            new Room("running", 0, Map.of("web", "it has a route of its own",
                    "server", "requests run there",
                    "concurrent", "what they gather runs there")),
            new Room("server", 0, Map.of("web", "it serves routes",
                    "wire", "it trusts only bytes that wire has made safe",
                    "answers", "what it finds out goes back through them",
                    "json", "it binds bodies",
                    "origins", "pages of other sites may be let in",
                    "gzip", "a body may be compressed",
                    "concurrent", "each request has a deadline",
                    "gates", "somebody must watch callers who stall",
                    "settings", "where to listen is for the person to say")),
            new Room("answers", 0, Map.of("web", "they are what a route says",
                    "events", "some of them are streams of events",
                    "gzip", "those who take it get it",
                    "ranges", "some may be had in part",
                    "wire", "a write that does not move on is ended",
                    "json", "most of them are JSON",
                    "concurrent", "a deadline that passed is a status",
                    "gates", "a full gate is a status")),
            new Room("wire", 0, Map.of("web", FAILURE_SPEAKS_WEB,
                    "concurrent", "a body ends with the deadline",
                    "gates", "a body that does not move on is ended")),
            new Room("json", 0, Map.of("web", FAILURE_SPEAKS_WEB)),
            new Room("forms", 0, Map.of("web", FAILURE_SPEAKS_WEB)),
            new Room("formats", 0, Map.of("web", FAILURE_SPEAKS_WEB)),
            new Room("pages", 0, Map.of("web", FAILURE_SPEAKS_WEB)),
            new Room("web", 0, Map.of("events", "what a route gives may be a stream of events")),
            new Room("origins", 0, Map.of("settings", "who may ask is for the person to say")),
            new Room("gzip", 0, Map.of("wire", "a body that is damaged is as one that is cut")),
            new Room("ranges", 0, Map.of("web", "it looks at contents, and refuses in the words that callers get")),
            new Room("events", 0, Map.of("concurrent", "who sends, who keeps alive and who watches are gathered")),
            new Room("db", 0, Map.of("pool", "statements run on leased connections",
                    "jdbc", "it leads to the server",
                    "concurrent", "each statement ends with the deadline",
                    "gates", "being too busy is an Unavailable")),
            new Room("pool", 0, Map.of("jdbc", "it knows what the driver's refusals mean",
                    "concurrent", "a lease ends with the deadline",
                    "gates", "its line is a Gate")),
            new Room("jdbc", 0, Map.of("gates", "a database that is away is an Unavailable",
                    "settings", "which database is for the person to say")),
            new Room("postgres", 0, Map.of("settings", "what hinders a start is told as CannotStart")),
            new Room("redis", 0, Map.of("concurrent", "no wait is longer than the deadline",
                    "settings", "which Redis is for the person to say")),
            new Room("mail", 0, Map.of("concurrent", "no wait is longer than the deadline",
                    "settings", "which mail server is for the person to say")),
            new Room("calls", 0, Map.of("concurrent", "a call ends with the deadline")),
            new Room("gates", 0, Map.of("concurrent", "every wait ends with the deadline",
                    "settings", "how many threads compute is for the person to say")),
            new Room("concurrent", 0, Map.of()),
            new Room("settings", 0, Map.of()));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    @Test
    void everyClassIsLookedAt() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            long count = files.filter(file -> file.toString().endsWith(".class")).count();

            assertEquals(count, HOUSE.stream().filter(type -> type.getSource().isPresent()).count(),
                    "ArchUnit passes over class files that it cannot read, such as those of a newer Java");
        }
    }

    @Test
    void everyPackageIsARoom() throws IOException {
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            Set<String> found = folders.filter(Files::isDirectory).map(SOURCES::relativize).map(Path::toString)
                    .filter(name -> !name.isEmpty()).collect(Collectors.toCollection(TreeSet::new));

            assertEquals(ROOMS.stream().map(Room::name).collect(Collectors.toCollection(TreeSet::new)), found,
                    "rooms are flat, and each has its floor here");
        }
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void importsRunDownTheFloors(Room room) {
        String[] open = ROOMS.stream().filter(room::mayUse).map(Room::place).toArray(String[]::new);
        String reasons = room.neighbours.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(joining("; "));

        classes().that().resideInAPackage(room.place()).should()
                .onlyDependOnClassesThat(resideInAnyPackage(open).or(not(resideInAPackage(ROOT + "..")))
                        .as("stand in lower rooms or in those that the plan opens to " + room))
                .because("one reads a floor without the floors above, and of its own floor only " + reasons)
                .check(HOUSE);
    }

    /// ArchUnit 1.5.0 does not see a type that only a pattern in a switch names; the imports of the sources show it.
    @ParameterizedTest
    @FieldSource("ROOMS")
    void importsInSourcesRunDownTheFloors(Room room) throws IOException {
        Set<String> open = ROOMS.stream().filter(room::mayUse).map(Room::name).collect(Collectors.toSet());

        for (String imported : importedRooms(room)) {
            assertTrue(open.contains(imported), room + " must not import " + imported);
        }
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void noDoorIsOpenForNothing(Room room) throws IOException {
        Set<String> used = importedRooms(room);

        for (String neighbour : room.neighbours.keySet()) {
            assertTrue(used.contains(neighbour), room + " no longer uses " + neighbour);
        }
    }

    private static Set<String> importedRooms(Room room) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(room.name))) {
            return files.flatMap(ArchitectureTest::lines).map(IMPORT::matcher).filter(Matcher::find)
                    .map(matcher -> matcher.group(1)).collect(Collectors.toSet());
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nobodyImportsTheRoof() {
        noClasses().that().resideInAPackage(ROOT + ".(*)").should().dependOnClassesThat().resideInAPackage(ROOT)
                .because("parts are given what they need by App, and can be built without it").check(HOUSE);
    }

    @Test
    void roomsFormNoCircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles()
                .because("rooms that need each other are one room").check(HOUSE);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomIsSmallAndSaysWhatItIs(Room room) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(room.name))) {
            long count = files.filter(file -> !file.endsWith("package-info.java")).count();

            assertTrue(count <= MOST_FILES, room + " has " + count + " files: it wants to be two rooms");
        }
        assertTrue(HOUSE.getPackage(room.place()).isAnnotatedWith(NullMarked.class), room + " is not @NullMarked");
    }

    @Test
    void previewFeaturesStayBehindOneDoor() {
        noClasses().that(not(belongToAnyOf(Gather.class))).should()
                .dependOnClassesThat(types("java.util.concurrent.StructuredTaskScope"))
                .because("JEP 505 is a preview that changes with each release; one class is to be changed then")
                .check(HOUSE);
    }

    @Test
    void sqlStaysBehindItsDoors() {
        noClasses().that().resideOutsideOfPackages(rooms("db", "pool", "jdbc", "postgres")).should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "io.helidon.dbclient..", "org.postgresql.."))
                .because("SQLException and connections end in db; postgres only asks whether its server answers")
                .check(HOUSE);
        noClasses().that().resideOutsideOfPackages(rooms("db", "pool", "jdbc")).should()
                .dependOnClassesThat(resideInAnyPackage("javax.sql..", "org.flywaydb..", "com.zaxxer.."))
                .because("there is one pool, and libraries get it from Database.dataSource").check(HOUSE);
        noClasses().that().resideOutsideOfPackage(ROOT + ".postgres").should()
                .dependOnClassesThat(resideInAPackage("io.zonky.."))
                .because("only postgres knows that there is an embedded server").check(HOUSE);
    }

    @Test
    void helidonStaysBehindItsDoors() {
        noClasses().that().resideOutsideOfPackages(rooms("server", "answers", "wire")).should()
                .dependOnClassesThat(resideInAPackage("io.helidon.webserver.."))
                .because("what Helidon leaves open is closed once, in front of every handler").check(HOUSE);
        noClasses().that().resideOutsideOfPackages(rooms("server", "answers", "wire", "db", "pool", "calls")).should()
                .dependOnClassesThat(resideInAPackage("io.helidon.."))
                .because("a feature is plain Java, and is tested without a server").check(HOUSE);
    }

    @Test
    void onlyServerKnowsStatusCodes() {
        noClasses().that().resideOutsideOfPackages(rooms("server", "answers", "wire", "calls")).should()
                .dependOnClassesThat(types("io.helidon.http.Status"))
                .because("features speak of a Failure and its Kind").check(HOUSE);
    }

    @Test
    void librariesThatMayBeReplacedHaveOneUser() {
        Map<String, String> owners = Map.ofEntries(Map.entry("org.yaml..", "settings"),
                Map.entry("redis.clients..", "redis"),
                Map.entry("io.prometheus..", "observe"), Map.entry("io.swagger.v3.oas.models..", "console"),
                Map.entry("io.swagger.v3.core..", "console"), Map.entry("de.siegmar..", "items"),
                Map.entry("io.opentelemetry..", "traces"), Map.entry("com.github.kagkarlsson..", "runs"),
                Map.entry("jakarta.mail..", "mail"), Map.entry("org.eclipse.angus..", "mail"),
                Map.entry("net.coobird..", "images"));

        owners.forEach((library, room) -> noClasses().that().resideOutsideOfPackage(ROOT + "." + room).should()
                .dependOnClassesThat(resideInAPackage(library)).because("only " + room + " knows " + library)
                .check(HOUSE));
        noClasses().that().resideOutsideOfPackages(rooms("cache", "limits")).should()
                .dependOnClassesThat(resideInAPackage("com.github.benmanes.."))
                .because("cache remembers values, limits remembers callers").check(HOUSE);
    }

    @Test
    void pixelsAreDecodedInOnePlace() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".images").should()
                .dependOnClassesThat(resideInAnyPackage("javax.imageio..", "java.awt.."))
                .because("a decoder gets only what formats has looked through, and on the CPU pool").check(HOUSE);
    }

    @Test
    void nothingHangsOnAThread() {
        noClasses().should().dependOnClassesThat(types("java.lang.ThreadLocal", "java.lang.InheritableThreadLocal"))
                .because(
                        "a virtual thread serves a connection, not a request; what belongs to a request is a ScopedValue")
                .check(HOUSE);
        noClasses().should().callMethod(Context.class, "current").orShould().callMethod(Context.class, "makeCurrent")
                .orShould().callMethod(Span.class, "current").orShould().callMethod(Span.class, "makeCurrent")
                .because("OpenTelemetry's current span is a ThreadLocal, which forks do not inherit").check(HOUSE);
    }

    @Test
    void codeSaysWhatItCalls() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".pool").and()
                .doNotHaveFullyQualifiedName(ROOT + ".console.Schemas").should()
                .dependOnClassesThat(resideInAPackage("java.lang.reflect"))
                .because(
                        "wiring is by hand; Schemas reads the components of records, pool wraps connections in proxies")
                .check(HOUSE);
    }

    @Test
    void onlyMainPrints() {
        noClasses().that(not(belongToAnyOf(Main.class))).should().accessField(System.class, "out").orShould()
                .accessField(System.class, "err").because("events are logged, with the id of their request")
                .check(HOUSE);
    }

    @Test
    void waitingIsSeenAndBounded() {
        noClasses().should().callMethod(Object.class, "wait").orShould().callMethod(Object.class, "wait", long.class)
                .orShould().callMethod(Object.class, "notify").orShould().callMethod(Object.class, "notifyAll")
                .because("a lock with a condition says what is waited for").check(HOUSE);
        onlyCallers(Set.of("postgres.Postmaster", "jdbc.PatientDataSource", "db.Retry", "redis.Link",
                "upstream.Upstream", "lab.Waits", "events.EventStream", "runs.Runner", "notices.Dispatch",
                "chores.Simulate",
                "standins.LabUpstream"), "sleep")
                .because("these try again what only time can mend, or are asked to wait").check(HOUSE);
    }

    @Test
    void threadsAreStartedWhereTheyAreCounted() {
        onlyCallers(
                Set.of("concurrent.Gather", "concurrent.Deadline", "pool.DeadlineWatch", "pool.Lease",
                        "gates.StallWatch",
                        "gates.PlatformPool", "redis.Link", "mail.Smtp", "runs.Rounds", "runs.Runner", "Main"),
                "ofVirtual", "ofPlatform",
                "startVirtualThread").because("no thread outlives the call that made it, save those that App starts")
                .check(HOUSE);
        noClasses().that().doNotHaveFullyQualifiedName(ROOT + ".gates.PlatformPool").and()
                .doNotHaveFullyQualifiedName(ROOT + ".runs.Runner").should()
                .dependOnClassesThat(types("java.util.concurrent.Executors"))
                .because(
                        "fanning out is Gather's; what computes has threads of its own, and db-scheduler asks for some")
                .check(HOUSE);
    }

    // In class files each `finally` and each try-with-resources catches Throwable, so this reads the sources.
    @Test
    void throwableIsCaughtAtTheEdgeOfAThreadOnly() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<String> catchers = files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, "catch (Throwable"))
                    .map(SOURCES::relativize).map(Path::toString).toList();

            assertEquals(List.of("concurrent/Outcome.java"), catchers,
                    "an Error is nobody's to handle; Outcome carries it to who joins");
        }
    }

    @Test
    void aDataSourceIsAllThatLeavesDb() {
        Set<String> leaving = HOUSE.get(Database.class).getMethods().stream()
                .filter(method -> method.getModifiers()
                        .contains(JavaModifier.PUBLIC))
                .flatMap(method -> Stream.concat(Stream.of(method.getRawReturnType()),
                        method.getRawParameterTypes().stream()))
                .map(JavaClass::getName).filter(name -> name.matches("(java|javax)[.]sql[.].*|io[.]helidon[.].*"))
                .collect(Collectors.toSet());

        assertEquals(Set.of("javax.sql.DataSource"), leaving);
    }

    private static String[] rooms(String... names) {
        return Arrays.stream(names).map(name -> ROOT + "." + name).toArray(String[]::new);
    }

    private static ArchRule onlyCallers(Set<String> doors, String... methods) {
        Predicate<JavaClass> isDoor = type -> doors.stream()
                .anyMatch(door -> (type.getName() + "$").startsWith(ROOT + "." + door + "$"));
        return noClasses().that(DescribedPredicate.describe("are not " + doors, isDoor.negate())).should()
                .callMethodWhere(DescribedPredicate.describe("the method is Thread." + List.of(methods),
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && List.of(methods).contains(call.getName())));
    }

    private static DescribedPredicate<JavaClass> types(String... names) {
        return DescribedPredicate.describe("are " + String.join(", ", names), type -> Arrays.stream(names)
                .anyMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "$")));
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
