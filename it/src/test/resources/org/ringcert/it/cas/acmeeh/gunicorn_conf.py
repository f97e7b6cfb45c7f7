from acmeeh.server.wsgi import post_fork  # noqa: F401
