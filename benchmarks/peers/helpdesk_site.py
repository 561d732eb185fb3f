"""A Django project with django-helpdesk: python helpdesk_site.py prepare|run FOLDER [HOST PORT USER PASSWORD SMTP].

Every mail becomes a ticket or a follow-up, attachments are files, the sender is told by mail, as it does by default.
"""

import sys
from pathlib import Path

import django
from django.conf import settings

what, folder = sys.argv[1], Path(sys.argv[2])
host, port, user, password, smtp = sys.argv[3:] if what == "run" else ("", "0", "", "", "0")
settings.configure(
    SECRET_KEY="of a benchmark",  # noqa: S106 - nothing is protected by it
    INSTALLED_APPS=[
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.messages", "django.contrib.sites", "django.contrib.humanize", "django.contrib.staticfiles",
        "rest_framework", "helpdesk",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "DIRS": []}],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF="__main__",
    MEDIA_ROOT=folder / "media",
    SITE_ID=1,
    USE_TZ=True,
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(smtp),
    HELPDESK_KB_ENABLED=True,
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_ENABLE_PER_QUEUE_STAFF_PERMISSION=False,
    HELPDESK_VALID_EXTENSIONS=[".jpg", ".pdf", ".docx", ".html", ".txt"],
)  # fmt: skip
django.setup()

from django.core.management import call_command
from django.urls import include, path
from helpdesk.models import FollowUp, FollowUpAttachment, Queue, Ticket

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]

if what == "prepare":
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
else:
    Queue.objects.create(
        title="Main", slug="main", allow_email_submission=True, email_address="desk@office.example",
        email_box_type="imap", email_box_host=host, email_box_port=int(port), email_box_user=user,
        email_box_pass=password, email_box_imap_folder="INBOX", email_box_interval=0,
    )  # fmt: skip
    call_command("get_email", quiet=True)
    print(
        "messages", FollowUp.objects.count(), "tickets", Ticket.objects.count(),
        "attachments", FollowUpAttachment.objects.count(),
    )  # fmt: skip
