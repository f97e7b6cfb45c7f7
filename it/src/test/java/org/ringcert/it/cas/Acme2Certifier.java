package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** acme2certifier with its {@code openssl_ca_handler}, which signs with a key in a file. */
final class Acme2Certifier extends PythonCa {

    private static final PythonProgram PROGRAM = new PythonProgram("acme2certifier", "0.46.3", 10);

    Acme2Certifier() {
        super(PROGRAM);
    }

    @Override
    public String setting() {
        return "a `contact`";
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        CaKeys keys = CaKeys.write(folder);
        HttpsFiles https = HttpsFiles.write(folder);
        Path database = folder.resolve("acme_srv.db");
        Path issued = Files.createDirectory(folder.resolve("issued"));
        Path configuration = folder.resolve("acme_srv.cfg");
        Files.writeString(configuration, """
                [DEFAULT]
                debug: False
                server_name: %s

                [CAhandler]
                handler_module: acme2certifier.cahandlers.openssl_ca_handler
                issuing_ca_key: %s
                issuing_ca_cert: %s
                issuing_ca_crl: %s
                ca_cert_chain_list: ["%s"]
                cert_save_path: %s
                cert_validity_days: 90

                [DBhandler]
                handler: wsgi
                dbfile: %s
                """.formatted(
                        CaNetwork.CA_NAME,
                        keys.intermediateKey(),
                        keys.intermediate(),
                        folder.resolve("crl.pem"),
                        keys.root(),
                        issued,
                        database));
        URI directory = URI.create("https://" + CaNetwork.CA_NAME + "/directory");
        Gunicorn server = new Gunicorn(
                PROGRAM,
                folder,
                https,
                directory,
                List.of("--no-control-socket"),
                "acme2certifier.share.acme2certifier_wsgi:application",
                Map.of("ACME_SRV_CONFIGFILE", configuration.toString()));
        return new SqliteCa(
                PROGRAM,
                server,
                directory,
                https,
                keys,
                database,
                List.of("challenge", "authorization", "certificate", "orders"));
    }
}
