from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import mended, second_factors, sessions
        from accounts.events import deliveries_owed
        from signals.events import readings_published

        mended.mend()
        deliveries_owed.connect(ring_for_deliveries)
        readings_published.connect(ring_for_evaluation)
        authenticator_added.connect(second_factors.factor_added)
        user_logged_in.connect(sessions.logged_in)
        user_logged_out.connect(sessions.logged_out)
        for changed in (password_changed, password_reset, password_set):
            changed.connect(sessions.password_changed)


def ring_for_deliveries(**_: Any) -> None:
    from accounts.tasks import send_owed  # and with it all that sends, which most processes never do

    send_owed.apply_async(expires=60)


def ring_for_evaluation(**_: Any) -> None:
    """One ring, however many readings are new. A ring that is lost, the sweep makes up."""
    from form4site.kit.bell import ring

    ring("accounts.evaluate_owed")
