"""The embedded engines and the supervisor behind `manage.py up`; knows no settings and no domain."""
