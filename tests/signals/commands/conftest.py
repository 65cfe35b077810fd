from tests.pages.demo import demo, demo_rows  # noqa: F401
