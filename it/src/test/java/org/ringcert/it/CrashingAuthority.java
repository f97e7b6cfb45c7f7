package org.ringcert.it;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AccountLookup;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CaInformation;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.IssuedChain;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.Registration;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;

/** A CA at which this process halts before or after a given call. */
record CrashingAuthority(CertificateAuthority real, CrashPoint point) implements CertificateAuthority {

    @Override
    public URI directory() {
        return real.directory();
    }

    @Override
    public List<String> profiles() throws AcmeException {
        return real.profiles();
    }

    @Override
    public Registration register(KeyPair key, NewAccount request) throws AcmeException {
        return point.around("register", () -> real.register(key, request));
    }

    @Override
    public AccountLookup lookUpAccount(KeyPair key) throws AcmeException {
        return point.around("lookUp", () -> real.lookUpAccount(key));
    }

    @Override
    public AccountDetails accountDetails(Account account) throws AcmeException {
        return real.accountDetails(account);
    }

    @Override
    public AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException {
        return real.updateContact(account, contact);
    }

    @Override
    public void changeKey(Account account, KeyPair next) throws AcmeException {
        point.around("changeKey", () -> {
            real.changeKey(account, next);
            return next;
        });
    }

    @Override
    public void deactivate(Account account) throws AcmeException {
        real.deactivate(account);
    }

    @Override
    public boolean hasRenewalInfo() throws AcmeException {
        return real.hasRenewalInfo();
    }

    @Override
    public CaInformation information() throws AcmeException {
        return real.information();
    }

    @Override
    public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
        return point.around("order", () -> real.newOrder(account, wanted));
    }

    @Override
    public Order fetchOrder(Account account, URI order) throws AcmeException {
        return point.around("look", () -> real.fetchOrder(account, order));
    }

    @Override
    public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
        return point.around("authorization", () -> real.fetchAuthorization(account, authorization));
    }

    @Override
    public Challenge respond(Account account, Challenge challenge) throws AcmeException {
        return point.around("respond", () -> real.respond(account, challenge));
    }

    @Override
    public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
        return point.around("awaitValidation", () -> real.awaitValidation(account, authorization));
    }

    @Override
    public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
        return point.around("finalize", () -> real.finalizeOrder(account, order, request));
    }

    @Override
    public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
        return point.around("await", () -> real.awaitStatusChange(account, order, current));
    }

    @Override
    public IssuedChain downloadCertificate(Account account, Order order) throws AcmeException {
        return point.around("certificate", () -> real.downloadCertificate(account, order));
    }

    @Override
    public List<X509Certificate> downloadAlternate(Account account, URI alternate) throws AcmeException {
        return point.around("alternate", () -> real.downloadAlternate(account, alternate));
    }

    @Override
    public Optional<RenewalInfo> renewalInfo(CertificateId certificate) throws AcmeException {
        return point.around("renewalInfo", () -> real.renewalInfo(certificate));
    }

    @Override
    public RevocationResult revoke(Account account, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        return point.around("revoke", () -> real.revoke(account, certificate, reason));
    }

    @Override
    public RevocationResult revoke(KeyPair certificateKey, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        return point.around("revoke", () -> real.revoke(certificateKey, certificate, reason));
    }

    @Override
    public void close() {
        real.close();
    }
}
