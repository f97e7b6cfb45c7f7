"""Creates the database and a CA: a root, and an intermediate certificate that issues by ACME."""

import os
from pathlib import Path

import django
from django.core.management import call_command

django.setup()
from django_ca.models import CertificateAuthority  # noqa: E402

call_command("migrate", verbosity=0)
call_command("init_ca", "Root", "CN=Root of the tests", "--path-length=1")
root = CertificateAuthority.objects.get(name="Root")
call_command(
    "init_ca",
    "Intermediate",
    "CN=Intermediate of the tests",
    f"--parent={root.serial}",
    "--acme-enable",
    "--acme-contact-optional",
)
folder = Path(os.environ["CA_FOLDER"])
(folder / "root.pem").write_text(root.pub.pem)
(folder / "serial").write_text(CertificateAuthority.objects.get(name="Intermediate").serial)
