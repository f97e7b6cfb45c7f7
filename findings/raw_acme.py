"""A raw ACME client (RFC 8555) that hides nothing: every answer as it came. Needs `cryptography`."""

import base64
import hashlib
import http.server
import json
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def untried(why):
    """Exit 2: it could not be tried here."""
    print("not tried:", why, file=sys.stderr)
    sys.exit(2)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body.decode(errors='replace').strip()}"


class Client:
    """One account key, P-256. `kid` is set by `register`."""

    def __init__(self, directory, ca_file=None):
        self.tls = ssl.create_default_context(cafile=ca_file) if directory.startswith("https:") else None
        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        self.jwk = {"crv": "P-256", "kty": "EC", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
        self.thumbprint = b64(hashlib.sha256(json.dumps(self.jwk, separators=(",", ":"), sort_keys=True).encode()).digest())
        self.kid = self.nonce = None
        self.directory = self._until_there(directory).json

    def _until_there(self, url):
        for _ in range(150):
            try:
                answer = self.exchange(urllib.request.Request(url))
                if answer.status == 200:
                    return answer
            except OSError:
                pass
            time.sleep(0.2)
        untried("no ACME server answers at " + url)

    def exchange(self, request):
        request.add_header("User-Agent", "findings/1")
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=30) as answer:
                got = Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            got = Answer(error.code, error.headers, error.read())
        self.nonce = got.headers.get("Replay-Nonce") or self.nonce
        return got

    def post(self, url, payload):
        """`None` for POST-as-GET."""
        while True:
            if self.nonce is None:
                self.exchange(urllib.request.Request(self.directory["newNonce"], method="HEAD"))
            head = {"alg": "ES256", "nonce": self.nonce, "url": url}
            head.update({"kid": self.kid} if self.kid else {"jwk": self.jwk})
            self.nonce = None
            protected = b64(json.dumps(head).encode())
            body = "" if payload is None else b64(json.dumps(payload).encode())
            r, s = utils.decode_dss_signature(self.key.sign(f"{protected}.{body}".encode(), ec.ECDSA(hashes.SHA256())))
            jws = {"protected": protected, "payload": body, "signature": b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}
            answer = self.exchange(urllib.request.Request(
                url, json.dumps(jws).encode(), {"Content-Type": "application/jose+json"}))
            if answer.status != 400 or b"badNonce" not in answer.body:
                return answer

    def register(self):
        answer = self.post(self.directory["newAccount"], {"termsOfServiceAgreed": True, "contact": ["mailto:hostmaster@example.net"]})
        if answer.status != 201:
            untried(f"no account: {answer}")
        self.kid = answer.headers["Location"]
        return answer

    def new_order(self, *names, **fields):
        """Whatever the answer is. `fields` are added to the order."""
        return self.post(self.directory["newOrder"], {"identifiers": [{"type": "dns", "value": name} for name in names], **fields})

    def order(self, *names):
        answer = self.new_order(*names)
        if answer.status != 201:
            untried(f"no order: {answer}")
        return answer

    def make_ready(self, order):
        """For a CA that does not really validate."""
        for authorization in order.json["authorizations"]:
            if self.post(authorization, None).json["status"] == "pending":
                self.post(self.http_challenge(authorization)["url"], {})
        self.wait(order.headers["Location"], "ready")

    def finalize(self, order, *names):
        """The order once it is valid, and its certificate."""
        self.post(order.json["finalize"], {"csr": b64(request_for(*names))})
        done = self.wait(order.headers["Location"], "valid")
        return done, x509.load_pem_x509_certificates(self.post(done["certificate"], None).body)[0]

    def http_challenge(self, authorization):
        return next(c for c in self.post(authorization, None).json["challenges"] if c["type"] == "http-01")

    def wait(self, url, *statuses):
        """The resource once it has one of these."""
        for _ in range(150):
            answer = self.post(url, None).json
            if answer["status"] in statuses:
                return answer
            time.sleep(0.2)
        untried(f"{url} is still {answer['status']}")


def request_for(*names):
    """A certificate request with an empty subject, in DER."""
    return x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=True
    ).sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def certificate_id(leaf):
    """RFC 9773 4.1."""
    key = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    serial = leaf.serial_number
    return b64(key) + "." + b64(serial.to_bytes(serial.bit_length() // 8 + 1, "big"))


class Web:
    """A web server: `answer(path)` gives the body, or a URL to be sent to. `requests` has the (path, Host) of each GET."""

    def __init__(self, port, answer, address="127.0.0.1", keep_alive=False):
        requests = self.requests = []
        connections = self.connections = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if keep_alive else "HTTP/1.0"

            def setup(self):
                connections.append(self.request)
                super().setup()

            def do_GET(self):
                requests.append((self.path, self.headers["Host"]))
                text = answer(self.path)
                self.send_response(302 if text.startswith("http:") else 200)
                if text.startswith("http:"):
                    self.send_header("Location", text)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hang_up(self):
        """Closes all connections."""
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)
