package org.ringcert.daemon;

import java.security.SecureRandom;
import java.util.List;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.http.HostResolver;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.Walker;
import org.ringcert.view.ready.Readiness;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;
import org.ringcert.view.ready.ReadyCheck;
import org.ringcert.view.ready.ReadyTarget;

/** Finds out from a node whether sites may move. Each question is answered by new looks. Thread-safe. */
public final class ReadyLooks {

    private final HostResolver resolver = new HostResolver();
    private final SecureRandom random = new SecureRandom();

    /**
     * Looks with a test challenge that is published for as long as that takes. Blocks for a little more than
     * {@link ReadyCheck#TIME_LIMIT} at most. A store that cannot be written is an answer, too.
     *
     * @throws InterruptedException if this thread is interrupted or the process is ending
     */
    public Readiness look(LocalNode node, ReadyQuestion question) throws InterruptedException {
        if (node.cluster().find(question.node()).isEmpty()) {
            return against(question, question.node() + " is no longer in the configuration.");
        }
        try (TestChallenge probe = publish(node)) {
            return look(node, question, probe.keyAuthorization());
        } catch (StoreException e) {
            return against(
                    question,
                    "No validation can work, because challenges cannot be published: " + e.getMessage() + ".");
        }
    }

    private TestChallenge publish(LocalNode node) throws StoreException, InterruptedException {
        try {
            return TestChallenge.publish(node.challenges(), random);
        } catch (IllegalStateException e) {
            throw new InterruptedException("the process is ending");
        }
    }

    private static Readiness against(ReadyQuestion question, String text) {
        return new Readiness(question.site().name(), question.node(), List.of(new Reason(Weight.AGAINST, text)));
    }

    /**
     * Looks with something that the node has published.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public Readiness look(LocalNode node, ReadyQuestion question, KeyAuthorization probe) throws InterruptedException {
        Configuration configuration = node.configuration();
        NodeSettings target = configuration.node(question.node());
        Walker walker = new Walker(node.views().dns(), ClusterViews.rules(configuration, target.node()));
        ReadyCheck check =
                new ReadyCheck(node.cluster().self(), node.visitorView()::look, walker, resolver, node.clock());
        return check.check(
                new ReadyTarget(
                        question.site(),
                        VisitorViews.kinds(configuration, question.site()),
                        target.node(),
                        target.https().host(),
                        target.https().port()),
                probe,
                question.minRemaining());
    }
}
