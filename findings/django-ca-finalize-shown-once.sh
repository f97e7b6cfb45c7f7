#!/bin/sh
# django-ca: an order's `finalize` URL is shown once, in the answer to newOrder.
#
# RFC 8555 7.1.3 requires `finalize` in every order. So one would keep the order's URL and read the rest again when it is needed: once the
# order is ready, or after a restart. In django-ca no later read of the order has the field. A client that kept only the
# order's URL can never finalize it.
. "$(dirname -- "$0")/lib.sh"
python django-ca==3.2.0 django==5.2.19 gunicorn==23.0.0
# shellcheck disable=SC2046 # one word
set -- $(free_ports 1)
echo "django-ca 3.2.0 (Django 5.2.19)"

cd -- "$work" || exit
cat >settings.py <<END
SECRET_KEY = "of no weight"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "routes"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_ca"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "$work/db"}}
STORAGES = {name: {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "$work/files"}} for name in ("default", "django-ca")}
CA_USE_CELERY = False
CA_DEFAULT_HOSTNAME = "127.0.0.1:$1"
END
cat >routes.py <<END
from django.urls import include, path
urlpatterns = [path("django_ca/", include("django_ca.urls"))]
END
PYTHONPATH=$work:$here
DJANGO_SETTINGS_MODULE=settings
export PYTHONPATH DJANGO_SETTINGS_MODULE
{
    "$python" -m django migrate &&
        "$python" -m django init_ca --acme-enable Root CN=Root
} >said 2>&1 || untried "django-ca makes no CA: $(tail -n 1 said)"
serial=$("$python" -m django list_cas 2>/dev/null | sed -n 's/ - Root.*//p' | tr -d :)
background "$python" -m gunicorn -k gthread --threads 4 -b "127.0.0.1:$1" django.core.wsgi:get_wsgi_application\(\)

"$python" - "http://127.0.0.1:$1/django_ca/acme/directory/$serial/" <<'END' || exit
import sys
from raw_acme import Client
client = Client(sys.argv[1])
client.register()
made = client.order("www.example.net")
read = client.post(made.headers["Location"], None)
print("newOrder:", made.status, sorted(made.json))
print("the order, read at its URL:", read.status, sorted(read.json))
if "finalize" not in made.json or "finalize" in read.json:
    sys.exit("CHANGED")
END
