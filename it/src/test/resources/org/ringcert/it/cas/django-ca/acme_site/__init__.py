"""A Django site with django-ca. Every process needs the Celery app, because tasks are sent through it."""

from acme_site.celery import app

__all__ = ["app"]
