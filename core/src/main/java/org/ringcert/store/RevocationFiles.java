package org.ringcert.store;

import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The files {@code revoked.json}, each beside the version that it is about. */
final class RevocationFiles {

    static final String NAME = "revoked.json";

    private static final int MAX_BYTES = 1 << 16;
    private static final String REMEDY = "delete it if the certificate is not to be replaced";

    private final DurableFiles files;

    RevocationFiles(DurableFiles files) {
        this.files = files;
    }

    Optional<Revocation> read(Path version) throws StoreException {
        return files.read(version.resolve(NAME), MAX_BYTES, RevocationFiles::parse, REMEDY);
    }

    void save(Path version, Revocation revocation) throws StoreException {
        files.write(version.resolve(NAME), StoredJson.write(toJson(revocation)), FileMode.PUBLIC_FILE);
    }

    void remove(Path version) throws StoreException {
        files.delete(version.resolve(NAME));
    }

    private static ObjectNode toJson(Revocation revocation) {
        ObjectNode json = StoredJson.newObject();
        json.put("reason", revocation.reason());
        json.put("since", revocation.since().toString());
        json.put("confirmed", revocation.state() == Revocation.State.CONFIRMED);
        return json;
    }

    private static Revocation parse(String text) {
        StoredJson json = StoredJson.parse(text);
        return new Revocation(
                json.string("reason"),
                json.instant("since"),
                json.isTrue("confirmed") ? Revocation.State.CONFIRMED : Revocation.State.REQUESTED);
    }
}
