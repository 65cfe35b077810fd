from django.apps import AppConfig


class Form4siteConfig(AppConfig):
    name = "form4site"
