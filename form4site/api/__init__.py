"""The API's shell: one NinjaAPI under /v1 of the apps' routers; keys, limits and errors are told here."""
