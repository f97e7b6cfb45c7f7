package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.CaInformation;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoredAccount;
import org.ringcert.view.ca.CaaPolicy.Applicant;

class CaaApplicantsTest extends CheckFixture {

    private static final URI ACCOUNT = URI.create("https://acme-v02.api.letsencrypt.org/acme/acct/1");

    @Test
    void theAccountIsThatOfTheStoreIfThereIsOne() throws Exception {
        AcmeSettings ca = configuration("").authorities().getFirst();
        Store store = Store.open(folder.resolve("store"), Clock.systemUTC());
        Set<HostName> identities = Set.of(new HostName("letsencrypt.org"));

        assertThat(CaaApplicants.at(ca, Optional.empty(), Optional.empty()))
                .isEqualTo(new Applicant(identities, Optional.empty()));
        assertThat(CaaApplicants.at(ca, Optional.empty(), Optional.of(store)))
                .isEqualTo(new Applicant(identities, Optional.empty()));

        store.accounts()
                .save(
                        ca.directory(),
                        new StoredAccount(KeyType.EC256.generate(new SecureRandom()), Optional.of(ACCOUNT)));

        assertThat(CaaApplicants.at(ca, Optional.empty(), Optional.of(store)))
                .isEqualTo(new Applicant(identities, Optional.of(ACCOUNT)));
    }

    @Test
    void whatTheDirectorySaysComesFirst() throws Exception {
        AcmeSettings ca = configuration("").authorities().getFirst();
        CaInformation information =
                new CaInformation(List.of(new HostName("ca.example.net")), Optional.empty(), Optional.empty());

        assertThat(CaaApplicants.at(ca, Optional.of(information), Optional.empty())
                        .identities())
                .containsExactly(new HostName("ca.example.net"));
    }
}
