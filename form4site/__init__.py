"""The project: settings, urls, workers, embedded services.

Importing it is cheap on purpose: the keeper of the embedded database and the supervisor come through here. The Celery
application is `form4site.celery.app`; `form4site.apps` loads it with Django, so that tasks always find their broker.
"""
