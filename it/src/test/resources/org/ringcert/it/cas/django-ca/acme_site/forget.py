"""Deletes all orders, or all accounts with their orders: python -m acme_site.forget orders|accounts"""

import sys

import django

django.setup()
from django_ca.models import AcmeAccount, AcmeOrder  # noqa: E402

{"orders": AcmeOrder, "accounts": AcmeAccount}[sys.argv[1]].objects.all().delete()
