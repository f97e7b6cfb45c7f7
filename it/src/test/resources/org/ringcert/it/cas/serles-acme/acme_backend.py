"""A backend for Serles. Its own for OpenSSL, serles.backends.openssl, issues certificates without any name."""

import secrets
import subprocess
import tempfile


class Backend:
    def __init__(self, config):
        self.certificate = config["openssl"]["cacert"]
        self.key = config["openssl"]["cakey"]

    def sign(self, csr, subjectDN, subjectAltNames, email):
        with tempfile.NamedTemporaryFile("w", suffix=".cnf") as extensions:
            # Critical, because the subject is empty (RFC 5280, section 4.2.1.6).
            extensions.write("subjectAltName=critical," + ",".join(f"DNS:{name}" for name in subjectAltNames))
            extensions.flush()
            leaf = subprocess.run(
                ["openssl", "x509", "-req", "-days", "30", "-CA", self.certificate, "-CAkey", self.key]
                # Not a file with the next number, which two requests at a time would spoil.
                + ["-set_serial", str(1 + secrets.randbits(120)), "-extfile", extensions.name],
                input=csr,
                stdout=subprocess.PIPE,
                check=True,
            )
        with open(self.certificate, "rb") as issuer:
            return (leaf.stdout + issuer.read()).decode(), None
