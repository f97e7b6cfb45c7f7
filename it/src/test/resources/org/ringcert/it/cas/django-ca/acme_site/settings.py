"""django-ca with SQLite, Celery and Redis. Everything is in the folder that the environment names."""
import os
from pathlib import Path

FOLDER = Path(os.environ["CA_FOLDER"])
REDIS = "redis://127.0.0.1:6379"

SECRET_KEY = "only for a test, in a network of its own"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "acme_site.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_object_actions", "django_ca"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "ca.sqlite3",
        # Without IMMEDIATE, the web server and Celery fail with "database is locked".
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{REDIS}/1"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "django-ca": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FOLDER / "keys", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
}
CA_DEFAULT_HOSTNAME = os.environ["CA_NAME"]
CELERY_BROKER_URL = f"{REDIS}/0"
