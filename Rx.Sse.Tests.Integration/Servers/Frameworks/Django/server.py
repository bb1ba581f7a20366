# On Django's own server, which ends a stream by closing the connection.
import json
import os
import threading

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import StreamingHttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="none")

with open(os.environ["EVENTS"], encoding="utf-8") as lines:
    history = [json.loads(line) for line in lines]


def after(last_event_id):
    ids = [event["id"] for event in history]
    return history[ids.index(last_event_id) + 1:] if last_event_id else history


def stream(events):
    for event in events:
        data = "".join(f"data: {line}\n" for line in event["data"].split("\n"))
        yield f"id: {event['id']}\nevent: {event['type']}\n{data}\n"
    threading.Event().wait()


def endpoint(request):
    # WSGI decodes headers as Latin-1.
    last_event_id = request.headers.get("Last-Event-ID", "").encode("latin-1").decode()
    return StreamingHttpResponse(stream(after(last_event_id)), content_type="text/event-stream")


urlpatterns = [path("", endpoint)]
execute_from_command_line(["django", "runserver", "--noreload", f"127.0.0.1:{os.environ['PORT']}"])
