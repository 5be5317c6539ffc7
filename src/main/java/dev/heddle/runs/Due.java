package dev.heddle.runs;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Ledger.Leased;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;

/// What db-scheduler (16.12) asks when it looks for due tasks.
///
/// Its own statement takes the oldest, of whatever kind: kinds that this node does not know, too, and one kind of which
/// many wait would take every place. Ours asks for each kind as many as are free, claims the task in the same statement,
/// and brings its data along.
final class Due extends PostgreSqlJdbcCustomization {
    private static final Logger LOG = System.getLogger(Due.class.getName());

    private final Function<Instant, List<Leased>> claims;

    Due(Function<Instant, List<Leased>> claims) {
        super(false, false);
        this.claims = claims;
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(JdbcTaskRepositoryContext context, Instant now, int limit,
            boolean orderByPriority) {
        try {
            return claims.apply(now).stream().map(leased -> execution(leased, now)).toList();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "event=claim_failed reason=\"" + e.getMessage() + "\"");
            return List.of();
        }
    }

    private static Execution execution(Leased leased, Instant now) {
        Claim claim = leased.claim();
        var instance = new TaskInstance<>(claim.kind(), claim.id().toString(), claim);
        return new Execution(leased.due(), instance, true, "", null, null, 0, now, leased.version());
    }
}
