from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import (
            mended,
            second_factors,
            sessions,
            tasks,  # noqa: F401  # they listen to what this app announces
        )

        mended.mend()
        authenticator_added.connect(second_factors.factor_added)
        user_logged_in.connect(sessions.logged_in)
        user_logged_out.connect(sessions.logged_out)
        for changed in (password_changed, password_reset, password_set):
            changed.connect(sessions.password_changed)
