from django.apps import AppConfig


class Form4siteConfig(AppConfig):
    name = "form4site"

    def ready(self) -> None:
        """Whoever rings for a task, a page or a command too, finds the broker of the settings and no other."""
        from form4site import celery  # noqa: F401
