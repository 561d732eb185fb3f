"""A Django project with django-mailbox and nothing else: python mailbox_site.py prepare|run FOLDER [IMAP-URI]."""

import sys
from pathlib import Path

import django
from django.conf import settings

what, folder = sys.argv[1], Path(sys.argv[2])
settings.configure(
    SECRET_KEY="of a benchmark",  # noqa: S106 - nothing is protected by it
    INSTALLED_APPS=["django_mailbox"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    MEDIA_ROOT=folder / "media",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command
from django_mailbox.models import Mailbox, Message, MessageAttachment

if what == "prepare":
    call_command("migrate", verbosity=0)
else:
    Mailbox.objects.create(name="main", uri=sys.argv[3])
    call_command("getmail")
    print("messages", Message.objects.count(), "attachments", MessageAttachment.objects.count())
